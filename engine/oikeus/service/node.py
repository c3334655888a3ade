"""What one process of the service decides with, and whom it tells of its decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ..administration.administration import Administration
from ..decide.decision_point import DecisionPoint
from ..terms import Grant, Line, PowerRequest, Request
from .callers import Authenticator, Caller


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that the service answered.

    Attributes:
        id: no other decision has it; the answer's context says it.
        time: when, with an offset.
        caller: who asked.
        request: the question.
        at: the day decided for.
        allowed: the answer.
        version: the version of the policy that decided.
        rule: the determining rule; none where no rule matched, or it was not asked.
        grant: the grant that the rule came through.
        seconds: how long it took to decide; nothing where many were decided at once.
    """

    id: str
    time: datetime
    caller: Caller
    request: Request | PowerRequest
    at: date
    allowed: bool
    version: int
    rule: Line | None = None
    grant: Grant | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Decisions on access that one request asked for, one after another in it.

    Going through them makes each: who needs only their number does not pay for that.

    Attributes:
        ids: how their ids begin; the number of each, in four digits to base 16, is
            the end.
        first: the number of the first one.
        time: when, with an offset.
        caller: who asked.
        at: the day decided for.
        version: the version of the policy that decided.
        asked: the subject, action, resource and organisation of each.
        allowed: the answers.
    """

    ids: str
    first: int
    time: datetime
    caller: Caller
    at: date
    version: int
    asked: Sequence[tuple[str, str, str, str]]
    allowed: Sequence[bool]

    def __len__(self) -> int:
        return len(self.allowed)

    def __iter__(self) -> Iterator[Decided]:
        """Each decision, in their order."""
        for number, allowed in enumerate(self.allowed):
            yield Decided(
                f"{self.ids}{self.first + number:04x}",
                self.time,
                self.caller,
                Request(*self.asked[number]),
                self.at,
                allowed,
                self.version,
            )


def each_of(told: Iterable[Decided | Together]) -> Iterator[Decided]:
    """Each decision of those that were told."""
    for each in told:
        if isinstance(each, Together):
            yield from each
        else:
            yield each


class Observer(Protocol):
    """Learns of each decision before it is answered: records and metrics."""

    def decided(self, decided: Decided) -> None:
        """Take a decision in. It is called on the event loop, and never waits."""

    def decided_together(self, together: Sequence[Decided | Together]) -> None:
        """Take in the decisions of one request: all of them, or none.

        Whoever can fail says how; to others, they are decisions one by one.
        """
        for each in each_of(together):
            self.decided(each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One process of the service.

    Attributes:
        point: decides, and follows the database.
        authenticator: says who asks.
        observer: is told of each decision.
        administration: acts on people's powers; nothing where that is not served.
    """

    point: DecisionPoint
    authenticator: Authenticator
    observer: Observer
    administration: Administration | None = None
