"""From a commit on one node to a decision on others, over PostgreSQL's notifications.

Three nodes are processes of their own that follow the database, as the service does.
One more commits: it grants and revokes one right by turns. A node waits for the
version, and asks; what counts is the time from before the commit is sent to the
database until the node has the right answer. It goes by the one clock that all
processes of a machine have.

What it is held against is the round trip that psycopg alone makes with another process:
a notification there, and one back. Both take turns.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from time import perf_counter_ns, sleep
from typing import IO

import oikeus

from .casbins import MODEL
from .figures import Figure, Findings, Measurement, Run
from .server import NOT_INSTALLED, administer, database, installed, server
from .worlds import ROOT, SIZES, World, make_world, policies

_NODES = 3
_WARM = 10
_BAR = 10
_SECONDS = 30.0
_PAUSE = 0.01
_NAME = f"commit on one node to decision on {_NODES} others, p99, to a round trip"
_ASKED = ("person:new", "create", "tiedonsiirtotunnus")
_HERE, _THERE, _END = "bench_here", "bench_there", "end"


def propagation(run: Run) -> Findings:
    """Measure how long a commit takes to be decided by elsewhere."""
    if not installed():
        return Findings([Figure(_NAME, None, _BAR, at_most=True, note=NOT_INSTALLED)])
    world = make_world(SIZES[run.small])
    place = world.places[0].oid
    with server() as url, ExitStack() as stack:
        administer(url, "CREATE DATABASE world")
        kept = database(url, "world")
        oikeus.Store.migrate(kept)
        store = stack.enter_context(oikeus.Store.open(kept))
        _commit(store, _loaded(world))
        nodes = [
            stack.enter_context(_child("node", kept, place)) for _ in range(_NODES)
        ]
        for node in nodes:
            node.hear()
        trip = stack.enter_context(_round_trips(kept))
        ours: list[int] = []
        bare: list[int] = []
        for turn in range(run.commits + _WARM):
            bare.append(trip())
            ours += _propagate(store, nodes, place, added=turn % 2 == 0)
    return _found(run, sorted(ours[_WARM * _NODES :]), sorted(bare[_WARM:]))


def _found(run: Run, ours: Sequence[int], bare: Sequence[int]) -> Findings:
    what = "from a commit to a decision elsewhere"
    base = ours[len(ours) // 2]
    rows = {
        "oikeus.connect, three nodes": ours,
        "psycopg: LISTEN, NOTIFY and back": bare,
    }
    mine, theirs = (_p99(times) / 1e6 for times in (ours, bare))
    figure = Figure(
        _NAME,
        mine / theirs,
        _BAR,
        at_most=True,
        note=f"{mine:.2f} ms to {theirs:.2f} ms, the commit itself included",
    )
    return Findings(
        [figure],
        [
            Measurement(
                what,
                run.small,
                who,
                times[len(times) // 2],
                _p99(times),
                times[len(times) // 2] / base,
                f"{len(times)} samples",
            )
            for who, times in rows.items()
        ],
    )


def _p99(ordered: Sequence[int]) -> int:
    return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def _loaded(world: World) -> oikeus.Change:
    return oikeus.Change(
        "policy",
        "person:bench",
        "a world to follow",
        add=tuple(dict.fromkeys(world.lines())),
        model=MODEL.read_text(encoding="utf-8"),
        catalogue=policies().catalogue_text,
    )


def _commit(store: oikeus.Store, change: oikeus.Change) -> tuple[int, int]:
    """Commit; when that was sent, and the number of the version."""
    with store.writing() as writer:
        number = writer.commit(change)
        sent = perf_counter_ns()
    return sent, number


def _propagate(
    store: oikeus.Store, nodes: Sequence[_Child], place: str, *, added: bool
) -> list[int]:
    """Commit one change; how long each node took to decide by it."""
    line = oikeus.Line(
        "g", ("person:new", "role:vastuukayttaja", f"{place}@2000-01-01..2099-12-31")
    )
    one = oikeus.Change("grants", "person:bench", "one grant")
    with store.reading() as reader:
        version = reader.version + 1
    for node in nodes:
        node.tell(f"{version} {int(added)}")
    change = replace(one, add=(line,)) if added else replace(one, remove=(line,))
    sent, number = _commit(store, change)
    if number != version:
        message = f"version {version} was expected, and {number} was committed"
        raise AssertionError(message)
    return [int(node.hear()) - sent for node in nodes]


@contextmanager
def _round_trips(url: str) -> Iterator[Callable[[], int]]:
    """Gives what makes one round trip, and says how long it took."""
    import psycopg  # noqa: PLC0415 # only where there is a server

    with _child("echo", url) as echo, psycopg.connect(url, autocommit=True) as one:
        one.execute(f"LISTEN {_HERE}")
        echo.hear()

        def trip() -> int:
            begun = perf_counter_ns()
            one.execute(f"NOTIFY {_THERE}, 'there'")
            if not [*one.notifies(timeout=_SECONDS, stop_after=1)]:
                message = "no notification came back"
                raise AssertionError(message)
            return perf_counter_ns() - begun

        yield trip
        one.execute(f"NOTIFY {_THERE}, '{_END}'")


class _Child:
    """A process that is told things, and tells things, line by line."""

    def __init__(self, told: IO[str], heard: IO[str]) -> None:
        self._told = told
        self._heard = heard

    def tell(self, line: str) -> None:
        """Say something to it."""
        self._told.write(f"{line}\n")
        self._told.flush()

    def hear(self) -> str:
        """What it says next.

        Raises:
            AssertionError: it has ended.
        """
        line = self._heard.readline()
        if not line:
            message = "a node failed, see above"
            raise AssertionError(message)
        return line.strip()


@contextmanager
def _child(act: str, *arguments: str) -> Iterator[_Child]:
    """Run this module in a process of its own, until its input ends."""
    with subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-m", "benchmarks.propagation", act, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        told, heard = process.stdin, process.stdout
        if told is None or heard is None:
            message = "a process without pipes"
            raise AssertionError(message)
        yield _Child(told, heard)
        told.close()


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _node(url: str, place: str) -> None:
    """Follow, and say when a version decides as is told."""
    with oikeus.connect(url) as point:
        while not point.hears:
            sleep(_PAUSE)
        _say("hears")
        for line in sys.stdin:
            version, allowed = map(int, line.split())
            came = point.wait_for(version, _SECONDS)
            right = point.allows(*_ASKED, place) is bool(allowed)
            now = perf_counter_ns()
            _say(now if came and right else "another answer")


def _echo(url: str) -> None:
    """Send each notification back."""
    import psycopg  # noqa: PLC0415 # only where there is a server

    with (
        psycopg.connect(url, autocommit=True) as connection,
        psycopg.connect(url, autocommit=True) as other,
    ):
        connection.execute(f"LISTEN {_THERE}")
        _say("hears")
        for heard in connection.notifies():
            if heard.payload == _END:
                return
            # by another connection: the first one is busy listening
            other.execute(f"NOTIFY {_HERE}")


_ACTS: dict[str, Callable[..., None]] = {"node": _node, "echo": _echo}


if __name__ == "__main__":
    act, *given = sys.argv[1:]
    _ACTS[act](*given)
