"""HTTP/1.1 as uvicorn speaks it, with an end to its patience.

Uvicorn waits for as long as a client takes to send a request, and takes a head of any
length. Here a request that is not in within some seconds is refused, and so is a head
that is too long; the connection is closed.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

LONGEST_HEAD = 65_536
"""How many bytes the first line and the headers of a request may have."""


class PatientProtocol(HttpToolsProtocol):
    """One connection.

    Attributes:
        receiving: within how many seconds a request must have come.
    """

    receiving = 10.0

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._late: asyncio.TimerHandle | None = None
        self._has_begun = self._in_head = False
        self._head = 0

    def connection_made(  # type: ignore[override] # as uvicorn has it
        self, transport: asyncio.Transport
    ) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._settle()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in more of a request."""
        was_in_head = self._in_head
        super().data_received(data)
        # with what a head begins in, other things may have come
        if was_in_head and self._in_head:
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a request."""
        super().on_message_begin()
        self._has_begun = self._in_head = True
        self._head = 0
        self._settle()
        self._wait()

    def on_headers_complete(self) -> None:
        """Go on to the body."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop waiting: the request is in."""
        self._has_begun = False
        self._settle()
        super().on_message_complete()

    def _wait(self) -> None:
        self._late = self.loop.call_later(
            self.receiving, self._refuse, HTTPStatus.REQUEST_TIMEOUT
        )

    def _settle(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Close, and say why where no answer has begun and one is waited for."""
        self._settle()
        cycle: RequestResponseCycle | None = self.cycle
        between = cycle is None or cycle.response_complete or not cycle.response_started
        if self._has_begun and between:
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            rest = "content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write((head + rest).encode())
        self.transport.close()
