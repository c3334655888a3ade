"""What stands around the application: each request is counted, logged and traced.

A process that is about to end tells each caller to close its connection, so that the
next request goes to another process.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .health import Health
from .logs import log_access
from .metrics import Metrics
from .paths import QUESTIONS
from .telemetry import Span, Telemetry

UNROUTED: Final = "unrouted"
"""Stands for every path that nothing is served at."""

_UNTRACED = nullcontext()

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLOSE = (b"connection", b"close")
_FAILED = 500
_GONE = 499
"""Whoever asked was gone before they were answered; no such status is ever sent."""


class Watching:
    """The application, watched.

    Args:
        app: what answers.
        metrics: counts.
        health: says whether the process is about to end.
        telemetry: makes spans; nothing where none are made.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        health: Health,
        telemetry: Telemetry | None,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._health = health
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "other"
        begun = perf_counter()
        status = _GONE

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if self._health.is_draining:
                    message["headers"] = [*message.get("headers", ()), _CLOSE]
            await send(message)

        with self._span(method, scope) as span:
            try:
                await self._app(scope, receive, sending)
            except BaseException:
                # what did not answer by itself is answered by the server
                status = _FAILED if status == _GONE else status
                raise
            finally:
                route = route_of(scope)
                seconds = perf_counter() - begun
                self._metrics.responded(method, route, status, seconds)
                log_access(method, route, status, seconds, scope["headers"])
                if span is not None:
                    span.end(method, route, status)

    def _span(
        self, method: str, scope: Scope
    ) -> AbstractContextManager[Span] | AbstractContextManager[None]:
        if self._telemetry is None:
            return _UNTRACED
        return self._telemetry.request(method, scope["headers"])


def route_of(scope: Scope) -> str:
    """The template of the path that was asked, as the application's routes have it."""
    path = getattr(scope.get("route"), "path", None)
    if path is None:
        return scope["path"] if scope["path"] in QUESTIONS else UNROUTED
    mounted = str(scope.get("root_path", ""))
    above = str(scope.get("app_root_path", mounted))
    return f"{mounted.removeprefix(above)}{path}"
