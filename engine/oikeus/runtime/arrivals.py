"""Waiting for a version to be decided by: in a thread, or on an event loop."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class _Awaited:
    """A version that somebody on an event loop waits for."""

    number: int
    loop: asyncio.AbstractEventLoop
    arrived: asyncio.Future[None]

    def tell(self) -> None:
        # the loop may have ended meanwhile
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if not self.arrived.done():
            self.arrived.set_result(None)


class Arrivals:
    """Tells those who wait that a version has come, for as many threads as there are.

    Args:
        number: of the version that is there already.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._come = threading.Condition()
        self._awaited: list[_Awaited] = []

    @property
    def waiting(self) -> int:
        """How many wait on an event loop."""
        return len(self._awaited)

    def tell(self, number: int) -> None:
        """Tell of a version; those who wait for it, or for an earlier one, go on."""
        with self._come:
            self._number = number
            self._come.notify_all()
            for each in self._awaited:
                if each.number <= number:
                    each.tell()

    def wait(self, number: int, timeout: float) -> bool:
        """Wait in a thread; whether the version, or a later one, has come in time."""
        with self._come:
            return self._come.wait_for(lambda: self._number >= number, timeout)

    async def arrival(self, number: int, timeout: float) -> bool:  # noqa: ASYNC109 # as `wait` has it
        """Wait on the event loop that runs; see `wait`."""
        loop = asyncio.get_running_loop()
        awaited = _Awaited(number, loop, loop.create_future())
        with self._come:
            if self._number >= number:
                return True
            self._awaited.append(awaited)
        try:
            await asyncio.wait_for(awaited.arrived, timeout)
        except TimeoutError:
            return False
        finally:
            with self._come:
                self._awaited.remove(awaited)
        return True
