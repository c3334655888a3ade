"""The threads for what takes long: searches, and explanations of decisions.

There are few, and few may wait for them: what comes when all are taken is refused, so
that nobody waits for an answer that would come too late.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TypeVar

from .problems import HttpError

Result = TypeVar("Result")


class Threads:
    """Runs what would keep the event loop from its turn.

    Args:
        at_once: how many run.
        waiting: how many more may wait.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._most = at_once + waiting
        self._taken = 0
        self._pool = ThreadPoolExecutor(at_once, "oikeus-service")

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do some work in a thread, and wait for it.

        Raises:
            HttpError: 503, when too much is waiting already.
        """
        if self._taken >= self._most:
            detail = "too many searches and explanations are waiting, try again later"
            headers = {"Retry-After": "1"}
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
        self._taken += 1
        future = get_running_loop().run_in_executor(self._pool, work)
        # counted until it is done: whoever asked may be gone before
        future.add_done_callback(self._done)
        return await future

    def _done(self, _: object) -> None:
        self._taken -= 1
