"""An address is taken first, and heard when there is somebody to answer."""

import socket

import pytest

from oikeus import SettingsError
from oikeus.service.listening import bind, listen


def test_nothing_is_heard_before_it_listens() -> None:
    """Whoever asks earlier is refused, and does not wait."""
    with bind("127.0.0.1", 0) as bound:
        address = bound.getsockname()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)
        listen(bound)
        socket.create_connection(address).close()


def test_address_that_is_taken() -> None:
    """Before it is tried, or while others begin at the same time."""
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            listen(first)
            with pytest.raises(SettingsError) as late:
                listen(second)
        with pytest.raises(SettingsError) as taken:
            bind("127.0.0.1", port)
    assert str(late.value) == str(taken.value)
    assert str(taken.value) == (
        f"cannot listen on `127.0.0.1`, port {port}: address already in use, expected "
        "a port that no other service has (`--port`)"
    )


def test_address_of_another_machine() -> None:
    """No port would help."""
    with pytest.raises(SettingsError) as refused:
        bind("203.0.113.1", 0)
    begin = "cannot listen on `203.0.113.1`, port 0: "
    assert str(refused.value).startswith(begin)
    assert "expected" not in str(refused.value)
