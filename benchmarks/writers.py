"""Grants under load: many writers at one database, to as many that only write.

Ours grant by `oikeus.Administration`: each grant is decided in a turn of its own, by
whatever the others have written before. The bare ones run the same statements, through
the same driver, on values that stand ready: lock the head, insert the version, the line
and the change, advance the head, commit. Each grants other people.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import oikeus

from .casbins import MODEL
from .figures import Figure, Findings, Measurement, Run
from .server import NOT_INSTALLED, administer, database, installed, server
from .worlds import INSTITUTION, ROOT, SIZES, World, make_world, policies

_WRITERS = 8
_TURNS = 5
_WARM = 8
"""How many grants each gives before it counts: statements are prepared by then."""
_DONE = "done\n"
_BAR = 0.3
_NANO = 1e9
_GRANTER = "person:granter"
_ROLE = "role:ehoks-kayttaja"
_OURS, _BARE, _THREADS = (
    "oikeus.Administration.grant, 8 processes",
    "bare statements, 8 processes",
    "oikeus.Administration.grant, 8 threads of one process",
)

Grant = Callable[[str], None]
Turn = Callable[[int], float]
"""Lets each writer give so many grants; the seconds until all have."""


def writers(run: Run) -> Findings:
    """Measure writers on PostgreSQL."""
    name = f"grants of {_WRITERS} writers at {run.middle} grants, to bare statements"
    if not installed():
        missing = Figure(name, None, _BAR, at_most=False, note=NOT_INSTALLED)
        return Findings([missing])
    world = make_world(SIZES[run.middle])
    place = _place(world)
    with server() as url, ExitStack() as stack:
        administer(url, "CREATE DATABASE base")
        oikeus.Store.migrate(database(url, "base"))
        _make(database(url, "base"), world, place)
        turns: dict[str, Turn] = {}
        for who, act in ((_BARE, "bare"), (_OURS, "ours"), (_THREADS, "threads")):
            administer(url, f"CREATE DATABASE {act} TEMPLATE base")
            turns[who] = stack.enter_context(_writing(act, database(url, act), place))
        took: dict[str, list[float]] = {who: [] for who in turns}
        # by turns, so that what else goes on hits all alike
        for _ in range(_TURNS):
            for who, turn in turns.items():
                took[who].append(turn(run.granted))
        for act in ("bare", "ours", "threads"):
            _check(database(url, act), run.granted * _TURNS)
    rates = {
        who: _WRITERS * run.granted / median(seconds) for who, seconds in took.items()
    }
    ours, bare = rates[_OURS], rates[_BARE]
    return Findings(
        figures=[
            Figure(
                name,
                ours / bare,
                _BAR,
                at_most=False,
                note=f"{ours:,.0f} to {bare:,.0f} grants a second",
            )
        ],
        measurements=[
            Measurement(
                "grants under load, PostgreSQL",
                run.middle,
                who,
                _NANO / rate,
                ratio=ours / rate,
                note=f"wall time for one; {rate:,.0f} a second by all",
            )
            for who, rate in rates.items()
        ],
    )


def _place(world: World) -> str:
    """Where the granter may grant."""
    return next(
        place.oid
        for place in world.places
        if place.level == INSTITUTION
        and place.mode == "mode:integraatio"
        and _is_active(world, place.oid)
    )


def _is_active(world: World, organisation: str) -> bool:
    by_id = {place.oid: place for place in world.places}
    at = by_id.get(organisation)
    while at is not None:
        if at.passive:
            return False
        at = by_id.get(at.parent)
    return True


def _make(url: str, world: World, place: str) -> None:
    days = f"{world.today - timedelta(1)}..{world.today + timedelta(300)}"
    power = oikeus.Line("g", (_GRANTER, "role:ehoks-paakayttaja", f"{place}@{days}"))
    change = oikeus.Change(
        "policy",
        "person:bench",
        "a world to write in",
        add=tuple(dict.fromkeys((*world.lines(), power))),
        model=MODEL.read_text(encoding="utf-8"),
        catalogue=policies().catalogue_text,
    )
    with oikeus.Store.open(url) as store, store.writing() as writer:
        writer.commit(change)


@contextmanager
def _writing(act: str, url: str, place: str) -> Iterator[Turn]:
    """Keep writers ready; gives what lets them write for one turn."""
    if act == "threads":
        with oikeus.Store.open(url) as store, ThreadPoolExecutor(_WRITERS) as pool:
            yield _in_threads(_ours(store, place), pool)
        return
    command = [sys.executable, "-m", "benchmarks.writers", act, url, place]
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - this very program
                    [*command, str(number)],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for number in range(_WRITERS)
        ]
        for child in children:
            _hear(child)

        def turn(count: int) -> float:
            start = perf_counter()
            for child in children:
                _tell(child, str(count))
            for child in children:
                _hear(child)
            return perf_counter() - start

        yield turn
        for child in children:
            _tell(child, "0")


def _tell(child: subprocess.Popen[str], word: str) -> None:
    if child.stdin is not None:
        child.stdin.write(f"{word}\n")
        child.stdin.flush()


def _hear(child: subprocess.Popen[str]) -> None:
    if child.stdout is None or child.stdout.readline() != _DONE:
        message = "a writer failed, see above"
        raise AssertionError(message)


def _in_threads(grant: Grant, pool: ThreadPoolExecutor) -> Turn:
    made = count()
    for _ in range(_WARM * _WRITERS):
        grant(_person(_WRITERS, next(made)))

    def write(many: int) -> None:
        for _ in range(many):
            grant(_person(_WRITERS, next(made)))

    def turn(many: int) -> float:
        start = perf_counter()
        for _ in pool.map(write, [many] * _WRITERS):
            pass
        return perf_counter() - start

    return turn


def _check(url: str, many: int) -> None:
    """Nothing was refused or lost, and every version is there."""
    expected = _WRITERS * (many + _WARM)
    with oikeus.Store.open(url) as store, store.reading() as reader:
        made = reader.version - 1
    if made != expected:
        message = f"{made} grants were written, expected {expected}"
        raise AssertionError(message)


def _person(writer: int, number: int) -> str:
    return f"person:1.2.246.562.24.9{writer:04}{number:06}"


def _ours(store: oikeus.Store, place: str) -> Grant:
    administration = oikeus.Administration(store, actor=_GRANTER)

    def grant(person: str) -> None:
        administration.grant(person, _ROLE, place, granter=_GRANTER)

    return grant


def _bare(connection: Any, place: str) -> Grant:  # noqa: ANN401 # the driver's
    cursor = connection.cursor()
    days = f"{place}@2026-01-01..2026-12-31"
    time, digest = "2026-03-01T09:30:00.000000Z", "0" * 64
    power = "p2, role:ehoks-paakayttaja, role:ehoks-kayttaja, mode:integraatio, active"
    nothing = [None] * 3

    def grant(person: str) -> None:
        cursor.execute("SELECT version FROM oikeus_head FOR UPDATE")
        number = cursor.fetchone()[0] + 1
        line = ["g", person, _ROLE, days, *nothing]
        version = [number, time, _GRANTER, "grant", "grant", None, None, _GRANTER]
        _insert(cursor, "oikeus_version", [*version, power, None, None, digest, digest])
        cursor.execute(
            "INSERT INTO casbin_rule (ptype, v0, v1, v2, v3, v4, v5) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            line,
        )
        (rule,) = cursor.fetchone()
        change = [number, 1, "+", rule, *line, *nothing, digest]
        _insert(cursor, "oikeus_change", change)
        cursor.execute("UPDATE oikeus_head SET version = %s", [number])
        connection.commit()

    return grant


def _insert(cursor: Any, table: str, values: list[Any]) -> None:  # noqa: ANN401
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 # ours


def main(act: str, url: str, place: str, number: str) -> None:
    """Be one writer: get ready, and grant as many as one is told, until it is none."""
    made = count()
    with ExitStack() as stack:
        if act == "ours":
            grant = _ours(stack.enter_context(oikeus.Store.open(url)), place)
        else:
            import psycopg  # noqa: PLC0415 # only where there is a server

            grant = _bare(stack.enter_context(psycopg.connect(url)), place)
        many = _WARM
        while many:
            for _ in range(many):
                grant(_person(int(number), next(made)))
            sys.stdout.write(_DONE)
            sys.stdout.flush()
            many = int(sys.stdin.readline())


if __name__ == "__main__":
    main(*sys.argv[1:])
