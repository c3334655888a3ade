"""From which day until which day an import gives rights (ruling H)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ...errors import RequestError
from ...policy.catalogue import Catalogue
from ...terms import Grant, Span
from ..grant_checks import Right

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ImportDays:
    """The days that an import is asked for; they are stated by it, and not capped.

    Attributes:
        today: of the import.
        first: of the rights.
        last: of the rights; without one, the default of the role counts.
    """

    today: date
    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        _check("the import", self.first, self.last or self.first)

    def grant(self, right: Right, catalogue: Catalogue) -> Grant:
        """A right with its days.

        Raises:
            RequestError: by default the role would end before it begins.
        """
        subject, role, organisation = right
        last = self.last
        if last is None:
            name = role.removeprefix("role:")
            last = catalogue.roles[name].validity.default.last_day(self.first)
            _check(f"`{name}`", self.first, last)
        return Grant(subject, role, organisation, Span(self.first, last))


def _check(what: str, first: date, last: date) -> None:
    if last < first:
        message = (
            f"{what} would begin on {first} and end on {last}, expected a last day "
            "that is not before the first"
        )
        raise RequestError(message)


def in_force(grant: Grant, others: Iterable[Grant]) -> Grant | None:
    """The same right on the first day of a grant, whoever gave it."""
    for other in others:
        if _alike(grant, other) and grant.span.first in other.span:
            return other
    return None


def beside(grant: Grant, others: Iterable[Grant]) -> Grant:
    """A grant that ends before the same right begins in another way."""
    later = [
        other.span.first
        for other in others
        if _alike(grant, other)
        and grant.span.first < other.span.first <= grant.span.last
    ]
    if not later:
        return grant
    return replace(grant, span=Span(grant.span.first, min(later) - _DAY))


def _alike(grant: Grant, other: Grant) -> bool:
    return (grant.role, grant.organisation) == (other.role, other.organisation)
