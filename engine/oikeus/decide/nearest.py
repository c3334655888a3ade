"""The nearest miss: what would have to be otherwise for one grant to give an allow.

Both kinds of question begin with holding a role, so both are explained grant by grant,
in the order in which `shortcomings` puts them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import islice

from .decision import Miss
from .shortcomings import nearest_first
from .snapshot import Snapshot
from .whatif import Asked, Fix, Question, allowed, least_fixes

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
    for short in islice(nearest_first(snapshot, question, roles), MOST):
        spare = len(best) - len(short.fixes)
        if best and spare <= 0:
            break
        facts = snapshot.facts.holding_only(question.subject, *short.grants)
        alone: Question[Asked] = replace(question, facts=facts)
        fixes: list[Fix[Asked]] = [*short.fixes]
        if (
            not best or spare > 1
        ):  # otherwise it is nearer by these alone, or not at all
            fixes += others(alone, short.role)
        least = least_fixes(evaluator, alone, fixes)
        # other grants of the subject may bring a deny rule with them
        if least and allowed(evaluator, question, least):
            best = min(best or least, least, key=len)
    return tuple(fix.miss for fix in best)
