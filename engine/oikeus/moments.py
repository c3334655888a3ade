"""Moments: what was known when. A version, a day's end, or an instant.

What was known at a moment is the last version whose time is not after it. The days of
people are those of Europe/Helsinki; instants are kept with their offset, and the log
writes them in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from .errors import RequestError
from .terms import parse_day

FINLAND: Final = ZoneInfo("Europe/Helsinki")

Moment: TypeAlias = int | date | datetime
"""The number of a version; a day, which means its end in Helsinki; an instant."""

_EXPECTED = (
    "expected a version such as 7, a day such as 2026-03-01, or an instant with its "
    "offset such as 2026-03-01T09:30:00+02:00 or 2026-03-01T07:30:00Z"
)
_NUMBER = re.compile(r"[0-9]{1,10}")
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_LAST: Final = timedelta(microseconds=1)
"""What lies between two instants that the log can tell apart."""


def time_text(instant: datetime) -> str:
    """An instant as the log writes it, and records of decisions."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='microseconds')}Z"


def parse_moment(text: str) -> Moment:
    """Read a moment.

    >>> parse_moment("7")
    7
    >>> parse_moment("2026-03-01")
    datetime.date(2026, 3, 1)

    Raises:
        ValueError: none of the three forms, or an instant without an offset.
    """
    if _NUMBER.fullmatch(text):
        return int(text)
    written = _INSTANT.fullmatch(text)
    if written is None:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return parse_day(text)
        message = f"`{text}` is no moment, {_EXPECTED}"
        raise ValueError(message)
    if written[1] is None:
        message = f"`{text}` has no offset, {_EXPECTED}"
        raise ValueError(message)
    try:
        instant = datetime.fromisoformat(text)
        in_utc(instant)
    except (ValueError, RequestError) as error:
        message = f"`{text}` is no instant of the calendar, {_EXPECTED}"
        raise ValueError(message) from error
    return instant


def instant_of(moment: object) -> datetime:
    """The instant that a day or an instant means, in UTC.

    Raises:
        RequestError: an instant without an offset, or what is neither.
    """
    if isinstance(moment, datetime):
        return in_utc(moment)
    if not isinstance(moment, date):
        message = f"the moment is {moment!a}, {_EXPECTED}"
        raise RequestError(message)
    return datetime.combine(moment, time.max, FINLAND).astimezone(UTC)


def in_utc(instant: datetime) -> datetime:
    """An instant as the log has it.

    Raises:
        RequestError: it has no offset, or its day is none of the calendar in UTC.
    """
    if instant.utcoffset() is None:
        message = f"the instant {instant.isoformat()} has no offset, {_EXPECTED}"
        raise RequestError(message)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        message = f"the instant {instant.isoformat()} is none of the calendar in UTC"
        raise RequestError(message) from None


def day_of(instant: datetime) -> date:
    """The day of an instant in Europe/Helsinki; the calendar's last one at its end."""
    try:
        return instant.astimezone(FINLAND).date()
    except OverflowError:
        return date.max


def begins(day: date) -> datetime:
    """When a day begins in Europe/Helsinki, in UTC.

    Days there have 23 or 25 hours when the clocks are changed.

    >>> begins(date(2026, 3, 30)) - begins(date(2026, 3, 29))
    datetime.timedelta(seconds=82800)
    """
    try:
        return datetime.combine(day, time.min, FINLAND).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def ends(day: date) -> datetime:
    """When a day ends in Europe/Helsinki, in UTC: where the next one begins."""
    return instant_of(day) + _LAST
