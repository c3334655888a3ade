"""Where a service listens: the address is taken first, and heard when all is there.

INVARIANT: nothing is heard at an address before there is somebody to answer: whoever
asks earlier is refused by the system, and does not wait.
"""

from __future__ import annotations

import socket
from errno import EADDRINUSE

from ..errors import SettingsError

WAITING = 1024
"""How many connections may wait to be accepted."""


def bind(host: str, port: int) -> socket.socket:
    """Take an address; nothing is heard there yet.

    Raises:
        SettingsError: it is none of this machine, or is taken.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise _taken(host, port, error) from error
    return bound


def listen(bound: socket.socket) -> None:
    """Hear what comes to an address.

    Raises:
        SettingsError: somebody else has come first.
    """
    try:
        bound.listen(WAITING)
    except OSError as error:
        host, port = bound.getsockname()[:2]
        raise _taken(host, port, error) from error


def _taken(host: str, port: int, error: OSError) -> SettingsError:
    reason = (error.strerror or "for an unknown reason").lower()
    if error.errno == EADDRINUSE:
        reason += ", expected a port that no other service has (`--port`)"
    return SettingsError(f"cannot listen on `{host}`, port {port}: {reason}")
