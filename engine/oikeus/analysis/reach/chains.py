"""The shortest chain of acts that brings rights about.

A chain is found backwards: each right needs an act, and each act the rights that it
rests on: held at the beginning, or brought about by a step before. Chains are tried by
their length, the shortest first, so that the first that people can be found for is the
shortest that there is. Two people may have to come to the same right, since nobody
grants to themselves; never three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ...terms import Line
from .casting import Cast, Step, cast
from .slots import Made, Slot, Verb
from .spreading import Spread

_COPIES = 2
"""How many people may come to the same right in one chain."""


MOST_STEPS = 20_000
"""How many choices a search for the shortest chain takes at most: a second or two."""


@dataclass(slots=True)
class Effort:
    """What is left of the choices that a search may take.

    Whether there is a chain is known before: the effort bounds only how short it is.
    """

    left: int = MOST_STEPS

    @property
    def is_spent(self) -> bool:
        """Whether no more is to be looked for."""
        return self.left < 0


@dataclass(frozen=True, slots=True)
class Link:
    """One act of a chain.

    Attributes:
        verb: what is done.
        by: who does it: a subject, or `person:?1` and the like for anybody.
        holding: what they hold; nothing where nothing need be held.
        to: who gets the right.
        slot: the right.
        rule: the line of policy that allows it.
    """

    verb: Verb
    by: str
    holding: Slot | None
    to: str
    slot: Slot
    rule: Line | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Acts in their order, none of which can go.

    Attributes:
        links: the acts; none where the rights are held at the beginning.
        slots: the rights that somebody has at the end.
        holder: who.
        people: how many subjects take part, whoever gets the rights among them.
        is_shortest: whether no chain is shorter, as far as was looked.
    """

    links: tuple[Link, ...]
    slots: tuple[Slot, ...]
    holder: str
    people: int
    is_shortest: bool = True


def shortest(
    spread: Spread,
    targets: Iterable[Slot],
    *,
    by_act: bool = False,
    effort: Effort | None = None,
) -> Chain | None:
    """The shortest chain to any of some rights.

    Args:
        spread: what can be had.
        targets: the rights; of chains of one length, to the first.
        by_act: whether somebody must get it, also where somebody holds it already.
        effort: how much may be looked for.

    Returns:
        a chain; nothing where none leads there.
    """
    effort = effort or Effort()
    known = [slot for slot in targets if slot in spread]
    if not by_act:
        for slot in known:
            if slot in spread.start:
                return Chain((), (slot,), spread.start[slot][0], 1)
    best: Chain | None = None
    made = [slot for slot in known if slot in spread.rounds]
    for slot in sorted(made, key=spread.rounds.__getitem__):
        if best is not None and spread.rounds[slot] >= len(best.links):
            break
        found = _chains(spread, (slot,), _less_than(best), effort=effort)
        best = next(found, None) or best
    return _told(best, made[:1], effort)


def shortest_to_both(
    spread: Spread,
    one: Slot,
    other: Slot,
    most: int | None = None,
    effort: Effort | None = None,
) -> Chain | None:
    """The shortest chain after which one subject holds two rights.

    Args:
        spread: what can be had.
        one: a right.
        other: another one, of a subject of the same kind.
        most: how many acts there may be; any number where none is said.
        effort: how much may be looked for.
    """
    effort = effort or Effort()
    start = spread.start
    both = {*start.get(one, ())} & {*start.get(other, ())}
    if both:
        return Chain((), (one, other), min(both), 1)
    best: Chain | None = None
    for held, goal in ((one, other), (other, one)):
        able = (name for name in start.get(held, ()) if spread.can_get(name, goal))
        name = next(able, None)
        if name is not None:
            limit = most if best is None else _less_than(best)
            found = _chains(spread, (goal,), limit, (held,), name, effort=effort)
            best = next(found, None) or best
    if _newcomer_gets_both(spread, one, other):
        limit = most if best is None else _less_than(best)
        found = _chains(spread, (one, other), limit, effort=effort)
        best = next(found, None) or best
    return best if most is not None else _told(best, (one, other), effort)


