"""An answer that is there in time, however many pieces it comes in."""

import socket
from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from oikeus.remote.patient import _Pieces


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection, whose patience is ten seconds."""
    near, far = socket.socketpair()
    near.settimeout(10)
    with near, far:
        yield near, far


def test_time_is_that_of_all_pieces(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it is over nothing is read, although there is something."""
    near, far = ends
    far.sendall(b"abc")
    clock = chain([100.0, 105.0, 109.0], repeat(110.0))
    monkeypatch.setattr("oikeus.remote.patient.monotonic", lambda: next(clock))
    pieces = _Pieces(near)
    assert (pieces.read(1), near.gettimeout()) == (b"a", 10)
    assert pieces.read(1) == b"b"
    with pytest.raises(TimeoutError):
        pieces.read(1)
    assert near.gettimeout() == 10
    pieces.close()
