"""The difference of two versions: ours, and every question decided by both versions.

The versions differ in one rule, which lets a role do what it could not. Brute force
asks every subject about every action at every organisation; it is timed on some
subjects and multiplied, since all of them take as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from time import perf_counter_ns

import oikeus

from . import casbins
from .figures import Figure, Findings, Measurement, Run
from .worlds import SEED, SIZES, TOP, World, make_world, policies

OURS = "oikeus.difference"
BRUTE = "Snapshot.decide, all questions"
RULE = oikeus.Line("p", ("role:ehoks-kayttaja", "hoks", "update", "allow"))
_SUBJECTS = 40
_REPEATED = 5

Gains = set[tuple[str, str, str, str, str]]
"""Sign, subject, action, resource, organisation."""


def difference(run: Run) -> Findings:
    """Measure both, on the same versions."""
    world = make_world(SIZES[run.middle])
    before = casbins.ours(world).snapshot
    others = [line for line in world.lines() if line.ptype != "g"]
    after = before.following(1, lines=[*others, RULE])
    subjects = sorted({grant.subject for grant in world.grants})
    drawn = Random(SEED).sample(subjects, _SUBJECTS)  # noqa: S311 - chance, not secrets
    began = perf_counter_ns()
    expected = brute_force(world, before, after, drawn)
    share = len(subjects) / len(drawn)
    brute = (perf_counter_ns() - began) * share
    # once untimed: tables are made when they are first needed
    found = oikeus.difference(before, after, world.today)
    check(found, drawn, expected)
    times = []
    for _ in range(_REPEATED):
        began = perf_counter_ns()
        oikeus.difference(before, after, world.today)
        times.append(perf_counter_ns() - began)
    ours = sorted(times)[_REPEATED // 2]
    scaled = f"timed on {len(drawn)} of {len(subjects):,} subjects, and multiplied"
    whole = f"{_REPEATED} samples of 1; powers and inert rows are compared as well"
    what, size = "access difference of one rule", world.size.name
    name = f"{what}, {size} grants: brute force to ours"
    return Findings(
        [Figure(name, brute / ours, 20, at_most=False, note=scaled)],
        [
            Measurement(what, size, OURS, ours, max(times), 1.0, whole),
            Measurement(what, size, BRUTE, brute, None, brute / ours, scaled),
        ],
    )


def brute_force(
    world: World,
    before: oikeus.Snapshot,
    after: oikeus.Snapshot,
    subjects: Sequence[str],
) -> Gains:
    """Decide every question about these subjects by both versions."""
    places = [TOP, *(place.oid for place in world.places)]
    rules = (*policies().lines, RULE)
    deeds = {line.values[2:0:-1] for line in rules if line.ptype == "p"}
    day = world.today.toordinal()
    found: Gains = set()
    for subject in subjects:
        for action, resource in deeds:
            for place in places:
                was = before.decide(subject, action, resource, place, day)
                is_now = after.decide(subject, action, resource, place, day)
                if was != is_now:
                    sign = "+" if is_now else "-"
                    found.add((sign, subject, action, resource, place))
    return found


def check(found: oikeus.Difference, subjects: Sequence[str], expected: Gains) -> None:
    """Refuse another answer than brute force has: it would have no time.

    Raises:
        AssertionError: they differ in what one of these subjects gains or loses.
    """
    asked = {*subjects}
    given = {
        (change.sign, change.subject, change.action, change.resource, place)
        for change in found.access
        if change.subject in asked
        for place in change.organisations
    }
    if given != expected:
        message = f"{OURS} gave another answer than {BRUTE}"
        raise AssertionError(message)
