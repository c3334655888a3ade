"""A long history: what a commit costs, and looking back, and verifying all of it.

The long history is written through the chain's own functions, past the store, which
would wait for the disk once a version; `verify` finds it as the store would have made
it. Everything that is timed is done through the store.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import text

import oikeus
from oikeus.store.chain import GENESIS, chained, change_form, version_digest
from oikeus.store.logged import changes_spelt_here

from .figures import Figure, Findings, Measurement, Run

_LINES = 1_000
_NEAR = 10
_COMMITS = 60
_ROUNDS = 5
_NANO = 1e9
_CHANGE = oikeus.Change("grants", "person:bench", "a history to measure")


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act cost, in seconds; the median of many times."""

    name: str
    seconds: float


def versions(run: Run) -> Findings:
    """Measure a history of as many versions as the run says."""
    count = f"{run.versions:,}"
    with tempfile.TemporaryDirectory(prefix="oikeus-bench-") as scratch:
        short = _begin(f"sqlite:///{scratch}/short.db", _LINES)
        long = _begin(f"sqlite:///{scratch}/long.db", _LINES)
        _lengthen(long, run.versions)
        if not oikeus.verify(long).clean:
            message = "the long history is not as the store would have made it"
            raise AssertionError(message)
        first, last = _commits(short, long)
        near = _cost(f"{_NEAR} versions back", lambda: long.load(run.versions - _NEAR))
        far = _cost(f"{count} versions back", lambda: long.load(1))
        replayed = _cost("replay of the log", lambda: _replay(long, 1))
        head = _cost("the head", long.load)
        whole = _begin(f"sqlite:///{scratch}/whole.db", run.changes)
        alone, verified = _verify(whole)
        for store in (short, long, whole):
            store.close()
    size = f"{run.changes:,} changes"
    looks = (head, near, far, replayed)
    return Findings(
        figures=[
            Figure(
                f"a small commit at version {count}, to one at version 1",
                last.seconds / first.seconds,
                1.5,
                at_most=True,
                note=f"{last.seconds * 1e3:.1f} ms to {first.seconds * 1e3:.1f} ms",
            ),
            Figure(
                f"reading {count} versions back, to reading the head and replaying",
                far.seconds / (head.seconds + replayed.seconds),
                1,
                at_most=True,
                note=f"{far.seconds * 1e3:.0f} ms",
            ),
            Figure(
                f"reading {_NEAR} versions back, to reading the head",
                near.seconds / head.seconds,
                2,
                at_most=True,
                note=f"{near.seconds * 1e3:.0f} ms",
            ),
            Figure(
                f"verifying {size}, to hashing the same bytes alone",
                verified.seconds / alone.seconds,
                5,
                at_most=True,
                note=f"{verified.seconds:.2f} s to {alone.seconds:.2f} s",
            ),
        ],
        measurements=[
            *(_row("small commit", count, each) for each in (first, last)),
            *(_row("looking back", count, each) for each in looks),
            *(_row("verify", size, each) for each in (alone, verified)),
        ],
    )


def _row(what: str, size: str, cost: Cost) -> Measurement:
    return Measurement(what, size, cost.name, cost.seconds * _NANO, note="median")


def _grant(number: int) -> oikeus.Line:
    place = f"1.2.246.562.10.{20_000_000_000 + number % 1800}@2026-01-01..2026-12-31"
    person = f"person:1.2.246.562.24.{10_000_000_000 + number}"
    return oikeus.Line("g", (person, "role:ehoks-kayttaja", place))


def _begin(url: str, lines: int) -> oikeus.Store:
    store = oikeus.Store.open(url)
    with store.writing() as writer:
        writer.commit(replace(_CHANGE, add=tuple(map(_grant, range(lines)))))
    return store


def _lengthen(store: oikeus.Store, count: int) -> None:
    """Grant and revoke by turns, in one transaction, up to that version."""
    (only,) = store.versions()
    with store.database.writing() as connection:
        driver: Any = connection.connection.driver_connection
        before = only.digest
        for number in range(2, count + 1):
            version, change = _rows(number, before, only.time)
            before = version["digest"]
            _insert(driver, "oikeus_version", version)
            _insert(driver, "oikeus_change", change)
            driver.execute("UPDATE oikeus_head SET version = ?", [number])
        if count % 2 == 0:
            rule = {"id": _LINES + 1, "ptype": "g"}
            _insert(driver, "casbin_rule", rule | _values())


