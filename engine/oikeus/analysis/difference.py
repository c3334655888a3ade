"""What two versions of a policy differ in: who gains and who loses what, and where.

Exactly what deciding every question by both versions would show: every subject that
lines of either name, every organisation of either, every action on a resource that a
rule of either names and an id can be. What cannot be asked of a version is denied
there: a subject of a kind that it does not know, an organisation that it does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from ..decide.allowing import checked_day
from ..decide.inert import InertRow
from ..decide.snapshot import Snapshot
from ..errors import RequestError
from ..terms import Grant, Line
from .changes import AccessChange, InertChange, PowerChange, Sign
from .compare import compare
from .side import AccessSide, PowerSide

_BY_SUBJECT = attrgetter("subject", "action", "resource", "sign")
_BY_GRANTER = attrgetter("granter", "role", "sign")


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version of a policy has and the other has not, on a day.

    Attributes:
        day: the day that is decided for.
        before: the number of the first version.
        after: the number of the second version.
        access: who may do what, sorted.
        powers: who may give which role, sorted.
        inert_gained: rows that decide nothing now, as they did not before.
        inert_lost: rows that decided nothing before, and do now or are gone.
    """

    day: date
    before: int
    after: int
    access: tuple[AccessChange, ...]
    powers: tuple[PowerChange, ...]
    inert_gained: tuple[InertChange, ...]
    inert_lost: tuple[InertChange, ...]

    def __bool__(self) -> bool:
        inert = self.inert_gained or self.inert_lost
        return bool(self.access or self.powers or inert)


def difference(before: Snapshot, after: Snapshot, day: date) -> Difference:
    """Compare two versions, in terms of those whom they concern.

    Quick where both models insist on a grant: only those are asked about who can have
    gained or lost anything. Otherwise everybody is, everywhere.

    Raises:
        RequestError: the day is none, or a version holds some organisations only.
        ModelError: a matcher failed; nothing was compared.
    """
    day = checked_day(day)
    for snapshot in (before, after):
        if snapshot.scope is not None:
            message = (
                f"only `{snapshot.scope.top}` and what is below it is loaded, expected "
                "all organisations: load both versions whole"
            )
            raise RequestError(message)
    return Difference(
        day,
        before.version,
        after.version,
        access=tuple(sorted(_access(before, after, day), key=_BY_SUBJECT)),
        powers=tuple(sorted(_powers(before, after, day), key=_BY_GRANTER)),
        inert_gained=tuple(_inert("+", after, before)),
        inert_lost=tuple(_inert("-", before, after)),
    )


def _access(before: Snapshot, after: Snapshot, day: date) -> Iterator[AccessChange]:
    for found in compare(AccessSide(before, day), AccessSide(after, day)):
        action, resource = found.thing
        yield AccessChange(
            found.subject, action, resource, found.sign, found.organisations
        )


def _powers(before: Snapshot, after: Snapshot, day: date) -> Iterator[PowerChange]:
    # the recipient is nobody in either version: not somebody whom one of them lacks
    nobody = max(before.nobody, after.nobody)
    old, new = (replace(snapshot, nobody=nobody) for snapshot in (before, after))
    for found in compare(PowerSide(old, day), PowerSide(new, day)):
        (role,) = found.thing
        yield PowerChange(found.subject, role, found.sign, found.organisations)


def _inert(sign: Sign, here: Snapshot, there: Snapshot) -> Iterator[InertChange]:
    """The rows that decide nothing in one version, and are not so in the other."""
    known = {row.line for row in there.inert}
    found: dict[Line, InertRow] = {row.line: row for row in here.inert}
    others = {*there.facts.lines_but_grants()} if found.keys() - known else set()
    for line, row in found.items():
        if line not in known:
            stays = line in others or _is_held(there, line)
            yield InertChange(sign, line, row.reason, stays)


def _is_held(snapshot: Snapshot, line: Line) -> bool:
    """Whether a line is a grant in force."""
    try:
        grant = Grant.parse(line)
    except ValueError:
        return False
    return grant in snapshot.facts.of(grant.subject)
