"""Whether a process lives, and whether requests may be sent to it.

Anybody may ask, so that the answer names no id, no address and no policy. A process
lives while its event loop turns. It is ready when it has a version to decide by that it
may still decide by, and is not about to end.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..runtime import Freshness

_MEDIA_TYPE = "application/json"
_UNCACHED = {"Cache-Control": "no-store"}


class Readiness(msgspec.Struct, frozen=True):
    """The answer to whether requests may be sent here.

    Attributes:
        ready: whether they may.
        reason: in a word: `starting`, `draining`, `unrecorded`, or how it stands to its
            database.
        version: that is decided by; nothing before there is one.
        stale_seconds: for how long that has not been known to be the head.
    """

    ready: bool
    reason: str
    version: int | None = None
    stale_seconds: float | None = None


class Health:
    """What a process says of itself.

    Args:
        freshness: of what it decides by; it gives nothing before there is a version.
        is_unrecorded: whether it answers nothing because that cannot be recorded.
    """

    def __init__(
        self,
        freshness: Callable[[], Freshness | None],
        *,
        is_unrecorded: Callable[[], bool] = lambda: False,
    ) -> None:
        self._freshness = freshness
        self._is_unrecorded = is_unrecorded
        self.is_draining = False
        """Whether it is about to end, and wants no more requests."""
        self.is_foreign = False
        """Whether it has no version yet: the owner is to accept another history."""

    def readiness(self, now: float) -> Readiness:
        """Whether requests may be sent here.

        Args:
            now: of `time.monotonic`.
        """
        freshness = self._freshness()
        if freshness is None:
            reason = "foreign" if self.is_foreign else "starting"
            return Readiness(ready=False, reason=reason)
        ready, reason = freshness.is_ready(now), freshness.standing(now).value
        if self.is_draining:
            ready, reason = False, "draining"
        elif ready and self._is_unrecorded():
            # what records do not mend comes first
            ready, reason = False, "unrecorded"
        return Readiness(
            ready=ready,
            reason=reason,
            version=freshness.version,
            stale_seconds=round(freshness.age(now), 3),
        )

    def routes(self) -> list[Route]:
        """Where to ask; no token is needed."""
        return [
            Route("/health/live", self._live, methods=["GET"]),
            Route("/health/ready", self._ready, methods=["GET"]),
        ]

    async def _live(self, _: Request) -> Response:
        return Response(b'{"live":true}', media_type=_MEDIA_TYPE, headers=_UNCACHED)

    async def _ready(self, _: Request) -> Response:
        readiness = self.readiness(monotonic())
        status = HTTPStatus.OK if readiness.ready else HTTPStatus.SERVICE_UNAVAILABLE
        body = msgspec.json.encode(readiness)
        return Response(body, status.value, headers=_UNCACHED, media_type=_MEDIA_TYPE)
