"""Everything that delegation can reach from some rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ...decide.grants import each, role_of
from ...decide.snapshot import Snapshot
from ...errors import ModelError
from ...policy.catalogue import ACTIVE
from ...policy.invariants import NONE, At
from ...terms import Grant, kind_of
from .asking import Asked, ask
from .shape import why_not_analysed
from .slots import Slot
from .spreading import Holders, Spread, spread


@dataclass(frozen=True)
class Reachable:
    """Everything that delegation can reach.

    Attributes:
        snapshot: the policy.
        day: on which it is asked.
        asked: what the model says of acts.
        start: who holds what.
    """

    snapshot: Snapshot
    day: date
    asked: Asked
    start: Holders

    @classmethod
    def of(
        cls, snapshot: Snapshot, day: date, grants: Iterable[Grant] | None = None
    ) -> Reachable:
        """Find what can be reached.

        Blocks are left out of account, since they can be lifted.

        Args:
            snapshot: the policy, with the organisations.
            day: on which it is asked.
            grants: the beginning, those that have not ended; all that are in force
                where none are said.

        Raises:
            ModelError: what the model asks cannot be analysed exactly, or a matcher
                failed.
        """
        reason = why_not_analysed(snapshot.evaluator)
        if reason:
            message = (
                f"{reason}: what delegation can reach cannot be told, expected powers "
                "that ask which roles are held"
            )
            raise ModelError(message)
        return cls(snapshot, day, ask(snapshot, day), held(snapshot, day, grants))

    @cached_property
    def spread(self) -> Spread:
        """All that can be had."""
        return spread(self.asked, self.start)

    def places(self, at: At | None) -> Callable[[str], bool]:
        """Tells whether an organisation is one of those that are meant."""
        tree = self.snapshot.tree

        def is_there(place: str) -> bool:
            if at is None:
                return True
            modes = tree.inherited(place, "mode:")
            if at.mode is not None and not (
                not modes if at.mode == NONE else f"mode:{at.mode}" in modes
            ):
                return False
            if at.status is not None:
                marks = tree.inherited(place, "status:") or (f"status:{ACTIVE}",)
                if f"status:{at.status}" not in marks:
                    return False
            levels = tree.levels.get(place, ())
            return at.level is None or f"level:{at.level}" in levels

        return is_there

    def alike(self, slot: Slot) -> tuple[object, ...]:
        """What a right has in common with those that chains go alike to."""
        classes = self.asked.classes
        above = classes.above.get(slot.organisation, ())
        numbers = tuple(
            (classes.of.get(place), self._start_at.get(place)) for place in above
        )
        return slot.kind, slot.role, numbers

    @cached_property
    def _start_at(self) -> dict[str, frozenset[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for slot in self.start:
            found.setdefault(slot.organisation, set()).add(slot[:2])
        return {place: frozenset(slots) for place, slots in found.items()}

    def one_of_each(self, slots: Iterable[Slot]) -> list[Slot]:
        """One right of those that chains go alike to."""
        return [*{self.alike(slot): slot for slot in reversed([*slots])}.values()][::-1]


def held(
    snapshot: Snapshot, day: date, grants: Iterable[Grant] | None = None
) -> Holders:
    """The rights that count, and who holds them.

    Args:
        snapshot: the policy.
        day: on which it is asked.
        grants: those that have not ended, among them those that are still to begin;
            all that are in force where none are said.
    """
    can_hold = snapshot.register.can_hold
    kinds = {role: {*snapshot.facts.kinds(role)} for role in snapshot.roles}
    found: dict[Slot, list[str]] = {}
    rows = _in_force(snapshot, day) if grants is None else _not_ended(grants, day)
    for subject, role, place in rows:
        kind = kind_of(subject)
        if kind in kinds.get(role, ()) and can_hold(place, role):
            found.setdefault(Slot(kind, role, place), []).append(subject)
    return found


def _in_force(snapshot: Snapshot, day: date) -> Iterator[tuple[str, str, str]]:
    ordinal = day.toordinal()
    for subject, chain in snapshot.facts.grants.held.items():
        for place, holder, first, last, _ in each(chain):
            if first <= ordinal <= last:
                yield subject, role_of(holder), place


def _not_ended(grants: Iterable[Grant], day: date) -> Iterator[tuple[str, str, str]]:
    for grant in grants:
        if grant.span.last >= day:
            yield grant.subject, grant.role, grant.organisation
