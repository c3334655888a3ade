"""Which hosts only this machine can reach."""

import pytest

from oikeus.hosts import is_loopback


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.2", "127.255.255.254", "::1", "localhost"]
)
def test_this_machine_alone_can_reach_it(host: str) -> None:
    """Whatever else is running here."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        *("0.0.0.0", "::", "", "*", "0", "10.0.0.1", "192.168.1.1", "fe80::1"),  # noqa: S104
        *("127.1", "0x7f.0.0.1", "2130706433", "127.0.0.1.", "128.0.0.1", "[::1]"),
        *("localhost.example", "localhost.", "oikeus.example", " 127.0.0.1"),
    ],
)
def test_other_machines_might_reach_it(host: str) -> None:
    """All addresses, others, names, and spellings that not everybody reads alike."""
    assert not is_loopback(host)