def _rows(number: int, before: str, time: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A version and its one change, as the store writes them."""
    op = "-" if number % 2 else "+"
    line = {
        "version": number,
        "position": 1,
        "op": op,
        "rule": _LINES + 1,
        "ptype": "g",
    }
    change: dict[str, Any] = line | _values()
    change |= dict.fromkeys(("source_file", "source_line", "source_comment"))
    ((*_, last),) = chained(before, [tuple(change.values())], change_form)
    version: dict[str, Any] = {
        "number": number,
        "time": time,
        "actor": _CHANGE.actor,
        "origin": _CHANGE.origin,
        "message": _CHANGE.message,
        **dict.fromkeys(("model", "catalogue", "granter", "power", "git_commit")),
        "approval": None,
        "previous": before,
    }
    version["digest"] = version_digest(version, str(last))
    return version, change | {"digest": last}


def _values() -> dict[str, str | None]:
    values = (*_grant(-1).values, None, None, None)
    return {f"v{number}": value for number, value in enumerate(values)}


def _insert(driver: Any, table: str, row: dict[str, Any]) -> None:  # noqa: ANN401 # SQLite's
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    driver.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 # ours
        tuple(row.values()),
    )


def _commits(short: oikeus.Store, long: oikeus.Store) -> tuple[Cost, Cost]:
    """Grant and revoke in both by turns, so that the disk's moods hit both alike."""
    took: dict[str, list[float]] = {"at version 1": [], "at the end": []}
    grants = replace(_CHANGE, add=(_grant(-2),))
    revokes = replace(_CHANGE, remove=(_grant(-2),))
    for turn in range(_COMMITS):
        for name, store in zip(took, (short, long), strict=True):
            start = perf_counter()
            with store.writing() as writer:
                writer.commit(revokes if turn % 2 else grants)
            took[name].append(perf_counter() - start)
    first, last = (Cost(name, median(seconds)) for name, seconds in took.items())
    return first, last


def _cost(name: str, act: Callable[[], object]) -> Cost:
    return Cost(name, median(_timed(act) for _ in range(_ROUNDS)))


def _timed(
    act: Callable[[], object], clock: Callable[[], float] = perf_counter
) -> float:
    start = clock()
    act()
    return clock() - start


def _replay(store: oikeus.Store, number: int) -> dict[int, tuple[Any, ...]]:
    """Go back from the head to a version, change by change: the plain way to do it."""
    statement = text(
        "SELECT op, rule, ptype, v0, v1, v2, v3, v4, v5 FROM oikeus_change "
        "WHERE version > :number ORDER BY version DESC, position DESC"
    )
    lines: dict[int, tuple[Any, ...]] = {}
    with store.database.reading() as connection:
        for op, rule, *line in connection.execute(statement, {"number": number}):
            if op == "-":
                lines[rule] = tuple(line)
            elif op == "+":
                lines.pop(rule, None)
    return lines


def _verify(store: oikeus.Store) -> tuple[Cost, Cost]:
    """Hash the bytes of all digests, and verify, by turns; in time of the processor."""
    forms = [*_forms(store)]
    took: dict[str, list[float]] = {"SHA-256 alone": [], "oikeus.verify": []}
    for _ in range(_ROUNDS):
        took["SHA-256 alone"].append(_timed(lambda: _hash(forms), process_time))
        took["oikeus.verify"].append(_timed(lambda: oikeus.verify(store), process_time))
    alone, verified = (Cost(name, median(seconds)) for name, seconds in took.items())
    return alone, verified


def _hash(forms: list[bytes]) -> None:
    for form in forms:
        sha256(form).hexdigest()


def _forms(store: oikeus.Store) -> Iterator[bytes]:
    """What the digests of all changes are made over; those of versions are few."""
    with store.database.reading() as connection:
        before = GENESIS
        for row in changes_spelt_here(connection):
            yield f'["{before}",{row.spelt[1:]}'.encode()
            before = row.digest
