"""Importing very many grants, to a bare bulk insert of the rows that it leaves behind.

Each act runs in a process of its own: the import reads CSV files and checks each row;
the bare insert has the rows in memory, digests and all, when its time begins.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import mean
from time import perf_counter

import click

import oikeus

from . import bulk
from .casbins import MODEL
from .figures import Figure, Findings, Measurement, Run
from .server import NOT_INSTALLED, administer, database, installed, server
from .worlds import ROOT, SIZES, Held, make_world, policies

_ROUNDS = 2
_FILES = 10
_HEADER = "subject,role,organisation,from,until\n"
_SPARE = 1.05
"""How many more grants are drawn, since some overlap and are left out."""
_BAR = 3
_OURS = "oikeus.import_grants"
_BARE = {"executemany": "SQLite", "COPY": "PostgreSQL", "unnest": "PostgreSQL"}
_WHAT = "import of grants"
_KIB = 1024
_NANO = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act cost in a process of its own.

    Attributes:
        seconds: that it took.
        peak: the most memory that the process ever had, in bytes.
    """

    seconds: float
    peak: int


def imports(run: Run) -> Findings:
    """Measure an import into both databases."""
    with tempfile.TemporaryDirectory(prefix="oikeus-bench-") as scratch:
        base = f"sqlite:///{scratch}/base.db"
        _in_child("make", base, scratch, run)
        found = _findings(run, "SQLite", _on_sqlite(scratch, run))
        if not installed():
            name = _name(run, "PostgreSQL", "COPY")
            figure = Figure(name, None, _BAR, at_most=True, note=NOT_INSTALLED)
            found.figures.append(figure)
            return found
        with server() as url:
            found += _findings(run, "PostgreSQL", _on_postgresql(url, scratch, run))
    return found


def _on_sqlite(scratch: str, run: Run) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {_OURS: [], "executemany": []}
    for _ in range(_ROUNDS):
        for name in ("ours", "bare"):
            shutil.copy(f"{scratch}/base.db", f"{scratch}/{name}.db")
        ours, bare = f"sqlite:///{scratch}/ours.db", f"{scratch}/bare.db"
        costs[_OURS].append(_in_child("ours", ours, scratch, run))
        cost = _in_child("executemany", bare, f"{scratch}/ours.db", run)
        costs["executemany"].append(cost)
    return costs


def _on_postgresql(url: str, scratch: str, run: Run) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {_OURS: [], "COPY": [], "unnest": []}
    administer(url, "CREATE DATABASE base")
    oikeus.Store.migrate(database(url, "base"))
    _in_child("make", database(url, "base"), scratch, run)
    for _ in range(_ROUNDS):
        for name in ("ours", "bare"):
            _renew(url, name)
        ours, bare = database(url, "ours"), database(url, "bare")
        costs[_OURS].append(_in_child("ours", ours, scratch, run))
        costs["COPY"].append(_in_child("COPY", bare, ours, run))
        _renew(url, "bare")
        costs["unnest"].append(_in_child("unnest", bare, ours, run))
    return costs


def _renew(url: str, name: str) -> None:
    """Make a database anew, with the policy; what was written before is on the disk."""
    made = f"CREATE DATABASE {name} TEMPLATE base"
    administer(url, f"DROP DATABASE IF EXISTS {name}", made, "CHECKPOINT")


def _findings(run: Run, where: str, costs: dict[str, list[Cost]]) -> Findings:
    size = f"{run.imported:,}"
    took = {name: mean(cost.seconds for cost in each) for name, each in costs.items()}
    ours = took[_OURS]
    peaks = {name: max(cost.peak for cost in each) for name, each in costs.items()}
    return Findings(
        figures=[
            Figure(
                _name(run, where, name),
                ours / seconds,
                _BAR,
                at_most=True,
                note=f"{ours:.1f} s to {seconds:.1f} s",
            )
            for name, seconds in took.items()
            if name != _OURS
        ],
        measurements=[
            Measurement(
                f"{_WHAT}, {where}",
                size,
                name,
                seconds * _NANO,
                ratio=seconds / ours,
                note=f"wall time, mean of {_ROUNDS}; {peaks[name] / 1e6:,.0f} MB",
            )
            for name, seconds in took.items()
        ],
    )


