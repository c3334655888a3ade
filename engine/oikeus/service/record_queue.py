"""Decisions that wait to be recorded: so many at most, and those of a request together.

What happens when the queue is full is the owner's choice (`Full`). What is dropped
leaves a mark where it would have stood, so that who reads the records finds it there.

INVARIANT: a request is taken in whenever one decision would be. Else one with many
would never be, for as long as others come between.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from ..decide.dropped import Dropped
from .node import Decided, Together
from .problems import HttpError

CAPACITY = 10_000
"""How many decisions wait to be written, unless the owner says another number."""

Item = Decided | Together | Dropped
"""What stands in the queue; nothing of what was dropped waits for anything."""


class Full(StrEnum):
    """What becomes of a decision that cannot be recorded."""

    DROP = "drop"
    """It is answered, and counted as one without a record."""

    REFUSE = "refuse"
    """It is not answered: 503. No answer goes out that was not taken in."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of decisions, at one moment.

    Attributes:
        written: how many have a record.
        dropped: how many will never have one.
        waiting: how many are still to be written.
        failures: how many times writing failed.
        is_failing: whether it failed the last time.
    """

    written: int
    dropped: int
    waiting: int
    failures: int
    is_failing: bool = False


class RecordQueue:
    """What is to be written, and what became of what was.

    Decisions wait until they are said to be written, in the queue or out of it.

    Args:
        full: what becomes of a decision that has no room.
        capacity: with how many waiting the queue is full. Those of the last request
            that was taken in may be more.
    """

    def __init__(self, full: Full, capacity: int) -> None:
        self._refuses = full is Full.REFUSE
        self._capacity = capacity
        self._lock = threading.Lock()
        self._items: deque[Item] = deque()
        self._written = self._dropped = self._waiting = self._failures = 0
        self._is_failing = self._is_closed = False

    @property
    def counts(self) -> Counts:
        """What became of decisions so far."""
        with self._lock:
            return Counts(
                self._written,
                self._dropped,
                self._waiting,
                self._failures,
                self._is_failing,
            )

    @property
    def is_refusing(self) -> bool:
        """Whether a decision would be refused now."""
        with self._lock:
            return self._refuses and not self._has_room()

    def put(self, decisions: Sequence[Decided | Together], count: int) -> None:
        """Take in decisions, at least one: all of them, or none.

        Args:
            decisions: to be recorded in that order.
            count: how many there are.

        Raises:
            HttpError: 503, when there is no room and they may not be answered then, or
                when nothing will be written any more.
        """
        with self._lock:
            if self._has_room():
                self._items.extend(decisions)
                self._waiting += count
            elif self._refuses or self._is_closed:
                raise _refusal()
            else:
                self._mark(Dropped(count, decisions[0].time, decisions[-1].time))

    def take(self, most: int) -> Sequence[Item]:
        """Take out what makes so many lines at most; one thing, however many it makes.

        What is taken out is to be `written` or `dropped`.
        """
        taken: list[Item] = []
        with self._lock:
            while self._items and (not taken or lines_of(self._items[0]) <= most):
                taken.append(self._items.popleft())
                most -= lines_of(taken[-1])
        return taken

    def written(self, count: int) -> bool:
        """Say that writing worked, and for how many decisions.

        Returns:
            whether it had failed before.
        """
        with self._lock:
            was_failing, self._is_failing = self._is_failing, False
            self._written += count
            self._waiting -= count
        return was_failing

    def dropped(self, count: int) -> None:
        """Say that decisions that were taken out will have no record."""
        with self._lock:
            self._dropped += count
            self._waiting -= count

    def failed(self) -> bool:
        """Say that writing failed.

        Returns:
            whether it had failed before.
        """
        with self._lock:
            was_failing, self._is_failing = self._is_failing, True
            self._failures += 1
        return was_failing

    def close(self) -> None:
        """Take nothing in any more."""
        with self._lock:
            self._is_closed = True

    def _has_room(self) -> bool:
        is_stopped = self._is_closed or (self._refuses and self._is_failing)
        return not is_stopped and self._waiting < self._capacity

    def _mark(self, dropped: Dropped) -> None:
        self._dropped += dropped.count
        if self._items and isinstance(before := self._items[-1], Dropped):
            self._items[-1] = before.joined(dropped)
        else:
            self._items.append(dropped)


def lines_of(item: Item) -> int:
    """How many lines it makes."""
    return len(item) if isinstance(item, Together) else 1


def _refusal() -> HttpError:
    detail = "the decision cannot be recorded now, and is not given without a record"
    headers: dict[str, str] = {"Retry-After": "1"}
    return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
