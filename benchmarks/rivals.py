"""Rivals: stock Casbin and Cedar against ours, each in a race of its own."""

from __future__ import annotations

from collections.abc import Mapping

from . import casbins
from .cedar import Cedar, installed
from .figures import OURS, Figure, Findings, Measurement, Run, measured
from .questions import Question, ask
from .race import Contender, Timing, one_by_one_wide, race
from .stage import CHUNK, LIMIT, TURN, Stage
from .worlds import World

DROP_IN = "oikeus.Enforcer"
STOCK = "casbin.Enforcer"
FAST = "casbin.FastEnforcer, by resource and action"
CEDAR = "cedarpy"
CEDAR_LESS = "cedarpy, days worked out beforehand"
CEDAR_FRESH = "cedarpy, the entities of each question"

_PLACES = 20
"""How many organisations Casbin is asked about: a first question takes it long."""
_COLD = "first decision in an organisation"
_WARM = "decisions, known organisations"


def stock_casbin(stage: Stage, run: Run) -> Findings:
    """Ask Casbin about few organisations: first once, then about many subjects."""
    first, more = _about_few(stage.world)
    world, size = stage.world, stage.world.size.name
    made = {
        STOCK: casbins.stock(world).enforce,
        FAST: casbins.fast(world).enforce,
        DROP_IN: getattr(casbins.drop_in(world), "enforce", None),
    }
    found = Findings()
    timed: dict[str, Mapping[str, Timing]] = {}
    for what, asked, seconds in ((_COLD, first, 0.0), (_WARM, more, run.seconds)):
        now = stage.asked(asked)
        contenders = [now.ours(OURS)]
        for name, enforce in made.items():
            if enforce is None:
                missing = Measurement(what, size, name, note="not there")
                found.measurements.append(missing)
                continue
            to_requests = (
                casbins.as_fast_requests if name == FAST else casbins.as_requests
            )
            requests, answers = to_requests(asked, world), one_by_one_wide(enforce)
            contenders.append(Contender(name, answers, requests, now.expected))
        turn, chunk = 1, 1
        if what == _WARM:
            turn, chunk = TURN, CHUNK
            for each in contenders:
                each.answers(each.asked)
        timed[what] = race(contenders, turn=turn, chunk=chunk, seconds=seconds)
        found.measurements += measured(what, size, timed[what])
    found.figures += _stock_figures(world, timed)
    return found


def _stock_figures(
    world: World, timed: Mapping[str, Mapping[str, Timing]]
) -> list[Figure]:
    name = f"stock pycasbin to allows, {world.size.name} grants"
    domains = len({(grant.organisation, grant.days) for grant in world.grants})
    return [
        Figure(
            f"{name}, {what}",
            timed[what][STOCK].median / timed[what][OURS].median,
            bar,
            at_most=False,
            note=f"{domains:,} domains hold grants" if what == _COLD else "",
        )
        for what, bar in ((_WARM, 50), (_COLD, 1_000))
    ]


def _about_few(world: World) -> tuple[list[Question], list[Question]]:
    """One question about each of few known organisations, and all others about them."""
    known = {place.oid for place in world.places}
    by_place: dict[str, list[Question]] = {}
    for question in ask(world, world.size.grants):
        if question[3] in known:
            by_place.setdefault(question[3], []).append(question)
    few = [*by_place.values()][:_PLACES]
    return [asked[0] for asked in few], [each for asked in few for each in asked]


def cedar(stage: Stage, run: Run) -> Findings:
    """Ask Cedar everything, or say that cedarpy is not installed."""
    size = stage.world.size.name
    what = "decisions, Cedar among them"
    figures = {
        CEDAR_FRESH: f"cedarpy to allows, {size} grants, entities of each question",
        CEDAR: f"cedarpy to allows, {size} grants, all entities parsed before",
    }
    if not installed():
        note = "not installed"
        return Findings(
            [
                Figure(name, None, 80, at_most=False, note=note)
                for name in figures.values()
            ],
            [Measurement(what, size, CEDAR, note=note)],
        )
    contenders = stage.pair
    for title, days in ((CEDAR, True), (CEDAR_LESS, False)):
        made = Cedar(stage.world, days=days)
        asked, right = made.asked(stage.questions), stage.expected
        contenders += [
            Contender(title, made.one_by_one, asked, right),
            Contender(f"{title}, in lists", made.together, asked, right),
        ]
        if days:
            fresh = Contender(CEDAR_FRESH, made.with_its_own, asked, right)
            contenders.append(fresh)
    timings = race(
        contenders, turn=TURN, chunk=CHUNK, seconds=run.seconds, settled=True
    )
    ratios = {name: timings[name].median / timings[OURS].median for name in timings}
    limit = timings[CEDAR].median / timings[LIMIT].median
    notes = {
        CEDAR_FRESH: "so that a grant can change",
        CEDAR: (
            f"no grant can change; {limit:.0f} to the limit, "
            f"{ratios[CEDAR_LESS]:.0f} to ours where Cedar need not check the days"
        ),
    }
    found = [
        Figure(name, ratios[kind], 80, at_most=False, note=notes[kind])
        for kind, name in figures.items()
    ]
    return Findings(found, measured(what, size, timings))
