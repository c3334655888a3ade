"""What no delegation may lead to, judged for a policy as files would have it.

A change may take statements away: they are judged as well, over what it makes of the
policy. Else whoever breaks one could take it away with the same change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from ..analysis.reach.judging import Broken, broken_invariants
from ..decide.snapshot import Snapshot
from ..errors import ModelError
from ..policy.invariant_changes import changes_between
from ..policy.invariants import Invariant
from ..terms import Grant
from .states import State


@dataclass(frozen=True, slots=True)
class Kept:
    """How the invariants of a policy fare.

    Attributes:
        invariants: all that its files say.
        broken: those that do not hold, each with the shortest chain; and those that a
            change takes away and that would not hold after it.
        before: those of them that did not hold before a change either.
        world: the policy that the chains are of.
        unknown: why they cannot be judged; nothing where they can.
        gone: those that a change takes away.
        new: those that it brings.
    """

    invariants: tuple[Invariant, ...]
    broken: tuple[Broken, ...]
    before: frozenset[Invariant]
    world: Snapshot
    unknown: str = ""
    gone: tuple[Invariant, ...] = ()
    new: tuple[Invariant, ...] = ()

    @property
    def newly(self) -> tuple[Broken, ...]:
        """Those that held before."""
        return tuple(one for one in self.broken if one.invariant not in self.before)

    def lost_roles(self, said: Invariant) -> tuple[str, ...]:
        """The roles that a statement names and the policy does not know.

        Nobody holds one, so a statement that is taken away would hold, whatever the
        role that came in its place may do.
        """
        catalogue = self.world.catalogue
        known = catalogue.roles if catalogue else ()
        return tuple(role for role in said.roles if role not in known)

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
    return _judged(state, (), day)


def judge_change(before: State, after: State, day: date) -> Kept:
    """Judge the invariants of a policy against what is in force before it.

    Those that the change takes away are judged too.

    Args:
        before: what is in force.
        after: what would be, with what it says.
        day: first grants that have ended before it play no part.
    """
    changes = changes_between(before.invariants, after.invariants)
    kept = replace(_judged(after, changes.gone, day), new=changes.new)
    if before.unread:
        return replace(kept, unknown=before.unread)
    if not kept.broken:
        return kept
    broken = [one.invariant for one in kept.broken]
    try:
        grants = _first_grants(before)
        found, _ = broken_invariants(before.snapshot, broken, day, grants)
    except ModelError:
        return kept
    return replace(kept, before=frozenset(one.invariant for one in found))


def _judged(state: State, gone: tuple[Invariant, ...], day: date) -> Kept:
    """Judge what a policy says, and what it does not say any more."""
    said, grants = state.invariants, _first_grants(state)
    found: tuple[Broken, ...] = ()
    world, unknown = state.snapshot, ""
    try:
        found, world = broken_invariants(world, (*said, *gone), day, grants)
    except ModelError as error:
        unknown = str(error)
    return Kept(said, found, frozenset(), world, unknown, gone)


def _first_grants(state: State) -> Iterator[Grant]:
    """The grants that files hold; one that cannot be read is held by nobody."""
    for line in state.contents.lines:
        if line.ptype == "g" and line.source is not None:
            # such a line decides nothing either
            with suppress(ValueError):
                yield Grant.parse(line)