def chains_to(spread: Spread, slot: Slot) -> Iterator[Chain]:
    """Chains to a right, the shortest first, no two of which take the same turns.

    Args:
        spread: what can be had.
        slot: the right.
    """
    if slot in spread.start:
        yield Chain((), (slot,), spread.start[slot][0], 1)
    seen: set[tuple[object, ...]] = set()
    for chain in _chains(spread, (slot,)) if slot in spread.rounds else ():
        doers = {(link.holding, link.by) for link in chain.links}
        if len(doers) > len({holding for holding, _ in doers}):
            continue  # one of them would do
        turns = tuple(
            (link.verb, link.holding and link.holding[:2], link.slot[:2])
            for link in chain.links
        )
        if turns not in seen:
            seen.add(turns)
            yield chain


def through(spread: Spread, last: Iterable[Made]) -> Chain | None:
    """The shortest chain that ends with one of some acts."""
    best: Chain | None = None
    effort, ways = Effort(), [*last]
    for made in ways:
        limit = _less_than(best)
        # where the effort is spent, nothing more is looked for
        found = _chains(spread, (made.slot,), limit, last=made, effort=effort)
        best = next(found, None) or best
    return _told(best, [made.slot for made in ways[:1]], effort)


def _told(best: Chain | None, slots: Sequence[Slot], effort: Effort) -> Chain | None:
    """The best chain; where the effort is spent, that there may be a shorter one.

    INVARIANT: what was not looked for to its end is never told as nothing.
    """
    if not effort.is_spent:
        return best
    if best is None:
        return Chain((), tuple(slots), "", 0, is_shortest=False)
    return replace(best, is_shortest=False)


def _less_than(best: Chain | None) -> int | None:
    return None if best is None else len(best.links) - 1


def _newcomer_gets_both(spread: Spread, one: Slot, other: Slot) -> bool:
    """Whether somebody who holds nothing can come to both."""
    if one not in spread.fresh or other not in spread.fresh:
        return False
    needed = [
        {made.needs for made in spread.ways(slot) if _suits_newcomers(spread, made)}
        for slot in (one, other)
    ]
    if None in needed[0] or None in needed[1] or needed[0] & needed[1]:
        return True
    # what is registered is registered once; what is granted can be granted twice
    return any(
        made.option.verb is Verb.GRANT
        for slot in needed[0] | needed[1]
        if slot is not None
        for made in spread.ways(slot)
    )


def _suits_newcomers(spread: Spread, made: Made) -> bool:
    return made.needs is None or made.needs in spread.fresh


def _chains(  # noqa: PLR0913 # what is looked for
    spread: Spread,
    goals: Sequence[Slot],
    most: int | None = None,
    held: tuple[Slot, ...] = (),
    holder: str | None = None,
    *,
    last: Made | None = None,
    effort: Effort | None = None,
) -> Iterator[Chain]:
    """Chains that bring about all of some rights for one subject, the shortest first.

    Args:
        spread: what can be had.
        goals: the rights.
        most: how many acts there may be.
        held: what that subject holds at the beginning.
        holder: who that is; anybody where it is nobody.
        last: the act that brings the goal about; any where none is said.
        effort: how much may be looked for.
    """
    spent = effort or Effort()
    least = 1 if last else max(spread.rounds[slot] for slot in goals)
    largest = most
    if largest is None:
        largest = _COPIES * sum(_enough(spread, slot) for slot in goals)
    search = _Search(spread, goals, last, spent)
    for size in range(least, largest + 1):
        if spent.is_spent:
            return
        for steps in search.of_size(size):
            people = cast(spread.start, steps, holder)
            if people is not None:
                yield _chain(steps, people, (*held, *goals))


