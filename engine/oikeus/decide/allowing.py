"""`allows`: the one question that a service asks thousands of times a second.

It is a function made for the loaded model. Whatever version is current, it reads that
version's tables in one step, so that an answer never comes from half of two versions;
a function that somebody has kept goes on answering by the current version.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from datetime import time as clock
from time import time
from types import FunctionType
from typing import Final, Protocol

from ..errors import RequestError
from ..moments import FINLAND
from .matcher.deciding import bind
from .snapshot import Snapshot

_MIDNIGHT: Final = clock(0)


class Allows(Protocol):
    """`DecisionPoint.allows` as a function: it decides by the current version."""

    def __call__(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
    ) -> bool:
        """Decide for a day, or for today in Europe/Helsinki."""


def today_in_finland() -> date:
    """The day on which a question without a day is decided: Europe/Helsinki's."""
    return datetime.now(FINLAND).date()


class Allowing:
    """Keeps `allows` at the current version.

    Attributes:
        snapshot: the current version.
        allows: the function; it changes only with the form of the model.
    """

    snapshot: Snapshot
    allows: Allows

    def __init__(self, snapshot: Snapshot, today: Callable[[], date]) -> None:
        self._today = today
        self._code: FunctionType | None = None
        self._guard: Callable[[], None] | None = None
        self._seen: dict[str, object] = {"looked_up": (self._miss,)}
        self.publish(snapshot)

    def publish(self, snapshot: Snapshot) -> None:
        """Make a version the current one; a question is answered by it or by the last.

        Only one thread may publish at a time.
        """
        access = snapshot.access
        self.snapshot = snapshot
        self._guard = None
        if access.code is self._code:
            self._seen["looked_up"] = access.looked_up
            return
        self._retire()
        self._seen = access.seen() | {
            "looked_up": access.looked_up,
            "page": (0, 0.0, 0.0),
            "time": time,
            "turn_page": self._turn_page,
            "ordinal": ordinal,
        }
        self._code, self.allows = access.code, bind(access.code, self._seen)

    def hold(self, guard: Callable[[], None]) -> None:
        """Ask this before each question, which raises, until a version is published.

        Only one thread may hold or publish at a time.
        """
        self._guard = guard
        self._retire()

    def _retire(self) -> None:
        """Let a function of another form find nothing, so that it asks `_miss`."""
        looked_up = self._seen["looked_up"]
        assert isinstance(looked_up, tuple)  # noqa: S101 # as it was published
        nothing: dict[str, object] = {}
        self._seen["looked_up"] = (*(nothing for _ in looked_up[1:]), self._miss)

    def _miss(
        self, subject: str, action: str, resource: str, organisation: str, day: int
    ) -> bool:
        guard = self._guard
        if guard is not None:
            guard()
        decide = self.snapshot.decide
        return decide(subject, action, resource, organisation, day)

    def today(self) -> date:
        """The day on which a question without a day is decided."""
        return checked_day(self._today())

    def _turn_page(self) -> int:
        """Look at the calendar; Finland's day is known to last until its midnight."""
        day = self.today()
        if self._today is today_in_finland:
            begins, ends = (
                datetime.combine(midnight, _MIDNIGHT, FINLAND).timestamp()
                for midnight in (day, day + timedelta(days=1))
            )
            self._seen["page"] = day.toordinal(), begins, ends
        return day.toordinal()


def ordinal(day: object) -> int:
    """The number of a day; what a subclass of `date` says of itself is not asked.

    Raises:
        RequestError: it is something else than a date without a time.
    """
    if type(day) is date:
        return day.toordinal()
    # a datetime is a date too, but its text does not compare with a day's
    if not issubclass(type(day), datetime):
        with suppress(TypeError):
            return date.toordinal(day)  # type: ignore[arg-type] # tells dates from all else
    message = "the day decided for is no day, expected a date without a time"
    raise RequestError(message)


def checked_day(day: object) -> date:
    """Refuse what is no day.

    Returns:
        the day, as a plain `date`.

    Raises:
        RequestError: it is something else than a date without a time.
    """
    return day if type(day) is date else date.fromordinal(ordinal(day))
