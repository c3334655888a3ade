"""What the context of a question says besides the question: how it is to be answered.

Members that nobody knows are passed over: AuthZEN leaves the context to its users.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import UNSET, UnsetType

from ..terms import parse_day
from .freshness import MEMBER, wanted
from .questions import ATTRIBUTES, refused

DAY, EXPLAIN = "day", "explain"
"""The members that ask for another day than today, and for the whole explanation."""

ABOUT_ANSWERS = frozenset({MEMBER, EXPLAIN})
"""The members that change nothing of what is answered but when, and with what words."""

Context = dict[str, Any] | UnsetType


@dataclass(frozen=True, slots=True)
class Besides:
    """How a question is to be answered.

    Attributes:
        version: it is to be decided by this one at least.
        day: to be decided for; today where there is none.
        explains: whether the whole explanation is asked for.
        has_attributes: whether attributes are said by their names.
    """

    version: int = 0
    day: date | None = None
    explains: bool = False
    has_attributes: bool = False

    @property
    def tells_day(self) -> bool:
        """Whether the answer says which day it is for.

        So does one to attributes: a service that knows none of this would decide
        without them, and is told from this one.
        """
        return self.explains or self.has_attributes or self.day is not None


NOTHING = Besides()


def besides(context: Context) -> Besides:
    """Read what a context says.

    Raises:
        HttpError: 400, when a member of ours says what it cannot.
    """
    if context is UNSET or not context:
        return NOTHING
    return Besides(
        wanted(context), _day(context), _explains(context), ATTRIBUTES in context
    )


def _day(context: dict[str, Any]) -> date | None:
    said = context.get(DAY)
    if said is None:
        return None
    try:
        return parse_day(said)
    except (TypeError, ValueError):
        detail = f"context.{DAY} is no day, expected one such as 2026-03-01"
        raise refused(detail) from None


def _explains(context: dict[str, Any]) -> bool:
    said = context.get(EXPLAIN, False)
    if type(said) is not bool:
        detail = f"context.{EXPLAIN} is neither true nor false, expected one of them"
        raise refused(detail)
    return said
