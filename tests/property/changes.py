"""Random histories of a world: what a database would hold, version by version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from hypothesis import strategies as st

from oikeus.decide.grants import Row
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.model import Model
from oikeus.terms import Line

from .matchers import models
from .worlds import (
    LEVELS,
    MODEL,
    MODES,
    ORGANISATIONS,
    SUBJECTS,
    UNKNOWN,
    World,
    line,
    spans,
)


def row_of(found: Line) -> Row | None:
    """A grant as a stream gives it; nothing where it is among the other lines."""
    if found.ptype != "g" or len(found.values) != 3 or "" in found.values:
        return None
    subject, role, domain = found.values
    return subject, role, domain


@dataclass(frozen=True)
class Held:
    """What a database holds at a version: each line once, in the order of its rows."""

    version: int
    model: Model
    lines: tuple[Line, ...]

    def build(self) -> Snapshot:
        """Load all of it."""
        grants = [row for found in self.lines if (row := row_of(found))]
        others = [found for found in self.lines if row_of(found) is None]
        batches = [grants[:3], grants[3:]]
        return Snapshot.build(self.model, others, grants=batches, version=self.version)

    def change(
        self, removed: Iterable[Line], added: Iterable[Line], model: Model | None
    ) -> Self:
        """The next version; what is removed and added comes last."""
        gone = {*removed}
        kept = [found for found in self.lines if found not in gone]
        lines = tuple(dict.fromkeys((*kept, *added)))
        return replace(
            self, version=self.version + 1, model=model or self.model, lines=lines
        )


def follow(snapshot: Snapshot, before: Held, after: Held) -> Snapshot:
    """Take in what changed, as a point that follows a database does."""
    order = {found: place for place, found in enumerate(before.lines)}
    last, new = -1, []
    for found in after.lines:
        place = order.get(found, -1)
        if place <= last:
            new.append(found)  # it was not there, or stands behind what it was before
        last = max(last, place)
    gone = [found for found in before.lines if found not in {*after.lines}]
    others = [
        [found for found in held.lines if row_of(found) is None]
        for held in (before, after)
    ]
    other_model = after.model is not before.model
    return snapshot.following(
        after.version,
        removed=[row for found in gone if (row := row_of(found))],
        added=[row for found in new if (row := row_of(found))],
        lines=others[1] if other_model or others[0] != others[1] else None,
        model=after.model if other_model else None,
    )


def _new_grants(world: World) -> st.SearchStrategy[Line]:
    odd = ("alien:1", "person:?1", "person:a@b", "role:a", "", "nobody")
    subjects = st.sampled_from((*SUBJECTS * 3, *odd))
    roles = st.sampled_from((*world.roles * 3, "person:0", "role:a@b", ""))
    wide = st.just("2026-01-01..2026-12-31")
    domains = st.tuples(
        st.sampled_from((*ORGANISATIONS, UNKNOWN)), st.one_of(wide, wide, spans())
    )
    return st.builds(
        lambda who, role, domain: line("g", who, role, "@".join(domain)),
        subjects,
        roles,
        domains,
    )


def new_lines(world: World) -> st.SearchStrategy[Line]:
    """Lines that are no grants, such as somebody may add."""
    place, role = st.sampled_from(ORGANISATIONS), st.sampled_from(world.roles)
    forms = (
        st.tuples(st.just("g2"), place, st.sampled_from((*ORGANISATIONS, *MODES))),
        st.tuples(st.just("g2"), place, st.just("status:passive")),
        st.tuples(st.just("g3"), st.sampled_from(SUBJECTS), st.just("blocked")),
        st.tuples(st.just("g3"), role, st.sampled_from(["person", "system", "alien"])),
        st.tuples(st.just("g4"), place, st.sampled_from(LEVELS)),
        st.tuples(st.just("g4"), st.sampled_from(LEVELS), role),
        st.sampled_from(world.deeds).flatmap(
            lambda deed: st.tuples(
                st.just("p"),
                role,
                *map(st.just, deed[::-1]),
                st.sampled_from(["allow", "deny", "dney"]),
            )
        ),
        st.tuples(st.just("p2"), role, role, st.just("*"), st.just("*")),
        st.tuples(st.just("q"), role),
    )
    return st.one_of(*forms).map(lambda row: line(*row))


@st.composite
def histories(draw: st.DrawFn, world: World) -> list[Held]:
    """A few versions, each made from the one before."""
    history = [Held(1, MODEL, tuple(dict.fromkeys(world.lines)))]
    seen = dict.fromkeys(world.lines)
    for _ in range(draw(st.integers(2, 5))):
        before = history[-1]
        removed: list[Line] = []
        added = draw(st.lists(_new_grants(world), max_size=3))
        grants = [found for found in before.lines if row_of(found)]
        others = [found for found in before.lines if row_of(found) is None]
        known = [found for found in seen if row_of(found)]
        if grants:
            removed += draw(st.lists(st.sampled_from(grants), max_size=3))
        if known:
            # of old, or there still: then it moves behind the others
            added += draw(st.lists(st.sampled_from(known), max_size=2))
        if draw(st.booleans()):
            added += draw(st.lists(new_lines(world), max_size=3))
            removed += draw(st.lists(st.sampled_from(others), max_size=2))
            moved = draw(st.lists(st.sampled_from(others), max_size=1))
            removed, added = [*removed, *moved], [*added, *moved]
        model = draw(models()) if draw(st.integers(0, 4)) == 0 else None
        seen |= dict.fromkeys(added)
        history.append(before.change((*removed, *added), added, model))
    return history
