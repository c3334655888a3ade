"""Judges invariants: whether people could come to what must never be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...decide.decision_point import role_id
from ...decide.snapshot import Snapshot
from ...policy.invariants import (
    ANY,
    Cannot,
    Invariant,
    Never,
    NeverBoth,
    NeverOutside,
    Only,
    Statement,
)
from ...terms import Grant
from .asking import Asked
from .casting import NEW
from .chains import Chain, Effort, shortest, shortest_to_both, through
from .imagined import with_organisations
from .reachable import Reachable
from .slots import Made, Slot
from .spreading import Spread, spread


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, and the shortest chain that breaks it."""

    invariant: Invariant
    chain: Chain


def broken_invariants(
    snapshot: Snapshot,
    invariants: Iterable[Invariant],
    day: date,
    grants: Iterable[Grant] | None = None,
) -> tuple[tuple[Broken, ...], Snapshot]:
    """Judge invariants.

    That is over organisations of every sort, imagined beside those that are known.

    Args:
        snapshot: the policy.
        invariants: what must hold.
        day: on which it is asked.
        grants: the first grants; all that are in force where none are said.

    Returns:
        those that do not hold, each with the shortest chain; and the policy that the
        chains are of.

    Raises:
        ModelError: what the model asks cannot be analysed exactly, or a matcher failed.
    """
    said = tuple(invariants)
    if not said:
        return (), snapshot
    over = with_organisations(snapshot)
    return tuple(broken_in(Reachable.of(over, day, grants), said)), over


def broken_in(
    reachable: Reachable, invariants: Iterable[Invariant]
) -> Iterator[Broken]:
    """The invariants that do not hold, in their order, each with a chain."""
    for invariant in invariants:
        chain = _JUDGES[type(invariant.statement)](reachable, invariant.statement)
        if chain is not None:
            yield Broken(invariant, chain)


def _never(reachable: Reachable, said: Never) -> Chain | None:
    is_meant = reachable.places(said.at)
    known = reachable.spread
    slots = (
        slot
        for slot in (known.rounds if said.granted else known.slots())
        if slot.role == role_id(said.role)
        and said.holder in (None, slot.kind)
        and is_meant(slot.organisation)
    )
    return shortest(known, reachable.one_of_each(slots), by_act=said.granted)


def _only(reachable: Reachable, said: Only) -> Chain | None:
    known = reachable.spread
    slots = reachable.one_of_each(
        slot for slot in known.slots() if slot.role == role_id(said.role)
    )
    others = (
        made
        for slot in slots
        for made in known.ways(slot)
        if made.option.source.role != role_id(said.granted_by)
    )
    return through(known, sorted(others, key=lambda made: _rounds(known, made)))


def _rounds(known: Spread, made: Made) -> int:
    return max((known.rounds.get(slot, 0) for slot in made.premises), default=0)


def _never_both(reachable: Reachable, said: NeverBoth) -> Chain | None:
    best: Chain | None = None
    known, effort = reachable.spread, Effort()
    sorts: dict[object, tuple[Slot, Slot]] = {}
    for pair in _pairs(reachable, said):
        sorts.setdefault(_sort_of_pair(reachable, *pair), pair)
    for one, other in sorted(sorts.values(), key=lambda pair: _least(known, pair)):
        most = None if best is None else len(best.links) - 1
        if most is not None and _least(known, (one, other)) > most:
            break
        best = shortest_to_both(known, one, other, most, effort) or best
        if effort.is_spent:
            break
    if best is not None and effort.is_spent:
        return replace(best, is_shortest=False)
    return best


def _least(known: Spread, pair: tuple[Slot, Slot]) -> int:
    """How many acts it takes at least to hold both."""
    return max(0 if slot in known.start else known.rounds[slot] for slot in pair)


def _sort_of_pair(reachable: Reachable, one: Slot, other: Slot) -> object:
    above = reachable.asked.classes.above
    shared = {*above.get(one.organisation, ())} & {*above.get(other.organisation, ())}
    start = reachable.start
    is_held_by_one = bool({*start.get(one, ())} & {*start.get(other, ())})
    return (
        reachable.alike(one),
        reachable.alike(other),
        len(shared),
        one in start,
        other in start,
        is_held_by_one,
    )


def _pairs(reachable: Reachable, said: NeverBoth) -> Iterator[tuple[Slot, Slot]]:
    """The rights that nobody may hold together, if somebody can have each."""
    named = {*said.roles, *said.others}
    by_top: dict[tuple[str, str], dict[str, list[Slot]]] = {}
    for slot in reachable.spread.slots():
        if slot.role.partition(":")[2] in named:
            for top in _tops(reachable, slot.organisation, said.within):
                there = by_top.setdefault((top, slot.kind), {})
                there.setdefault(slot.role, []).append(slot)
    for there in by_top.values():
        for one, other in said.pairs():
            for slot in there.get(role_id(one), ()):
                for second in there.get(role_id(other), ()):
                    yield slot, second


def _tops(reachable: Reachable, place: str, level: str | None) -> Sequence[str]:
    if level is None:
        return ("",)
    tree = reachable.snapshot.tree
    return [
        above
        for above in reachable.asked.classes.above.get(place, ())
        if f"level:{level}" in tree.levels.get(above, ())
    ]


def _cannot(reachable: Reachable, said: Cannot) -> Chain | None:
    known = reachable.spread
    own = {slot for slot in known.slots() if slot.role == role_id(said.role)}
    if not _may_lead(reachable.asked, role_id(said.role), said.reach):
        return None
    needed = {
        option.needs
        for options in reachable.asked.options.values()
        for option in options
    }
    # what others have registered is there for them as well
    # and where anybody new can come to it, two can: they may act for each other
    start = {
        slot: (
            *(known.start.get(slot) or (f"{slot.kind}:{NEW}0",)),
            *((f"{slot.kind}:{NEW}00",) if slot in known.fresh else ()),
        )
        for slot in known.slots()
        if slot in own or slot.role in needed
    }
    theirs = spread(reachable.asked, start)
    reached = (
        slot
        for slot in theirs.rounds
        if said.reach == ANY or slot.role == role_id(said.reach)
    )
    return shortest(theirs, reached, by_act=True)


def _may_lead(asked: Asked, role: str, goal: str) -> bool:
    """Whether acts of any class lead from a role to another one."""
    steps = {
        (option.source.role, option.role)
        for options in asked.options.values()
        for option in options
    }
    there = {role, ""}
    while True:
        found = {then for first, then in steps if first in there}
        if role_id(goal) in found or (found and goal == ANY):
            return True
        if found <= there:
            return False
        there |= found


def _never_outside(reachable: Reachable, said: NeverOutside) -> Chain | None:
    if reachable.asked.bounded:
        return None  # each act is at or below where its power is held
    known, above = reachable.spread, reachable.asked.classes.above
    best: Chain | None = None
    for slot in reachable.one_of_each(
        slot for slot in known.slots() if slot.role == role_id(said.power_of)
    ):
        start = {slot: known.start.get(slot) or (f"{slot.kind}:{NEW}0",)}
        theirs = spread(reachable.asked, start)
        outside = (
            each
            for each in theirs.rounds
            if slot.organisation not in above[each.organisation]
        )
        found = shortest(theirs, outside, by_act=True)
        if found and (best is None or len(found.links) < len(best.links)):
            best = found
    return best


_JUDGES: dict[type[Statement], Callable[..., Chain | None]] = {
    Never: _never,
    Only: _only,
    NeverBoth: _never_both,
    Cannot: _cannot,
    NeverOutside: _never_outside,
}
