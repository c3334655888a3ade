"""Who could something in the course of time, asked only when it can have changed.

An answer changes when a version comes or a day begins. Left out is only what is
certain, for a matcher that answers alike all who hold the same (`matcher/likeness.py`)
and asks of the day only which grants cover it (`matcher/timeless.py`). Then an answer
depends on what is shared by all (model, rules, tree, levels, kinds, links) and on the
grants of the subject that cover the day. So

- a version that changes nothing but grants can change the answers to their subjects,
  and to nobody else; after any other, everybody is asked again;
- a day can change the answers to those of whom a grant begins on it, or ended on the
  day before; between two such days nothing changes.

Of any other matcher everybody is asked at every version and on every day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import Protocol

from ..decide.matcher.likeness import likeness
from ..decide.matcher.timeless import is_timeless
from ..decide.reverse import people, what_can
from ..decide.snapshot import Snapshot
from ..ids import is_id
from ..terms import Request, kind_of

_DAY = timedelta(days=1)


class Question(Protocol):
    """What is asked, of some subjects or of one."""

    def subjects(self, snapshot: Snapshot) -> Collection[str]:
        """All who could be allowed it at a version."""

    def concerned(self, subjects: Iterable[str]) -> Collection[str]:
        """Those of these subjects whom the question is about."""

    def allowed(
        self, snapshot: Snapshot, day: date, among: Iterable[str]
    ) -> Iterator[Request]:
        """What is allowed to these subjects on a day."""


@dataclass(frozen=True, slots=True)
class WhoCan:
    """Who may do something at one organisation?"""

    action: str
    resource: str
    organisation: str

    def subjects(self, snapshot: Snapshot) -> Collection[str]:
        """All with a grant that reaches the organisation, as a rule."""
        return people(snapshot, "m", self.organisation)

    def concerned(self, subjects: Iterable[str]) -> Collection[str]:
        """All of them."""
        return frozenset(subjects)

    def allowed(
        self, snapshot: Snapshot, day: date, among: Iterable[str]
    ) -> Iterator[Request]:
        """The request of each who may do it."""
        decide, ordinal = snapshot.decide, day.toordinal()
        deed = self.action, self.resource, self.organisation
        for subject in among:
            if _can_be_asked(snapshot, subject) and decide(subject, *deed, ordinal):
                yield Request(subject, *deed)


@dataclass(frozen=True, slots=True)
class WhatCan:
    """What may a subject do, at one organisation or anywhere?"""

    subject: str
    organisation: str | None

    def subjects(self, snapshot: Snapshot) -> Collection[str]:
        """The one."""
        del snapshot
        return (self.subject,)

    def concerned(self, subjects: Iterable[str]) -> Collection[str]:
        """The one, if it is among them."""
        return (self.subject,) if self.subject in {*subjects} else ()

    def allowed(
        self, snapshot: Snapshot, day: date, among: Iterable[str]
    ) -> Iterator[Request]:
        """A request for each action, resource and organisation."""
        for subject in among:
            if _can_be_asked(snapshot, subject):
                for found in what_can(snapshot, subject, self.organisation, day):
                    for place in found.organisations:
                        yield Request(subject, found.action, found.resource, place)


def _can_be_asked(snapshot: Snapshot, subject: str) -> bool:
    return kind_of(subject) in snapshot.kinds and is_id(subject)


@dataclass(frozen=True, slots=True)
class Turn:
    """What is allowed now and was not, and what was and is not."""

    opened: tuple[Request, ...] = ()
    closed: tuple[Request, ...] = ()


class Course:
    """The answers as they go through versions and days.

    Attributes:
        day: the day of the last answers.
        snapshot: the version of the last answers; nothing before there was a policy.
    """

    def __init__(self, question: Question, day: date) -> None:
        self.day = day
        self.snapshot: Snapshot | None = None
        self._question = question
        self._allowed: dict[str, frozenset[Request]] = {}
        self._selective = False
        # whose grants begin or have ended on which day, by its ordinal
        self._turning: dict[int, set[str]] = {}
        self._queue: list[int] = []

    def next_day(self) -> date | None:
        """The next day on which an answer can change, at this version."""
        today = self.day.toordinal()
        if self.snapshot is None or self.day == date.max:
            return None
        if not self._selective:
            return self.day + _DAY
        while self._queue and self._queue[0] <= today:
            self._turning.pop(heappop(self._queue))
        return date.fromordinal(self._queue[0]) if self._queue else None

    def turn_to(self, day: date) -> Turn:
        """Take in that this day has begun, the one that `next_day` says."""
        assert self.snapshot is not None  # noqa: S101 # or there is no next day
        self.day = day
        touched: Collection[str] | None = None
        if self._selective:
            touched = self._turning[day.toordinal()]
        return self._ask(self.snapshot, touched)

    def take_in(
        self, snapshot: Snapshot, day: date, touched: Iterable[str] | None
    ) -> Turn:
        """Take in a version that has come on a day.

        Args:
            snapshot: the version.
            day: not before the next one that `next_day` said.
            touched: those who hold something else now, where nothing else is changed.
        """
        is_first = self.snapshot is None
        self.snapshot, self.day = snapshot, day
        plan = snapshot.evaluator.matchers["m"].plan
        self._selective = likeness(plan) is not None and is_timeless(plan)
        if touched is None or is_first or not self._selective:
            self._turning, self._queue = {}, []
            self._await(self._question.subjects(snapshot))
            return self._ask(snapshot, None)
        concerned = self._question.concerned(touched)
        self._await(concerned)
        return self._ask(snapshot, concerned)

    def _await(self, subjects: Iterable[str]) -> None:
        """Note the days on which grants of these subjects begin or have ended."""
        if not self._selective or self.snapshot is None:
            return
        today = self.day.toordinal()
        for subject in subjects:
            for _, _, first, last, _ in self.snapshot.facts.held(subject):
                for day in (first, last + 1):
                    if today < day <= date.max.toordinal():
                        if day not in self._turning:
                            self._turning[day] = set()
                            heappush(self._queue, day)
                        self._turning[day].add(subject)

    def _ask(self, snapshot: Snapshot, subjects: Collection[str] | None) -> Turn:
        """Ask these subjects, or everybody, and tell what is otherwise."""
        before = self._allowed
        if subjects is None:
            asked = {*self._question.subjects(snapshot), *before}
        else:
            asked = {*subjects}
        found: dict[str, list[Request]] = {}
        for request in self._question.allowed(snapshot, self.day, sorted(asked)):
            found.setdefault(request.subject, []).append(request)
        opened: list[Request] = []
        closed: list[Request] = []
        for subject in asked:
            old = before.get(subject, frozenset())
            new = frozenset(found.get(subject, ()))
            opened += new - old
            closed += old - new
            if new:
                before[subject] = new
            else:
                before.pop(subject, None)
        return Turn(tuple(opened), tuple(closed))
