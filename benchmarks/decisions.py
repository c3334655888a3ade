"""Decisions: the limit and ours at each size, all other contenders at one."""

from __future__ import annotations

from .figures import OURS, Figure, Findings, Measurement, Run, measured
from .questions import ask
from .race import Contender, Timing, race
from .rivals import cedar, stock_casbin
from .stage import CHUNK, LIMIT, TURN, Stage

MANY = "oikeus.DecisionPoint.allows_many"
_MANY_SUBJECTS = 200_000


def decisions(run: Run) -> Findings:
    """Measure decisions at every size, one size after the other."""
    found = Findings()
    small = Stage.of(run.small, run.questions)
    _tight(small, run, found)
    for size in filter(None, (run.middle, run.large, run.huge)):
        stage = Stage.of(size, run.questions)
        timings = _tight(stage, run, found)
        ratio = timings[OURS].median / timings[LIMIT].median
        found.figures.append(
            Figure(f"allows to the limit, {size} grants", ratio, 1.3, at_most=True)
        )
        if size == run.middle:
            found += stock_casbin(stage, run)
            found += cedar(stage, run)
        if size == run.large:
            _growth(small, stage, run, found)
            _once(stage, found)
    return found


def _growth(small: Stage, large: Stage, run: Run, found: Findings) -> None:
    """Ours at two sizes, by turns."""
    names = [f"{OURS}, {stage.world.size.name} grants" for stage in (small, large)]
    contenders = [small.ours(names[0]), large.ours(names[1])]
    timings = race(contenders, turn=TURN, chunk=CHUNK, seconds=run.seconds)
    size = f"{run.small} and {run.large}"
    found.measurements += measured("growth", size, timings, names[0])
    ratio = timings[names[1]].median / timings[names[0]].median
    name = f"allows at {run.large} grants to allows at {run.small}"
    found.figures.append(Figure(name, ratio, 3, at_most=True))


def _tight(stage: Stage, run: Run, found: Findings) -> dict[str, Timing]:
    """The limit and ours alone: nobody else empties the processor's caches."""
    contenders = stage.pair
    many = getattr(stage.point, "allows_many", None)
    if many is not None:
        contenders.append(Contender(MANY, many, stage.questions, stage.expected))
    timings = race(contenders, turn=TURN, chunk=CHUNK, seconds=run.seconds)
    size = stage.world.size.name
    found.measurements += measured("decisions", size, timings)
    if many is None:
        missing = Measurement("decisions", size, MANY, note="not there")
        found.measurements.append(missing)
    return timings


def _once(stage: Stage, found: Findings) -> None:
    """Each question asked once: nothing that it needs is near the processor yet."""
    count = min(_MANY_SUBJECTS, stage.world.size.grants // 2)
    once = stage.asked(ask(stage.world, count, seed="once"))
    timings = race(once.pair, turn=TURN, chunk=CHUNK, seconds=0)
    what = f"decisions, {len(once.questions):,} subjects"
    found.measurements += measured(what, stage.world.size.name, timings)
