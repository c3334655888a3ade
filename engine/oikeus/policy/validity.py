"""How long a grant lasts (ruling H): endings, and what a role has by default.

Both days of a grant are inclusive, so a period ends on the day before its anniversary.
An anniversary that the month does not have is counted all the same: a year from
2028-02-29 would come round on a 29 February 2029, so its last day is the 28th.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Self

from ..terms import parse_day

_PERIOD = re.compile(r"P([1-9][0-9]{0,3})([YMD])")
_MONTHS = {"Y": 12, "M": 1}
_FIRST_DAYS = tuple(date(2027, month, 1) for month in range(1, 13))
"""A year of first days on which to compare periods of days with months."""


def is_period(text: str) -> bool:
    """Whether a text is a period, such as P1Y."""
    return bool(_PERIOD.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Ending:
    """When a grant ends: after a period from its first day, or on a set day.

    Attributes:
        text: as it is written, `P1Y`, `P6M`, `P30D` or `2099-12-31`.
    """

    text: str

    def __post_init__(self) -> None:
        if not self.is_period:
            try:
                parse_day(self.text)
            except ValueError as error:
                message = f"{error}; a period such as P1Y, P6M or P30D will do as well"
                raise ValueError(message) from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a period or a day.

        Raises:
            ValueError: a text that is neither.
        """
        return cls(text)

    @property
    def is_period(self) -> bool:
        """Whether it is counted from the first day, and is no set day."""
        return is_period(self.text)

    def last_day(self, first: date) -> date:
        """Return the last day of a grant that begins on the first.

        A set day is returned as it is, also where it lies before the first. What runs
        past the calendar ends with it.

        >>> Ending("P1Y").last_day(date(2026, 3, 1)).isoformat()
        '2027-02-28'
        """
        period = _PERIOD.fullmatch(self.text)
        if period is None:
            return parse_day(self.text)
        amount, unit = int(period[1]), period[2]
        if unit == "D":
            last = first.toordinal() + amount - 1
            return date.fromordinal(min(last, date.max.toordinal()))
        return _before_anniversary(first, amount * _MONTHS[unit])

    def exceeds(self, other: Ending) -> bool:
        """Say whether this ends later than the other, whatever the first day.

        A period and a set day cannot be compared, and neither exceeds the other.
        """
        if self.is_period != other.is_period:
            return False
        return all(self.last_day(day) > other.last_day(day) for day in _FIRST_DAYS)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a delegated grant of a role lasts.

    Attributes:
        default: its ending where the granter names none.
        longest: the last ending that a granter may name.
    """

    default: Ending
    longest: Ending


def _before_anniversary(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    year, month, day = first.year + years, month + 1, first.day - 1
    if day == 0:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    if year > MAXYEAR:
        return date.max
    length = monthrange(year, month)[1]
    return date(year, month, min(day, length) if day else length)
