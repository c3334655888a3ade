"""What each grant of a subject lacks to count for a question: the nearest ones first.

A grant may be held elsewhere or on another day, or be inert; a row may have been meant
for a grant. Somebody may hold thousands: what they lack is told of those only that are
looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Generic, NamedTuple

from ..ids import is_id
from ..terms import Grant, Line, kind_of
from .decision import Cause, Miss
from .facts import reach
from .grants import Held, grant_of, role_of
from .held import is_blocked
from .inert import InertRow, find_inert
from .snapshot import Snapshot
from .whatif import Asked, Fix, Question, one_day
from .wording import bare, place_text


@dataclass(frozen=True, slots=True)
class Short(Generic[Asked]):
    """A grant, or a row that was meant to be one, and what it lacks.

    Attributes:
        role: that is held.
        grants: the grant; none for such a row, which its fix brings.
        fixes: what would have to be otherwise for it to count.
    """

    role: str
    grants: tuple[Grant, ...]
    fixes: list[Fix[Asked]]


def nearest_first(
    snapshot: Snapshot, question: Question[Asked], roles: Collection[str]
) -> Iterator[Short[Asked]]:
    """List the grants of a subject by how much they lack, and their days by distance.

    Of grants that are alike there is the first one.

    Args:
        snapshot: the policy.
        question: one that is denied.
        roles: those whose grants are listed; inert grants are in any case.
    """
    found: list[tuple[_Order, _Grant | InertRow]] = [
        *_grants(snapshot, question, roles),
        *_broken_rows(snapshot, question),
    ]
    covering: set[tuple[str, bool]] = set()
    for order, each in sorted(found, key=itemgetter(0)):
        if isinstance(each, InertRow):
            yield _meant(snapshot, question, each)
            continue
        if each.covers and not each.is_inert:
            alike = role_of(each.held[1]), order.days > 0
            if alike in covering:
                continue  # one that covers the place fares like another
            covering.add(alike)
        yield _short(snapshot, question, each)


class _Order(NamedTuple):
    """How far a grant is from counting; where that is equal, by how it is written."""

    against: int
    is_elsewhere: bool
    days: int
    text: str
    first: int = 0
    last: int = 0


class _Grant(NamedTuple):
    """A grant, and what there is against it."""

    held: Held
    is_elsewhere: bool
    covers: bool
    is_inert: bool


def _grants(
    snapshot: Snapshot, question: Question[Asked], roles: Collection[str]
) -> Iterator[tuple[_Order, _Grant]]:
    facts, subject = snapshot.facts, question.subject
    above = {*reach(facts.links["g2"], question.request.organisation)}
    day, blocked = question.day.toordinal(), is_blocked(snapshot, subject)
    for held in facts.held(subject):
        place, holder, first, last, _ = held
        role, is_inert = role_of(holder), not snapshot.counts(held)
        if role not in roles and not is_inert:
            continue
        covers = place in above
        # nobody can ask about an organisation whose id is none
        is_elsewhere = not covers and is_id(place)
        days = max(first - day, day - last, 0)
        count = is_inert + is_elsewhere + (days > 0) + blocked
        order = _Order(count, is_elsewhere, days, f"{role}, {place}@", first, last)
        yield order, _Grant(held, is_elsewhere, covers, is_inert)


def _short(
    snapshot: Snapshot, question: Question[Asked], found: _Grant
) -> Short[Asked]:
    """What would have to be otherwise for this grant to count for a question.

    The question is moved to the grant's place and day rather than the other way
    round, since the role might not be held at the place asked.
    """
    grant, day = grant_of(question.subject, found.held), question.day
    fixes: list[Fix[Asked]] = []
    if found.is_inert:
        facts, tree = snapshot.facts, snapshot.tree
        (row,) = find_inert(snapshot.model, facts, tree, [grant.line])
        fixes.append(_counting(grant, row.reason))
    if found.is_elsewhere:
        held_at = place_text(snapshot, grant.organisation)
        asked_at = place_text(snapshot, question.request.organisation)
        text = f"`{bare(grant.role)}` is held at {held_at}, not at or above {asked_at}"
        brief = f"`{bare(grant.role)}` is not held at or above {asked_at}"
        miss = Miss(Cause.ELSEWHERE, text, grant.organisation, brief)
        fixes.append(Fix(miss, lambda asked: asked.at(grant.organisation)))
    if day not in grant.span:
        nearest = min(max(day, grant.span.first), grant.span.last)
        miss = _other_day(day, grant)
        fixes.append(Fix(miss, lambda asked: replace(asked, day=nearest)))
    fixes += _blocked(snapshot, question)
    return Short(grant.role, (grant,), fixes)


def _broken_rows(
    snapshot: Snapshot, question: Question[Asked]
) -> Iterator[tuple[_Order, InertRow]]:
    """The subject's rows that cannot be read; each may have been meant for here."""
    broken = [
        line
        for line in snapshot.facts.idle
        if line.values[:1] == (question.subject,) and _is_broken(line)
    ]
    count = 1 + is_blocked(snapshot, question.subject)
    for row in find_inert(snapshot.model, snapshot.facts, snapshot.tree, broken):
        text = ", ".join(row.line.values[1:])
        yield _Order(count, is_elsewhere=True, days=0, text=text), row


def _meant(
    snapshot: Snapshot, question: Question[Asked], row: InertRow
) -> Short[Asked]:
    place, span = question.request.organisation, one_day(question.day)
    meant = Grant(question.subject, row.line.values[1], place, span)
    fixes = [_counting(meant, row.reason), *_blocked(snapshot, question)]
    return Short(meant.role, (), fixes)


def _is_broken(line: Line) -> bool:
    """Whether a line was meant for a grant, and cannot be read as one."""
    if line.ptype != "g" or len(line.values) < 2:  # noqa: PLR2004
        return False
    try:
        Grant.parse(line)
    except ValueError:
        return True
    return False


def _counting(grant: Grant, reason: str) -> Fix[Asked]:
    """Let a grant that is inert count: for this kind of subject, and at this place."""

    def apply(asked: Question[Asked]) -> Question[Asked]:
        role, place = grant.role, grant.organisation
        kinds = [*asked.facts.linked("g3", role), kind_of(grant.subject)]
        levels = [*asked.facts.linked("g4", place), role]
        facts = asked.facts.linking("g3", role, kinds).linking("g4", place, levels)
        return replace(asked, facts=facts.holding(grant))

    brief = f"the grant `{bare(grant.role)}` is inert"
    miss = Miss(Cause.INERT, f"{brief}: {reason}", grant.organisation, brief)
    return Fix(miss, apply)


def _blocked(snapshot: Snapshot, question: Question[Asked]) -> list[Fix[Asked]]:
    if not is_blocked(snapshot, question.subject):
        return []
    text = "the subject is blocked, and denied everything until the block is lifted"
    return [Fix(Miss(Cause.BLOCKED, text), lambda asked: asked.unblocked())]


def _other_day(day: date, grant: Grant) -> Miss:
    role, span, place = bare(grant.role), grant.span, grant.organisation
    if day < span.first:
        text = f"`{role}` begins on {span.first.isoformat()}"
        return Miss(Cause.NOT_BEGUN, text, place, f"`{role}` has not begun")
    text = f"`{role}` ended on {span.last.isoformat()}"
    return Miss(Cause.ENDED, text, place, f"`{role}` has ended")
