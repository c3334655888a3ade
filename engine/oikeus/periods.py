"""Who could do what in a period, from when until when, and by whose act.

At any instant the version in force then decides for that instant's day in Helsinki. One
version is loaded, that of the period's beginning; the log leads on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from .analysis.causes import (
    Cause,
    closed_by_day,
    closed_by_version,
    found_open,
    opened_by_day,
    opened_by_version,
)
from .analysis.course import Course, Question, Turn, WhatCan, WhoCan
from .analysis.stretches import Stretch, Stretches
from .decide.allowing import checked_day
from .errors import RequestError
from .forward import Forward
from .loading import opened
from .moments import begins, day_of, ends
from .store import Progress, Step, Store, Version
from .terms import check_parts, check_subject

_NEXT = timedelta(days=1)
_LAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Act:
    """What opened or closed an interval, and who did it.

    Attributes:
        text: what it was, in words.
        day: the day that did it by beginning, when a grant began or had ended; nothing
            where a version did.
        version: the version that did it. Where a day did, and where the interval was
            open when the period began: the one that had brought the grant. Nothing
            where the log does not tell.
    """

    text: str
    day: date | None
    version: Version | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A subject could do something all the time from an instant until another.

    Attributes:
        organisations: where, in the order of their ids.
        first: the instant at which it could first; the period's beginning at least.
        until: the first instant at which it could not; the period's end at most.
        opened: what made it so.
        closed: what ended it; nothing where it went on at the period's end.
    """

    subject: str
    action: str
    resource: str
    organisations: tuple[str, ...]
    first: datetime
    until: datetime
    opened: Act
    closed: Act | None


def who_could(  # noqa: PLR0913 # the parts of the question
    store: Store | str,
    action: str,
    resource: str,
    organisation: str,
    *,
    first: date,
    last: date,
    progress: Progress | None = None,
) -> tuple[Interval, ...]:
    """List who could do this here in a period, sorted by subjects and time.

    Args:
        store: the database, or its URL.
        action: what was to be done.
        resource: on what.
        organisation: where.
        first: the first day of the period.
        last: its last day; both in Europe/Helsinki, and inclusive.
        progress: shows how far the load has come.

    Raises:
        RequestError: a part that no request can have, or a period that is none.
        StoreError: the database cannot be read.
        ModelError: a model of the period cannot be used by this program.
        PolicyError: nor can its catalogue.
    """
    deed = check_parts(action=action, resource=resource, organisation=organisation)
    with opened(store) as log:
        return _Period(log, first, last, progress).intervals(WhoCan(*deed))


def what_could(  # noqa: PLR0913 # the parts of the question
    store: Store | str,
    subject: str,
    organisation: str | None = None,
    *,
    first: date,
    last: date,
    progress: Progress | None = None,
) -> tuple[Interval, ...]:
    """List what a subject could do in a period, at one organisation or anywhere.

    Args:
        store: the database, or its URL.
        subject: `person:ID` or `system:ID`.
        organisation: where; everywhere by default.
        first: the first day of the period.
        last: its last day; both in Europe/Helsinki, and inclusive.
        progress: shows how far the load has come.

    Raises:
        RequestError: a part that no request can have, or a period that is none.
        StoreError: the database cannot be read.
        ModelError: a model of the period cannot be used by this program.
        PolicyError: nor can its catalogue.
    """
    (subject,) = check_parts(subject=subject)
    check_subject("subject", subject)
    if organisation is not None:
        (organisation,) = check_parts(organisation=organisation)
    with opened(store) as log:
        asked = WhatCan(subject, organisation)
        return _Period(log, first, last, progress).intervals(asked)


