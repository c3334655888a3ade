"""From when until when: openings and closings, gathered into stretches of time.

What opens and closes at the same instant was never there; what closes and opens again
at the same instant was never gone: at any instant one version and one day decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from ..terms import Request

Reason = TypeVar("Reason")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Reason]):
    """A request was allowed all the time from an instant until another.

    Attributes:
        until: the first instant at which it was not; nothing while it goes on.
        closed: why it ended; nothing while it goes on.
    """

    request: Request
    first: datetime
    opened: Reason
    until: datetime | None = None
    closed: Reason | None = None


class Stretches(Generic[Reason]):
    """Openings and closings as they come, in the order of time."""

    def __init__(self) -> None:
        self._open: dict[Request, Stretch[Reason]] = {}
        self._closed: dict[Request, list[Stretch[Reason]]] = {}

    def open(self, request: Request, at: datetime, why: Reason) -> None:
        """It is allowed from now on."""
        before = self._closed.get(request)
        if before and before[-1].until == at:
            self._open[request] = replace(before.pop(), until=None, closed=None)
        else:
            self._open[request] = Stretch(request, at, why)

    def close(self, request: Request, at: datetime, why: Reason) -> None:
        """It is not allowed from now on."""
        ended = self._open.pop(request)
        if ended.first != at:
            ended = replace(ended, until=at, closed=why)
            self._closed.setdefault(request, []).append(ended)

    def every(self) -> Iterator[Stretch[Reason]]:
        """All there are, those that go on among them, in no particular order."""
        for found in self._closed.values():
            yield from found
        yield from self._open.values()