def _name(run: Run, where: str, how: str) -> str:
    return f"import of {run.imported:,} grants, to a bare bulk insert: {where}, {how}"


def _in_child(act: str, url: str, other: str, run: Run) -> Cost:
    command = [sys.executable, "-m", "benchmarks.imports", act, url, other]
    command += [run.middle, str(run.imported)]
    done = subprocess.run(  # noqa: S603 - this very program
        command, check=True, cwd=ROOT, stdout=subprocess.PIPE
    )
    return Cost(**json.loads(done.stdout))


def _make(url: str, scratch: str, size: str, count: int) -> float:
    """Write the CSV files, and the policy and the register into the database."""
    shape = SIZES[size]
    world = make_world(replace(shape, grants=int(count * _SPARE) + _FILES))
    rows = islice(_apart(world.grants), count)
    share = -(-count // _FILES)
    for number in range(_FILES):
        text = "".join(map(_written, islice(rows, share)))
        path = Path(scratch) / f"grants{number}.csv"
        path.write_text(_HEADER + text, encoding="utf-8")
    start = perf_counter()
    lines = dict.fromkeys(world.lines())
    # the policy's own grants have sources
    kept = tuple(line for line in lines if line.ptype != "g" or line.source is not None)
    change = oikeus.Change(
        "policy",
        "person:bench",
        "a policy and a register",
        add=kept,
        model=MODEL.read_text(encoding="utf-8"),
        catalogue=policies().catalogue_text,
    )
    with oikeus.Store.open(url) as store, store.writing() as writer:
        writer.commit(change)
    return perf_counter() - start


def _apart(grants: tuple[Held, ...]) -> Iterator[Held]:
    """Leave out those that overlap an equal one, which no import takes."""
    spans: dict[tuple[str, str, str], list[oikeus.Span]] = {}
    for grant in grants:
        others = spans.setdefault(grant[:3], [])
        days = grant.days
        if all(days.last < one.first or one.last < days.first for one in others):
            others.append(days)
            yield grant


def _written(grant: Held) -> str:
    subject, role, organisation, days = grant
    name = role.removeprefix("role:")
    return f"{subject},{name},{organisation},{days.first},{days.last}\n"


def _ours(url: str, scratch: str, size: str, count: int) -> float:
    del size
    paths = [Path(scratch) / f"grants{number}.csv" for number in range(_FILES)]
    start = perf_counter()
    files = [(path.name, path.read_text(encoding="utf-8")) for path in paths]
    with oikeus.Store.open(url) as store:
        done = oikeus.import_grants(store, files, actor="person:bench")
    took = perf_counter() - start
    if len(done.added) != count:
        message = f"only {len(done.added)} grants were imported"
        raise AssertionError(message)
    return took


def _executemany(path: str, other: str, size: str, count: int) -> float:
    del size, count
    return bulk.into_sqlite(path, bulk.sqlite_rows(other))


def _copy(url: str, other: str, size: str, count: int) -> float:
    del size, count
    return bulk.into_postgresql(url, bulk.postgresql_rows(other), bulk.by_copy)


def _unnest(url: str, other: str, size: str, count: int) -> float:
    del size, count
    return bulk.into_postgresql(url, bulk.postgresql_rows(other), bulk.by_arrays)


_ACTS: dict[str, Callable[[str, str, str, int], float]] = {
    "make": _make,
    "ours": _ours,
    "executemany": _executemany,
    "COPY": _copy,
    "unnest": _unnest,
}


def main(act: str, url: str, other: str, size: str, count: str) -> None:
    """Do one act, and print what it cost."""
    seconds = _ACTS[act](url, other, size, int(count))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes
    unit = 1 if sys.platform == "darwin" else _KIB
    click.echo(json.dumps({"seconds": seconds, "peak": peak * unit}))


if __name__ == "__main__":
    main(*sys.argv[1:])