class _Period:
    """Asks one question through a period."""

    def __init__(
        self, store: Store, first: date, last: date, progress: Progress | None
    ) -> None:
        self._first, self._last = checked_day(first), checked_day(last)
        if self._last < self._first:
            message = (
                f"the period ends on {self._last.isoformat()}, before it begins on "
                f"{self._first.isoformat()}, expected the first day first"
            )
            raise RequestError(message)
        self._begin, self._end = begins(self._first), ends(self._last)
        self._store = store
        self._forward = Forward(store, progress)
        self._found: Stretches[tuple[Cause, int]] = Stretches()

    def intervals(self, question: Question) -> tuple[Interval, ...]:
        """Go through the period, and put together what was found."""
        course = Course(question, self._first)
        known = self._store.version_at(self._begin)
        if known:
            self._begin_with(course, known)
        for step in self._steps(known, self._store.version_at(self._end - _LAST)):
            self._turn_until(course, step.time)
            self._take_in(course, step)
        self._turn_until(course, self._end - _LAST)
        return self._told()

    def _steps(self, known: int, last: int) -> Iterator[Step]:
        while known < last:
            for step in self._store.steps(known, last):
                yield step
                known = step.number

    def _begin_with(self, course: Course, known: int) -> None:
        self._forward.load(known)
        snapshot = self._forward.snapshot
        if snapshot is None:
            return
        for request in course.take_in(snapshot, self._first, None).opened:
            cause = found_open(snapshot, self._first, request)
            self._found.open(request, self._begin, (cause, known))

    def _turn_until(self, course: Course, instant: datetime) -> None:
        """Let the days begin that begin until an instant, and not after it."""
        while (day := course.next_day()) is not None and begins(day) <= instant:
            turn, snapshot, at = course.turn_to(day), course.snapshot, begins(day)
            assert snapshot is not None  # noqa: S101 # or there is no next day
            number, days = snapshot.version, (day - _NEXT, day)
            for request in turn.closed:
                cause = closed_by_day(snapshot, days, request)
                self._found.close(request, at, (cause, number))
            for request in turn.opened:
                cause = opened_by_day(snapshot, day, request)
                self._found.open(request, at, (cause, number))

    def _take_in(self, course: Course, step: Step) -> None:
        before = self._forward.snapshot
        touched, changed = self._forward.follow(step)
        after, day = self._forward.snapshot, day_of(step.time)
        if after is None:
            return
        turn: Turn = course.take_in(after, day, touched)
        for request in turn.closed:
            assert before is not None  # noqa: S101 # something was allowed
            cause = closed_by_version((before, after), day, request, changed)
            self._found.close(request, step.time, (cause, after.version))
        for request in turn.opened:
            cause = opened_by_version(after, day, request, changed)
            self._found.open(request, step.time, (cause, after.version))

    def _told(self) -> tuple[Interval, ...]:
        act = _acts(self._store, self._begin)
        places: dict[Interval, list[str]] = {}
        for found in self._found.every():
            interval = self._interval(found, act)
            places.setdefault(interval, []).append(found.request.organisation)
        whole = (
            replace(interval, organisations=tuple(sorted(organisations)))
            for interval, organisations in places.items()
        )
        return tuple(sorted(whole, key=_order))

    def _interval(
        self,
        found: Stretch[tuple[Cause, int]],
        act: Callable[[Cause, int, datetime], Act],
    ) -> Interval:
        """An interval that does not say yet where it was."""
        request, until = found.request, found.until
        return Interval(
            request.subject,
            request.action,
            request.resource,
            (),
            found.first,
            self._end if until is None else until,
            act(*found.opened, found.first),
            act(*found.closed, until) if found.closed and until else None,
        )


def _order(interval: Interval) -> tuple[str, datetime, str, str, tuple[str, ...]]:
    return (
        interval.subject,
        interval.first,
        interval.action,
        interval.resource,
        interval.organisations,
    )


def _acts(store: Store, begin: datetime) -> Callable[[Cause, int, datetime], Act]:
    """How causes become acts: each version, and each line's, is looked up once."""
    version = lru_cache(maxsize=None)(store.version)
    brought_by = lru_cache(maxsize=None)(store.brought_by)

    def act(cause: Cause, number: int, at: datetime) -> Act:
        if cause.day is None and at > begin:
            return Act(cause.text, None, version(number))
        found = None if cause.line is None else brought_by(cause.line, number)
        return Act(cause.text, cause.day, None if found is None else version(found))

    return act
