"""Invariants that delegation can break, each with the shortest chain that does."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import ModelError
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity
from ..reach.judging import broken_invariants
from ..reach.telling import tell_chain

_FIX = "change what the chain rests on, or the invariant where the rules changed"


def _find(examined: Examined) -> Iterator[Noted]:
    invariants = examined.policies.invariants
    try:
        broken, world = broken_invariants(
            examined.snapshot, invariants, examined.day, examined.first_grants
        )
    except ModelError as error:
        first = invariants[0]
        fix = "write the matcher so, or take the invariants away"
        yield Noted(first.file, first.line, str(error), fix)
        return
    for each in broken:
        steps = tuple(tell_chain(world, each.chain))
        reason = f"{each.invariant.statement} does not hold"
        yield Noted(each.invariant.file, each.invariant.line, reason, _FIX, steps)


CHECK = Check(
    "broken-invariant",
    Severity.ERROR,
    "a statement of invariants.yaml that delegation can break",
    _find,
)
