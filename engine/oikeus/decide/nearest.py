"""The nearest miss: what would have to be otherwise for one grant to give an allow.

Both kinds of question begin with holding a role, so both are explained grant by grant:
those held elsewhere, on another day, and rows that count for none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic

from ..ids import is_id
from ..terms import Grant, Line, kind_of
from .decision import Cause, Miss
from .facts import reach
from .held import is_blocked
from .inert import find_inert
from .snapshot import Snapshot
from .whatif import Asked, Fix, Question, allowed, least_fixes, one_day
from .wording import bare, place_text

MOST = 50
"""How many grants of one subject are looked at for the nearest miss."""


def least_over_grants(
    snapshot: Snapshot,
    question: Question[Asked],
    roles: Collection[str],
    others: Callable[[Question[Asked], str], Iterable[Fix[Asked]]],
) -> tuple[Miss, ...]:
    """Find the least that stood in the way, over the grants of the subject.

    Each is looked at alone, the one with the least against it first, until no other
    can be nearer.

    Args:
        snapshot: the policy.
        question: one that is denied.
        roles: those whose grants are looked at; inert grants are in any case.
        others: what else could be fixed, for a question and the role that is held.
    """
    evaluator = snapshot.evaluator
    best: tuple[Fix[Asked], ...] = ()
    candidates = [
        *_grants(snapshot, question, roles),
        *_broken_rows(snapshot, question),
    ]
    for near in sorted(candidates, key=_order)[:MOST]:
        if best and len(near.fixes) >= len(best):
            break
        facts = snapshot.facts.holding_only(question.subject, *near.grants)
        alone: Question[Asked] = replace(question, facts=facts)
        fixes: list[Fix[Asked]] = [*near.fixes, *others(alone, near.role)]
        least = least_fixes(evaluator, alone, fixes)
        # other grants of the subject may bring a deny rule with them
        if least and allowed(evaluator, question, least):
            best = min(best or least, least, key=len)
    return tuple(fix.miss for fix in best)


@dataclass(frozen=True, slots=True)
class _Near(Generic[Asked]):
    """A grant, or a row that was meant to be one, and what is against it."""

    role: str
    grants: tuple[Grant, ...]
    fixes: list[Fix[Asked]]
    order: tuple[int, bool, int, str]


def _order(near: _Near[Asked]) -> tuple[int, bool, int, str]:
    return near.order


def _grants(
    snapshot: Snapshot, question: Question[Asked], roles: Collection[str]
) -> Iterator[_Near[Asked]]:
    facts, tree = snapshot.facts, snapshot.tree
    covering: set[str] = set()
    for grant in facts.of(question.subject):
        inert = find_inert(snapshot.model, facts, tree, [grant.line])
        if inert or grant.role in roles:
            fixes: list[Fix[Asked]] = fixes_of_grant(snapshot, question, grant)
            if not inert and not fixes:
                if grant.role in covering:
                    continue  # one that covers the place fares like another
                covering.add(grant.role)
            elsewhere = any(fix.miss.cause is Cause.ELSEWHERE for fix in fixes)
            days = abs((question.day - _nearest_day(question.day, grant)).days)
            if inert:
                fixes.insert(0, _counting(grant, inert[0].reason))
            order = (len(fixes), elsewhere, days, str(grant.line))
            yield _Near(grant.role, (grant,), fixes, order)


def _broken_rows(
    snapshot: Snapshot, question: Question[Asked]
) -> Iterator[_Near[Asked]]:
    """The subject's rows that cannot be read; each may have been meant for here."""
    place, day = question.request.organisation, question.day
    broken = [
        line
        for line in snapshot.facts.idle
        if line.values[:1] == (question.subject,) and _is_broken(line)
    ]
    for row in find_inert(snapshot.model, snapshot.facts, snapshot.tree, broken):
        meant = Grant(question.subject, row.line.values[1], place, one_day(day))
        fixes: list[Fix[Asked]] = [_counting(meant, row.reason)]
        fixes += _blocked(snapshot, question)
        yield _Near(meant.role, (), fixes, (len(fixes), True, 0, str(row.line)))


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

    text = f"the grant `{bare(grant.role)}` is inert: {reason}"
    return Fix(Miss(Cause.INERT, text), apply)


def fixes_of_grant(
    snapshot: Snapshot, question: Question[Asked], grant: Grant
) -> list[Fix[Asked]]:
    """What would have to be otherwise for this grant to count for a question.

    The question is moved to the grant's place and day rather than the other way
    round, since the role might not be held at the place asked.
    """
    fixes: list[Fix[Asked]] = []
    place, day = question.request.organisation, question.day
    covered = grant.organisation in reach(snapshot.facts.links["g2"], place)
    # nobody can ask about an organisation whose id is none
    if not covered and is_id(grant.organisation):
        held_at = place_text(snapshot, grant.organisation)
        asked_at = place_text(snapshot, place)
        text = f"`{bare(grant.role)}` is held at {held_at}, not at or above {asked_at}"
        miss = Miss(Cause.ELSEWHERE, text, grant.organisation)
        fixes.append(Fix(miss, lambda asked: asked.at(grant.organisation)))
    if day not in grant.span:
        nearest = _nearest_day(day, grant)
        miss = _other_day(day, grant)
        fixes.append(Fix(miss, lambda asked: replace(asked, day=nearest)))
    fixes += _blocked(snapshot, question)
    return fixes


def _blocked(snapshot: Snapshot, question: Question[Asked]) -> list[Fix[Asked]]:
    if not is_blocked(snapshot, question.subject):
        return []
    text = "the subject is blocked, and denied everything until the block is lifted"
    return [Fix(Miss(Cause.BLOCKED, text), lambda asked: asked.unblocked())]


def _nearest_day(day: date, grant: Grant) -> date:
    return min(max(day, grant.span.first), grant.span.last)


def _other_day(day: date, grant: Grant) -> Miss:
    role, span = bare(grant.role), grant.span
    if day < span.first:
        return Miss(Cause.NOT_BEGUN, f"`{role}` begins on {span.first.isoformat()}")
    return Miss(Cause.ENDED, f"`{role}` ended on {span.last.isoformat()}")