def _enough(spread: Spread, slot: Slot) -> int:
    """How many rights a chain can rest on, the right itself among them."""
    there = {slot}
    queue = [slot]
    for each in queue:
        for way in spread.ways(each):
            for one in way.premises:
                if one not in there and one in spread.rounds:
                    there.add(one)
                    queue.append(one)
    return len(there)


_Right: TypeAlias = tuple[Slot, int]
"""A right that an act is to bring about, and how many acts rest on it in a row."""


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for chains to some rights, backwards from them."""

    spread: Spread
    goals: Sequence[Slot]
    last: Made | None
    effort: Effort

    def of_size(self, size: int) -> Iterator[Sequence[Step]]:
        """Chains of exactly so many acts, each after those that it rests on."""
        yield from self._complete({}, tuple((slot, 0) for slot in self.goals), size)

    def _complete(
        self, chosen: dict[int, Step], rights: tuple[_Right, ...], size: int
    ) -> Iterator[Sequence[Step]]:
        """Choose acts for the rights that have none yet, the first one first.

        Args:
            chosen: the acts so far, by the number of the right.
            rights: those that acts are to bring about.
            size: how many there are to be.
        """
        self.effort.left -= 1
        if self.effort.is_spent:
            return
        number = len(chosen)
        if number == len(rights):
            ordered = _in_order(chosen) if number == size else None
            if ordered is not None:
                yield ordered
            return
        slot, _ = rights[number]
        is_goal = number < len(self.goals)
        for way in self._ways(number, slot):
            for by, with_by in self._supports(way.by, rights, number, size):
                for needs, all_ in self._supports(way.needs, with_by, number, size):
                    step = Step(way, by, needs, is_goal)
                    yield from self._complete({**chosen, number: step}, all_, size)

    def _ways(self, number: int, slot: Slot) -> Iterable[Made]:
        if self.last is not None and number == 0:
            return (self.last,)
        return self.spread.ways(slot)

    def _supports(
        self, slot: Slot | None, rights: tuple[_Right, ...], number: int, size: int
    ) -> Iterator[tuple[int | None, tuple[_Right, ...]]]:
        """What an act can rest on: the beginning, a step that is there, a new one.

        Returns:
            the number of the step; and the rights, with a new one if there is one.
        """
        if slot is None:
            yield None, rights
            return
        if slot in self.spread.start:
            yield None, rights
        copies = [at for at, (each, _) in enumerate(rights) if each == slot]
        yield from ((at, rights) for at in copies if at != number)
        depth = rights[number][1] + 1
        # so many acts are not among those that it rests on
        is_near = self.spread.rounds.get(slot, size) + depth <= size
        is_possible = slot in self.spread.rounds and is_near and len(rights) < size
        if is_possible and len(copies) < _COPIES:
            yield len(rights), (*rights, (slot, depth))


def _in_order(chosen: dict[int, Step]) -> Sequence[Step] | None:
    """The steps in an order that can be; nothing where they go in circles."""
    place: dict[int, int] = {}
    done: list[Step] = []
    left = [*reversed(chosen)]
    while left:
        ready = [
            number
            for number in left
            if {chosen[number].by, chosen[number].needs} <= {None, *place}
        ]
        if not ready:
            return None
        for number in ready:
            step = chosen[number]
            by = None if step.by is None else place[step.by]
            needs = None if step.needs is None else place[step.needs]
            place[number] = len(done)
            done.append(replace(step, by=by, needs=needs))
        left = [number for number in left if number not in place]
    return done


def _chain(steps: Sequence[Step], people: Cast, slots: tuple[Slot, ...]) -> Chain:
    links = tuple(
        Link(each.made.option.verb, by, each.made.by, to, each.made.slot, rule)
        for each, by, to in zip(steps, people.by, people.to, strict=True)
        for rule in (each.made.option.rule,)
    )
    (holder, *_) = [
        link.to for step, link in zip(steps, links, strict=True) if step.is_goal
    ]
    return Chain(links, slots, holder, len({*people.by, *people.to}))
