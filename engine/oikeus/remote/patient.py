"""Connections whose answer is there in time, however it comes (urllib3).

urllib3 waits as long as it is told for each piece; one that sends a byte now and then
would outlast any patience. Here the time is that of the whole answer, head and body.
"""

from __future__ import annotations

import io
import socket
from http.client import HTTPResponse
from time import monotonic
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError


class _Pieces(io.RawIOBase):
    """What comes on a connection, until its time is over.

    INVARIANT: the connection's own patience is what it was, after every piece.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._raw = connected.makefile("rb", buffering=0)
        self._patience = connected.gettimeout() or 0.0
        self._ends = monotonic() + self._patience

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 # as its base has it
        """Read what has come, or wait for it as long as there is time.

        Raises:
            TimeoutError: there is none left.
        """
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        try:
            return self._raw.readinto(buffer)
        finally:
            self._socket.settimeout(self._patience)

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()
        super().close()


class _Timely:
    """A connection, as far as an answer asks for it: to be read."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def makefile(self, _: str) -> io.BufferedReader:
        """What can be read of it."""
        return io.BufferedReader(_Pieces(self._socket))


class _Response(HTTPResponse):
    """An answer that is there in time."""

    def __init__(self, sock: socket.socket, *more: Any, **named: Any) -> None:  # noqa: ANN401 # as its base has it
        timely: Any = _Timely(sock)
        super().__init__(timely, *more, **named)


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response

    def connect(self) -> None:
        """Connect, TLS and all.

        Raises:
            ConnectTimeoutError: one of both takes too long.
        """
        try:
            super().connect()
        except TimeoutError as error:
            text = "the other end does not go on with TLS"
            raise ConnectTimeoutError(self, text) from error


class PatientPool(HTTPConnectionPool):
    """Connections without TLS."""

    ConnectionCls = _Connection


class SecurePatientPool(HTTPSConnectionPool):
    """Connections with TLS."""

    ConnectionCls = _SecureConnection
