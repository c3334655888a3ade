"""What no delegation may lead to, judged for a policy as files would have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from ..analysis.reach.judging import Broken, broken_invariants
from ..decide.snapshot import Snapshot
from ..errors import ModelError
from ..policy.invariants import Invariant
from ..terms import Grant
from .states import State


@dataclass(frozen=True, slots=True)
class Kept:
    """How the invariants of a policy fare.

    Attributes:
        invariants: all that its files say.
        broken: those that do not hold, each with the shortest chain.
        before: those of them that did not hold before a change either.
        world: the policy that the chains are of.
        unknown: why they cannot be judged; nothing where they can.
    """

    invariants: tuple[Invariant, ...]
    broken: tuple[Broken, ...]
    before: frozenset[Invariant]
    world: Snapshot
    unknown: str = ""

    @property
    def newly(self) -> tuple[Broken, ...]:
        """Those that held before."""
        return tuple(one for one in self.broken if one.invariant not in self.before)

    @property
    def is_kept(self) -> bool:
        """Whether none is broken that held before, and all can be judged."""
        return not self.newly and not self.unknown


def judge_invariants(state: State, day: date) -> Kept:
    """Judge the invariants of a policy, from its first grants on.

    Args:
        state: a policy as its files have it.
        day: first grants that have ended before it play no part.
    """
    said = state.invariants
    try:
        found, world = broken_invariants(
            state.snapshot, said, day, _first_grants(state)
        )
    except ModelError as error:
        return Kept(said, (), frozenset(), state.snapshot, str(error))
    return Kept(said, found, frozenset(), world)


def judge_change(before: State, after: State, day: date) -> Kept:
    """Judge the invariants of policy files against what is in force before them.

    Args:
        before: what is in force.
        after: what would be, with what the files say.
        day: first grants that have ended before it play no part.
    """
    kept = judge_invariants(after, day)
    if not kept.broken:
        return kept
    try:
        found, _ = broken_invariants(
            before.snapshot,
            [one.invariant for one in kept.broken],
            day,
            _first_grants(before),
        )
    except ModelError:
        return kept
    known = frozenset(one.invariant for one in found)
    return Kept(kept.invariants, kept.broken, known, kept.world)


def _first_grants(state: State) -> Iterator[Grant]:
    """The grants that files hold; one that cannot be read is held by nobody."""
    for line in state.contents.lines:
        if line.ptype == "g" and line.source is not None:
            # such a line decides nothing either
            with suppress(ValueError):
                yield Grant.parse(line)
