"""Acts in threads: the event loop never waits for a database, and nor do others.

INVARIANT: an act that has begun is not broken off. Whoever waits for its answer is told
when that takes too long, and that it may be done all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from ...decide.decision_point import DecisionPoint
from ...errors import OikeusError
from ...runtime import LivePoint
from ..problems import Consequence, HttpError
from ..threads import Result, Threads

_BUSY = "too much is under way, expected to be asked again; nothing was done"
_LATE = (
    "no answer yet: it may have been done or may be done still, expected a look at the "
    "list of what it was to change before it is sent again"
)
_AGAIN = {"Retry-After": "1"}


class Acts:
    """Threads for so many acts at once, and room for so many that wait.

    Args:
        threads: how many acts at once.
        waiting: how many may wait for a thread.
        patience: after how many seconds an answer is given in any case.
    """

    def __init__(
        self, *, threads: int = 4, waiting: int = 64, patience: float = 35.0
    ) -> None:
        self._threads = Threads(threads, waiting, name="oikeus-act", busy=_BUSY)
        self._patience = patience

    async def do(self, act: Callable[[], Result]) -> Result:
        """Do it in a thread.

        Raises:
            HttpError: 503, when too many wait or it did not begin in time; 504, when it
                began and is not done.
        """
        begun = self._threads.begin(act)
        answer = asyncio.wrap_future(begun)
        # what comes too late for an answer is nobody's to look at
        answer.add_done_callback(_looked_at)
        await asyncio.wait({answer}, timeout=self._patience)
        if answer.done():
            return answer.result()
        if begun.cancel():
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY, _AGAIN)
        raise HttpError(HTTPStatus.GATEWAY_TIMEOUT, _LATE, done=Consequence.UNKNOWN)

    def close(self) -> None:
        """Wait for what is under way; take no more."""
        self._threads.close()


def _looked_at(answer: asyncio.Future[Result]) -> None:
    if not answer.cancelled():
        answer.exception()


def look(point: DecisionPoint) -> None:
    """Let a point that follows a database take in what is in force.

    Raises:
        OtherHistoryError: the database was restored, and nobody accepted that.
        StoreError: it cannot be read.
    """
    if isinstance(point, LivePoint):
        point.refresh()


def take_in(point: DecisionPoint) -> None:
    """Let a point that follows a database take in what was done, if it can."""
    # the act is done, and must not look as if it had failed: the point follows
    with suppress(OikeusError):
        look(point)
