"""A database: loading it whole, and taking in one changed grant.

Each load runs in a process of its own, whose peak memory is the whole process's. The
file is made once; what is in it is what `oikeus apply` and imports would write.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import casbin
import click
import sqlalchemy_adapter

import oikeus

from .casbins import MODEL
from .figures import Figure, Findings, Measurement, Run
from .worlds import ROOT, SIZES, TOP, World, make_world, policies

_LOADS = ("ours", "stock", "ours")
_CHANGES = 20
_LONGEST = 10.0
"""How many seconds of taking in changes are enough, however few there were."""
_KIB = 1024
_NANO = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act cost in a process of its own.

    Attributes:
        seconds: of each time that it was done.
        peak: the most memory that the process ever had, in bytes.
    """

    seconds: list[float]
    peak: int


def database(run: Run) -> Findings:
    """Measure loading and refreshing at the largest size."""
    size = run.large
    with tempfile.TemporaryDirectory(prefix="oikeus-bench-") as scratch:
        url = f"sqlite:///{scratch}/oikeus.db"
        made = _in_child("make", url, size)
        costs: dict[str, list[Cost]] = {"ours": [], "stock": []}
        for who in _LOADS:
            costs[who].append(_in_child(who, url, size))
        changed = _in_child("change", url, size)
    [stock] = costs["stock"]
    # the worse one of ours
    seconds = max(cost.seconds[0] for cost in costs["ours"])
    ours = Cost([seconds], max(cost.peak for cost in costs["ours"]))
    refresh = sorted(changed.seconds)[len(changed.seconds) // 2]
    what = "load from SQLite"
    return Findings(
        figures=_figures(size, stock, ours, refresh),
        measurements=[
            _measurement(what, size, "oikeus.connect and a decision", seconds),
            _measurement(what, size, "casbin.Enforcer", stock.seconds[0]),
            _measurement("make the database", size, "oikeus.Store", made.seconds[0]),
            _measurement("one changed grant", size, "LivePoint.refresh", refresh),
        ],
    )


def _figures(size: str, stock: Cost, ours: Cost, refresh: float) -> list[Figure]:
    name = f"load of {size} grants, stock adapter and enforcer to ours"
    theirs, seconds = stock.seconds[0], ours.seconds[0]
    return [
        Figure(
            f"{name}: time",
            theirs / seconds,
            8,
            at_most=False,
            note=f"{theirs:.1f} s to {seconds:.1f} s",
        ),
        Figure(
            f"{name}: memory",
            stock.peak / ours.peak,
            6,
            at_most=False,
            note=f"{stock.peak / 1e6:,.0f} MB to {ours.peak / 1e6:,.0f} MB at the peak",
        ),
        Figure(
            f"taking in one changed grant at {size} grants, to a full load",
            refresh / seconds,
            1 / 10_000,
            at_most=True,
            note=f"{refresh * 1e3:,.2f} ms",
        ),
    ]


def _measurement(what: str, size: str, who: str, seconds: float) -> Measurement:
    return Measurement(what, size, who, seconds * _NANO, note="wall time")


def _in_child(act: str, url: str, size: str) -> Cost:
    command = [sys.executable, "-m", "benchmarks.database", act, url, size]
    done = subprocess.run(  # noqa: S603 - this very program
        command, check=True, cwd=ROOT, stdout=subprocess.PIPE
    )
    return Cost(**json.loads(done.stdout))


def _make(url: str, size: str) -> list[float]:
    world = make_world(SIZES[size])
    start = perf_counter()
    commit(world, url)
    return [perf_counter() - start]


def commit(world: World, url: str) -> None:
    """Make a database of a world, as one version."""
    change = oikeus.Change(
        "policy",
        "person:bench",
        "a world to measure",
        add=tuple(dict.fromkeys(world.lines())),
        model=MODEL.read_text(encoding="utf-8"),
        catalogue=policies().catalogue_text,
    )
    with oikeus.Store.open(url) as store, store.writing() as writer:
        writer.commit(change)


def _stock(url: str, size: str) -> list[float]:
    start = perf_counter()
    enforcer = casbin.Enforcer(str(MODEL), sqlalchemy_adapter.Adapter(url))
    oikeus.prepare(enforcer)
    took = perf_counter() - start
    _check_count(len(enforcer.get_grouping_policy()), size)
    return [took]


def _ours(url: str, size: str) -> list[float]:
    start = perf_counter()
    with oikeus.connect(url, every=None) as point:
        # whatever is only made when it is needed counts as loading
        point.allows("person:nobody", "read", "hoks", TOP)
        took = perf_counter() - start
    del size
    return [took]


def _change(url: str, size: str) -> list[float]:
    """Grant and revoke one right by turns; only taking it in is timed."""
    place = make_world(SIZES[size]).places[0].oid
    grant = oikeus.Line(
        "g", ("person:new", "role:vastuukayttaja", f"{place}@2000-01-01..2099-12-31")
    )
    asked = ("person:new", "create", "tiedonsiirtotunnus", place)
    one = oikeus.Change("grants", "person:bench", "one grant")
    grants, revokes = replace(one, add=(grant,)), replace(one, remove=(grant,))
    taken: list[float] = []
    with oikeus.connect(url, every=None) as point, oikeus.Store.open(url) as store:
        for turn in range(_CHANGES):
            added = turn % 2 == 0
            with store.writing() as writer:
                writer.commit(grants if added else revokes)
            start = perf_counter()
            point.refresh()
            taken.append(perf_counter() - start)
            if point.allows(*asked) is not added:
                message = f"the grant was {'not' if added else 'still'} decided by"
                raise AssertionError(message)
            if sum(taken) > _LONGEST:
                break
    return taken


def _check_count(grants: int, size: str) -> None:
    if grants < SIZES[size].grants:
        message = f"only {grants} grants were loaded"
        raise AssertionError(message)


_ACTS: dict[str, Callable[[str, str], list[float]]] = {
    "make": _make,
    "stock": _stock,
    "ours": _ours,
    "change": _change,
}


def main(act: str, url: str, size: str) -> None:
    """Do one act, and print what it cost."""
    seconds = _ACTS[act](url, size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes
    unit = 1 if sys.platform == "darwin" else _KIB
    click.echo(json.dumps({"seconds": seconds, "peak": peak * unit}))


if __name__ == "__main__":
    main(*sys.argv[1:])
