"""Looks at a database over and over: as often as is told, and when it is woken.

A notification of the server wakes it, where there is one. That is a hint: what is
looked at is the head, and a hint that was lost costs no more than the time between two
looks. Those who wait for a version hurry it, but however many they are it looks for
them no more often than every 50 ms. After looks that failed it waits longer, each node
for another time, so that a server that comes back is not met by all at once.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from time import monotonic

from ..store import Store

_LONGEST = 5.0
"""How many seconds pass at most between two looks that fail, unless more are asked."""

_APART, _APART_FAILING = 0.05, 1.0
"""How many seconds pass at least between two looks for those who wait."""

_chance = random.SystemRandom()


class Follower:
    """A thread that looks.

    Args:
        store: the database; its notifications wake the thread.
        look: looks once, and says whether that went well. It never raises.
        every: how many seconds to wait between two looks.
    """

    def __init__(self, store: Store, look: Callable[[], bool], every: float) -> None:
        self._look = look
        self._every = every
        self._is_closed = False
        self._due = threading.Event()
        self._told = threading.Event()
        self._listener = store.listen(self.wake)
        self._thread = threading.Thread(target=self._run, name="oikeus", daemon=True)
        self._thread.start()

    @property
    def hears(self) -> bool:
        """Whether the database tells of new versions by itself at the moment."""
        return self._listener is not None and self._listener.hears

    def wake(self) -> None:
        """Look at once: there is something to be seen."""
        self._told.set()
        self._due.set()

    def hurry(self) -> None:
        """Look as soon as may be: somebody waits for what may not be there yet."""
        self._due.set()

    def close(self) -> None:
        """End the thread, after the look that it is in."""
        self._is_closed = True
        self.wake()
        if self._listener is not None:
            self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        failures, least = 0, 0.0
        while True:
            self._due.wait(pause(self._every, failures))
            self._told.wait(least - monotonic())
            self._told.clear()
            self._due.clear()
            if self._is_closed:
                return
            failures = 0 if self._look() else failures + 1
            apart = _APART_FAILING if failures else _APART
            least = monotonic() + min(self._every, apart)


def pause(every: float, failures: int, longest: float = _LONGEST) -> float:
    """How many seconds to wait, after so many failures one after another."""
    if not failures:
        return every
    longer = min(every * 2.0 ** min(failures, 32), max(every, longest))
    return longer * _chance.uniform(0.5, 1.0)


class Watch:
    """A thread that acts when a limit passes, also while something else is stuck.

    Args:
        left: how many seconds are left before the limit.
        act: what to do when none are; it is repeated while that stays so.
        step: how many seconds to wait between two repetitions.
    """

    def __init__(
        self, left: Callable[[float], float], act: Callable[[], None], step: float
    ) -> None:
        self._left, self._act, self._step = left, act, step
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="oikeus-limit", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            wait = self._left(monotonic())
            if wait <= 0:
                self._act()
                wait = self._step
