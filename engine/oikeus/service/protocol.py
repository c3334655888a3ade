"""HTTP/1.1 as uvicorn speaks it, with an end to its patience.

Uvicorn waits for as long as a client takes to send a request or to read an answer, and
takes a head of any length. Here each has its bound, and who passes it is refused: the
connection is closed.

INVARIANT: nothing is written between an answer and the request that it is for, and what
follows a body (trailers) is no header of its request. A body is never read as another
request, whatever its head asks for: a proxy would give the answer to somebody else.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from httptools import HttpRequestParser
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from .loops import PatientLoop
from .problems import HttpError, problem_response

LONGEST_HEAD = 65_536
"""How many bytes the first line and the headers of a request may have."""

_SURPLUS_WAITS = 1.0
"""For how many seconds at most one connection too many is kept for its 503."""


_SURPLUS = HttpError(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "there are more connections than this process takes, try again later",
    {"Retry-After": "1", "Connection": "close"},
)


class HeadTooLongError(Exception):
    """Stops the parser."""


class PatientConfig(Config):
    """What a server of such connections is told; it goes to other processes as it is.

    Args:
        app: the application, or what makes it.
        receiving: within how many seconds a request must have come.
        connections: how many there may be at once. Others are told 503; of twice as
            many, and more, nothing is heard.
        settings: uvicorn's own.
    """

    def __init__(
        self,
        app: Any,  # noqa: ANN401 # as uvicorn has it
        *,
        receiving: float,
        connections: int,
        **settings: Any,  # noqa: ANN401 # as uvicorn has them
    ) -> None:
        super().__init__(app, http=PatientProtocol, ws="none", **settings)
        self.receiving = receiving
        self.connections = connections

    def get_loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """What makes the loop of a process; whatever else is asked for."""
        return partial(PatientLoop, self.receiving)


class PatientProtocol(HttpToolsProtocol):
    """One connection."""

    config: PatientConfig

    def __init__(
        self,
        config: PatientConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._late: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._patience = config.receiving
        self._has_begun = self._in_head = self._in_body = self._is_refused = False
        self._head = self._coming = self._steps = 0
        self._flaw = HTTPStatus.BAD_REQUEST
        self._data: bytes | None = None

    def connection_made(  # type: ignore[override] # as uvicorn has it
        self, transport: asyncio.Transport
    ) -> None:
        """Begin to wait for the first request, if there is room for one more."""
        super().connection_made(transport)
        there, most = len(self.connections), self.config.connections
        if there > 2 * most:
            transport.abort()
            return
        if there > most:
            self.app = problem_response(_SURPLUS)
            self._patience = min(self._patience, _SURPLUS_WAITS)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._settle()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in more of a request."""
        if self._is_refused:
            return
        was_in_head, steps = self._in_head, self._steps
        again: bytes | None = data
        while again is not None:
            self._data, self._coming = again, len(again)
            super().data_received(again)
            again = None if self._data is again else self._data
        self._data = None
        if self.transport.is_closing():
            return
        if not self._has_begun:
            self._wait_after_blanks()
        elif was_in_head is self._in_head and steps == self._steps:
            # nothing but more of a head; or of trailers, or of what else is no body
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            # other things have come with it: what is long is found at the end of it
            self._head = 0

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a request."""
        super().on_message_begin()
        self._has_begun = self._in_head = True
        self._steps += 1
        self._head = 0
        self._settle()
        self._wait()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after a body is passed over."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Go on to the body.

        Raises:
            HeadTooLongError: all of it came, and is too long.
        """
        if self._head + self._coming > LONGEST_HEAD and self._length() > LONGEST_HEAD:
            self._flaw = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise HeadTooLongError
        if self.parser.should_upgrade():
            return  # it is read again as a plain one
        self._in_head, self._in_body = False, True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take in more of the body."""
        self._steps += 1
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop waiting: the request is in."""
        if self.parser.should_upgrade():
            return
        self._has_begun = self._in_body = False
        self._settle()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request."""
        del msg
        self._refuse(self._flaw)

    def pause_writing(self) -> None:
        """Begin to wait until the client has read what it was sent."""
        super().pause_writing()
        abort = self.transport.abort
        self._unread = self.loop.call_later(self.timeout_keep_alive, abort)

    def resume_writing(self) -> None:
        """Stop waiting: it reads."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def _unsupported_upgrade_warning(self) -> None:
        """Read the request again without its wish: it is answered in this protocol.

        The parser has taken what follows the head for another protocol, and would read
        it as the next request. Clients of Java wish for HTTP/2 with each request.
        """
        upgrade = sys.exc_info()[1]
        assert upgrade is not None  # noqa: S101 # it is called where that is handled
        assert self._data is not None  # noqa: S101 # likewise
        headers = [header for header in self.headers if header[0] != b"upgrade"]
        method, version = self.parser.get_method(), self.parser.get_http_version()
        if headers == self.headers or method == b"CONNECT":
            # it is no wish: another protocol is all that this can be
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        lines = [
            b"%b %b HTTP/%b" % (method, self.url, version.encode()),
            *(b"%b: %b" % header for header in headers),
        ]
        rest = self._data[upgrade.args[0] :]
        self._data = b"\r\n".join([*lines, b"", rest])
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def _length(self) -> int:
        """How long the head is at least."""
        return len(self.url) + sum(
            len(name) + len(value) + 4 for name, value in self.headers
        )

    def _wait(self) -> None:
        self._late = self.loop.call_later(
            self._patience, self._refuse, HTTPStatus.REQUEST_TIMEOUT
        )

    def _wait_after_blanks(self) -> None:
        """Wait for a request before which only blank lines came.

        They have ended uvicorn's own waiting, and none of ours has begun.
        """
        cycle: RequestResponseCycle | None = self.cycle
        idle = cycle is not None and cycle.response_complete
        if idle and self._late is None and self.timeout_keep_alive_task is None:
            self._wait()

    def _settle(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Close, and say why if that can be taken for nothing else."""
        self._settle()
        self._is_refused = True
        asked = self._has_begun or status is not HTTPStatus.REQUEST_TIMEOUT
        if asked and self._is_next():
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            rest = "content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write((head + rest).encode())
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            # who is at work on an answer has nobody left to give it to
            cycle.disconnected = True
        self.transport.close()

    def _is_next(self) -> bool:
        """Whether an answer now is one to the request that is coming in."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or self.pipeline:
            return cycle is None
        if self._in_body:
            return not cycle.response_started
        return cycle.response_complete
