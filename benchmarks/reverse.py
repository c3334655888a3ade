"""Reverse questions, who can and where can: two sizes, as many answers in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import oikeus

from . import casbins
from .figures import Figure, Findings, Run, measured
from .race import Contender, race
from .worlds import SIZES, TOP, World, make_world, policies

_ACTION, _RESOURCE = "read", "hoks"
_ASKED = 10
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers there are in a world, counted without any engine.

    Attributes:
        who: for each organisation, how many subjects may read there.
        where: for each subject, at how many organisations it may.
    """

    who: dict[str, int]
    where: dict[str, int]


def reverse(run: Run) -> Findings:
    """Ask both worlds, by turns, questions with the same numbers of answers."""
    worlds = [make_world(SIZES[size]) for size in (run.small, run.large)]
    points = [casbins.ours(world) for world in worlds]
    counted = [_count(world) for world in worlds]
    found = Findings()
    for what, counts, ask in (
        ("who_can", [each.who for each in counted], _who),
        ("where_can", [each.where for each in counted], _where),
    ):
        asked, expected = _alike(counts)
        names = [f"{what}, {world.size.name} grants" for world in worlds]
        contenders = [
            Contender(name, ask(point), questions, expected)
            for name, point, questions in zip(names, points, asked, strict=True)
        ]
        timings = race(contenders, turn=1, chunk=1, seconds=run.seconds)
        found.measurements += measured(
            f"{what}, {min(expected)} to {max(expected)} answers",
            " and ".join(world.size.name for world in worlds),
            timings,
            names[0],
        )
        ratio = timings[names[1]].median / timings[names[0]].median
        name = f"{what} at {run.large} grants to {what} at {run.small}"
        found.figures.append(Figure(name, ratio, 3, at_most=True))
    return found


def _who(point: oikeus.DecisionPoint) -> Callable[[Sequence[str]], list[int]]:
    return lambda places: [
        len(point.who_can(_ACTION, _RESOURCE, place)) for place in places
    ]


def _where(point: oikeus.DecisionPoint) -> Callable[[Sequence[str]], list[int]]:
    return lambda subjects: [
        len(point.where_can(subject, _ACTION, _RESOURCE)) for subject in subjects
    ]


def _alike(counts: Sequence[dict[str, int]]) -> tuple[list[list[str]], list[int]]:
    """Choose questions for each world, in pairs with as many answers, few and many."""
    by_number = [{number: asked for asked, number in each.items()} for each in counts]
    shared = sorted(set.intersection(*(set(each) for each in by_number)) - {0})
    step = max(1, len(shared) // _ASKED)
    numbers = shared[::step][:_ASKED]
    return [[each[number] for number in numbers] for each in by_number], numbers


def _count(world: World) -> Answers:
    lines = policies().lines
    readers = {
        line.values[0]
        for line in lines
        if line.ptype == "p" and line.values[1:3] == (_RESOURCE, _ACTION)
    }
    levels = {line.values for line in lines if line.ptype == "g4"}
    kinds = {line.values for line in lines if line.ptype == "g3"}
    level_of = {place.oid: f"level:{place.level}" for place in world.places}
    blocked = frozenset(world.blocked)
    here: dict[str, set[str]] = {TOP: set()}
    held: dict[str, set[str]] = {}
    for subject, role, place, days in world.grants:
        if (
            role in readers
            and world.today in days
            and subject not in blocked
            and (level_of[place], role) in levels
            and (role, subject.partition(":")[0]) in kinds
        ):
            here.setdefault(place, set()).add(subject)
            held.setdefault(subject, set()).add(place)
    above: dict[str, list[str]] = {TOP: [TOP]}
    below: dict[str, set[str]] = {}
    who: dict[str, int] = {}
    for oid, parent, *_ in world.places:
        above[oid] = [oid, *above[parent]]
        for each in above[oid]:
            below.setdefault(each, set()).add(oid)
        found = [here.get(each, set()) for each in above[oid]]
        who[oid] = len(set().union(*found))
    where = {
        subject: len(set().union(*(below[place] for place in places)))
        for subject, places in held.items()
    }
    return Answers(who, where)
