"""The fixed point: all rights that can be had, from those that some people hold.

Each round adds the rights that holders of those known can bring about. A right that is
found in round n takes n acts at least; and since nothing that is had stands in the way
of anything, what no round adds cannot be had at all.

Nobody grants to themselves. That bars nobody from a right that a newcomer can get,
whoever gives it. Where a recipient must hold something that no newcomer can come by,
each of those who hold it is looked at by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .asking import Asked
from .slots import Made, Option, Slot, Source, Verb

Holders = Mapping[Slot, Sequence[str]]
"""The rights that are held, and by whom."""


@dataclass(frozen=True)
class Spread:
    """What can be had.

    Attributes:
        asked: what the model says of acts.
        start: what is held at the beginning.
        rounds: every right that acts bring about, with the first round that does.
        fresh: those of them that somebody can get who holds nothing before.
        named: those who can get others of them.
    """

    asked: Asked
    start: Holders
    rounds: dict[Slot, int] = field(default_factory=dict)
    fresh: set[Slot] = field(default_factory=set)
    named: dict[Slot, set[str]] = field(default_factory=dict)
    _held: dict[tuple[str, str], list[str]] = field(default_factory=dict, repr=False)

    def __contains__(self, slot: Slot) -> bool:
        """Whether somebody can hold it."""
        return slot in self.start or slot in self.rounds

    def slots(self) -> Iterator[Slot]:
        """All rights that somebody can hold, those of the beginning first."""
        yield from self.start
        yield from (slot for slot in self.rounds if slot not in self.start)

    def ways(self, slot: Slot) -> Iterator[Made]:
        """Each act that brings a right about, by each right that it can rest on."""
        number = self.asked.classes.of.get(slot.organisation)
        for option in self.asked.options.get(-1 if number is None else number, ()):
            if (option.kind, option.role) == (slot.kind, slot.role):
                yield from self.ways_by(option, slot)

    def ways_by(self, option: Option, slot: Slot) -> Iterator[Made]:
        """The same, of one sort of act."""
        needs: list[Slot | None] = [None]
        if option.needs is not None:
            above = self.asked.classes.above[slot.organisation]
            held = (Slot(option.kind, option.needs, place) for place in above)
            needs = [each for each in held if each in self and each != slot]
        if needs:
            for by in self._by(option.source, slot.organisation):
                yield from (Made(slot, option, by, each) for each in needs)

    def can_get(self, subject: str, slot: Slot) -> bool:
        """Whether somebody who holds rights at the beginning can get one more."""
        return any(self._suits(subject, made) for made in self.ways(slot))

    def _suits(self, subject: str, made: Made) -> bool:
        if made.option.verb is Verb.REGISTER:
            return False  # whoever holds something is registered, or never will be
        if not self._by_another(subject, made.by):
            return False
        needs = made.needs
        return (
            needs is None
            or subject in self.start.get(needs, ())
            or subject in self.named.get(needs, ())
        )

    def _by_another(self, subject: str, by: Slot | None) -> bool:
        """Whether somebody else can hold what an act rests on."""
        if by is None or by in self.fresh:
            return True
        holders = {*self.start.get(by, ()), *self.named.get(by, ())}
        return bool(holders - {subject})

    def _by(self, source: Source, organisation: str) -> Iterator[Slot | None]:
        if not source.role:
            yield None
            return
        classes = self.asked.classes
        above = classes.above[organisation]
        places: Sequence[str] = above
        if not source.inside:
            held = self._held.get((source.kind, source.role), ())
            places = [place for place in held if place not in above]
        for place in places:
            slot = Slot(source.kind, source.role, place)
            fits = source.place is None or classes.of.get(place) == source.place
            if fits and slot in self:
                yield slot

    def gains(self, option: Option, slot: Slot) -> tuple[bool, set[str]]:
        """Who can get a right by one sort of act: anybody new, and who by name."""
        named: set[str] = set()
        for made in self.ways_by(option, slot):
            if made.needs is None or made.needs in self.fresh:
                return True, set()
            there = self.start.get(made.needs, ()), self.named.get(made.needs, ())
            named |= {
                subject
                for subject in (*there[0], *there[1])
                if self._suits(subject, made)
            }
        return False, named

    def add(self, number: int, slot: Slot, named: set[str], *, fresh: bool) -> None:
        """Take a right in."""
        if slot not in self.rounds:
            self.rounds[slot] = number
            self._held.setdefault(slot[:2], []).append(slot.organisation)
        if fresh:
            self.fresh.add(slot)
        self.named.setdefault(slot, set()).update(named)


def spread(asked: Asked, start: Holders) -> Spread:
    """Find all that can be had.

    Args:
        asked: what the model says of acts.
        start: what is held at the beginning.
    """
    known = Spread(asked, start)
    for slot in start:
        known._held.setdefault(slot[:2], []).append(slot.organisation)  # noqa: SLF001 # of this module
    number = 1
    # a right of one round serves those of the next
    while new := [*_round(known)]:
        for slot, fresh, named in new:
            known.add(number, slot, named, fresh=fresh)
        number += 1
    return known


def _round(known: Spread) -> Iterator[tuple[Slot, bool, set[str]]]:
    """What a round adds: rights, whether newcomers get them, and who by name."""
    options = known.asked.options
    for place, number in known.asked.classes.of.items():
        for option in options.get(number, ()):
            slot = Slot(option.kind, option.role, place)
            if slot in known.fresh:
                continue
            fresh, named = known.gains(option, slot)
            if fresh or named - known.named.get(slot, set()):
                yield slot, fresh, named
