"""The threads for what takes long: searches, explanations of decisions, and acts.

There are few, and few may wait for them: what comes when all are taken is refused, so
that nobody waits for an answer that would come too late.
"""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TypeVar

from .problems import HttpError

Result = TypeVar("Result")

_BUSY = "too many searches and explanations are waiting, try again later"


class Threads:
    """Runs what would keep the event loop from its turn.

    Args:
        at_once: how many run.
        waiting: how many more may wait.
        name: what the threads are called.
        busy: what is said to whoever comes when all are taken.
    """

    def __init__(
        self,
        at_once: int,
        waiting: int,
        *,
        name: str = "oikeus-service",
        busy: str = _BUSY,
    ) -> None:
        self._pool = ThreadPoolExecutor(at_once, name)
        self._room = BoundedSemaphore(at_once + waiting)
        self._busy = busy

    def begin(self, work: Callable[[], Result]) -> Future[Result]:
        """Have some work done in a thread.

        Raises:
            HttpError: 503, when too much is waiting already.
        """
        if not self._room.acquire(blocking=False):
            headers = {"Retry-After": "1"}
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, self._busy, headers)
        begun = self._pool.submit(work)
        # counted until it is done: whoever asked may be gone before
        begun.add_done_callback(self._leave)
        return begun

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do some work in a thread, and wait for it.

        Raises:
            HttpError: 503, when too much is waiting already.
        """
        return await wrap_future(self.begin(work))

    def close(self) -> None:
        """Wait for what is under way; take no more."""
        self._pool.shutdown()

    def _leave(self, _: object) -> None:
        self._room.release()
