"""A decision point that follows a database, and goes on when it is gone."""

import asyncio
import gc
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

import oikeus
from oikeus import (
    Change,
    LivePoint,
    Model,
    ModelError,
    Names,
    OtherHistoryError,
    OutdatedError,
    PolicyError,
    RequestError,
    Standing,
    Store,
    StoreError,
    accept_history,
    apply_policies,
    block,
    connect,
    snapshot_of,
    unblock,
)
from oikeus.store import Mark, Reader, Since

Commit = Callable[..., int]

DAY = date(2026, 6, 1)
QUESTION = ("person:a", "read", "file", "1.1")
REQUEST = oikeus.Request(*QUESTION)
REQUEST = oikeus.Request(*QUESTION)
PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""


@pytest.fixture
def url(
    tmp_path: Path,
    model: Model,
    folder: Path,
    register: Callable[[Store], int],
    commit: Commit,
) -> str:
    """A file in which somebody may read, at version 3."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    with Store.open(url) as store:
        apply_policies(store, model, folder, actor="os:tester")
        register(store)
        days = "1.1@2026-01-01..2026-12-31"
        commit(store, add=(("g", "person:a", "role:clerk", days),))
    return url


@pytest.fixture
def still(url: str) -> Iterator[LivePoint]:
    """A point that looks for newer versions when it is told to."""
    with connect(url, every=None) as point:
        yield point


@pytest.fixture
def following(url: str) -> Iterator[LivePoint]:
    """A point that looks for newer versions all the time."""
    with connect(url, every=0.01) as point:
        yield point


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something has happened, or fail."""
    pause, waited = threading.Event(), 0.0
    while not condition():
        assert waited < PATIENCE, "it did not happen"
        pause.wait(0.01)
        waited += 0.01


def test_point_decides_by_what_the_database_holds(still: LivePoint) -> None:
    """The head, whole: lines, catalogue, names."""
    assert (still.version, still.inert, still.failure) == (3, (), None)
    assert still.allows(*QUESTION, at=DAY)
    assert still.snapshot.catalogue is not None


def test_refresh_takes_in_a_newer_version(still: LivePoint, url: str) -> None:
    """And says whether there was one; without it nothing changes."""
    assert still.refresh() is False
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    assert still.allows(*QUESTION, at=DAY)
    assert still.refresh() is True
    assert still.version == 4
    assert not still.allows(*QUESTION, at=DAY)
    assert still.refresh() is False


def test_snapshot_that_was_read_does_not_change(still: LivePoint, url: str) -> None:
    """A new version is a new snapshot; whoever holds the old one sees it whole."""
    before = still.snapshot
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    still.refresh()
    assert (before.version, still.snapshot.version) == (3, 4)
    assert len([*before.facts.lines()]) + 1 == len([*still.snapshot.facts.lines()])


def test_following_point_sees_every_change(following: LivePoint, url: str) -> None:
    """A block, and that it was lifted."""
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
        wait_for(lambda: not following.allows(*QUESTION, at=DAY))
        unblock(store, "person:a", actor="os:tester")
        wait_for(lambda: following.allows(*QUESTION, at=DAY))
    assert following.version == 5


def test_restored_database_is_not_taken_in(url: str, tmp_path: Path) -> None:
    """Be its number the same, lower or higher: digests tell, and nothing goes back."""
    path = tmp_path / "oikeus.db"
    backup = path.read_bytes()
    with Store.open(url) as store:
        block(store, "person:b", reason="leaked", actor="os:tester")
    with connect(url, every=None) as point:
        known = point.freshness.mark
        path.write_bytes(backup)
        for number in (3, 4, 5):
            with pytest.raises(OtherHistoryError) as refused:
                point.refresh()
            assert refused.value.known == str(known)
            assert refused.value.number == number
            assert point.freshness.foreign == Mark(number, refused.value.digest)
            assert point.failure == str(refused.value)
            assert (point.version, point.allows(*QUESTION, at=DAY)) == (4, True)
            with Store.open(url) as store:
                block(store, f"person:a{number}", reason="x", actor="os:tester")


def test_restored_database_that_is_accepted_by_a_point_is_taken_in(
    url: str, tmp_path: Path
) -> None:
    """Whatever its head is, or only where it holds the version that was looked at."""
    path = tmp_path / "oikeus.db"
    backup = path.read_bytes()
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    with connect(url, every=None) as point:
        known = point.freshness.mark
        path.write_bytes(backup)
        with pytest.raises(OtherHistoryError):
            point.accept(known)
        assert (point.version, point.allows(*QUESTION, at=DAY)) == (4, False)
        with Store.open(url) as store:
            head = store.head_mark()
            block(store, "person:b", reason="leaked", actor="os:tester")
        assert point.accept(head) is True
        assert (point.version, point.allows(*QUESTION, at=DAY)) == (4, True)
        assert point.freshness.foreign is None
        assert point.accept() is False
        path.write_bytes(backup)
        assert point.accept() is True
        assert point.version == 3


def test_row_that_cannot_be_read_stops_no_decision(still: LivePoint, url: str) -> None:
    """It is reported, and blocks take effect while it is there."""
    with Store.open(url) as store:
        with store.database.writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO casbin_rule (ptype, v0, v1) "
                    "VALUES ('g3', cast(x'ff' as text), 'x')"
                )
            )
        block(store, "person:a", reason="leaked", actor="os:tester")
    assert still.refresh() is True
    assert not still.allows(*QUESTION, at=DAY)
    assert [row.line.ptype for row in still.inert] == ["\N{REPLACEMENT CHARACTER}g3"]


def test_block_of_another_process_is_seen(following: LivePoint, url: str) -> None:
    """Blocking acts at once, wherever it was done (ruling N)."""
    program = (
        "import sys, oikeus\n"
        "with oikeus.Store.open(sys.argv[1]) as store:\n"
        "    oikeus.block(store, 'person:a', reason='leaked', actor='os:tester')\n"
    )
    subprocess.run([sys.executable, "-c", program, url], check=True)  # noqa: S603 - ours
    wait_for(lambda: not following.allows(*QUESTION, at=DAY))
    assert following.version == 4


def test_decisions_go_on_when_the_database_is_gone(
    following: LivePoint, tmp_path: Path
) -> None:
    """By the last snapshot; the failure is told, and forgotten when it is over."""
    path = tmp_path / "oikeus.db"
    path.rename(tmp_path / "elsewhere.db")
    wait_for(lambda: following.failure is not None)
    assert following.allows(*QUESTION, at=DAY)
    assert following.failure is not None
    assert str(path) in following.failure
    (tmp_path / "elsewhere.db").rename(path)
    wait_for(lambda: following.failure is None)
    assert following.version == 3


def test_refresh_tells_that_the_database_is_gone(
    still: LivePoint, tmp_path: Path
) -> None:
    """As an error of the store; the last snapshot stays."""
    (tmp_path / "oikeus.db").unlink()
    with pytest.raises(StoreError):
        still.refresh()
    assert still.allows(*QUESTION, at=DAY)


def test_version_that_cannot_be_used_leaves_the_last_one_deciding(
    following: LivePoint, url: str
) -> None:
    """Somebody's casbin wrote a model that this program cannot evaluate."""
    change = Change("casbin", "os:tester", "break it", model="no model")
    with Store.open(url) as store, store.writing() as writer:
        writer.commit(change)
    wait_for(lambda: following.failure is not None)
    assert (following.version, following.allows(*QUESTION, at=DAY)) == (3, True)
    with pytest.raises(ModelError):
        following.refresh()


def test_closed_point_decides_by_its_last_version(url: str) -> None:
    """Closing ends the following, and nothing else."""
    before = threading.active_count()
    point = connect(url, every=0.01)
    assert threading.active_count() == before + 2  # one looks, one minds the limit
    point.close()
    assert threading.active_count() == before
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    assert point.allows(*QUESTION, at=DAY)
    assert point.version == 3


def test_error_in_a_with_statement_closes_the_point(url: str) -> None:
    """And goes on to whoever caught it."""
    before = threading.active_count()
    with pytest.raises(KeyError), connect(url, every=0.01):
        raise KeyError
    assert threading.active_count() == before


def test_clock_of_a_point_can_be_set(url: str) -> None:
    """For questions that name no day."""
    with Store.open(url, create=False) as store:
        point = LivePoint(store, today=lambda: date(2027, 6, 1))
        assert point.allows(*QUESTION) is False
        assert point.decide(oikeus.Request(*QUESTION)).at == date(2027, 6, 1)


def test_missing_database_is_an_error(tmp_path: Path) -> None:
    """Nothing is made by asking."""
    path = tmp_path / "none.db"
    with pytest.raises(StoreError) as refusal:
        connect(f"sqlite:///{path}")
    assert str(refusal.value) == (
        f"there is no database `{path}`, make one with `oikeus apply policies/`"
    )
    assert not path.exists()


def test_database_without_tables_is_an_error(tmp_path: Path) -> None:
    """An empty file is a database to SQLite, and none of ours."""
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(StoreError) as refusal:
        connect(f"sqlite:///{path}")
    assert str(refusal.value) == (
        f"the database `{path}` has no tables of oikeus, run `oikeus db migrate`"
    )


def test_database_without_a_policy_is_an_error(tmp_path: Path) -> None:
    """An empty policy denies everything, and would hide that there is none."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    Store.open(url).close()
    with pytest.raises(StoreError) as refusal:
        connect(url)
    assert str(refusal.value) == (
        "the database holds no policy, load one with `oikeus apply policies/`"
    )


def test_model_without_a_catalogue_is_no_policy(
    loaded: Store, unguard: Callable[[Store], None]
) -> None:
    """One comes with the other, unless somebody wrote past us."""
    unguard(loaded)
    with loaded.database.engine.begin() as connection:
        connection.execute(text("UPDATE oikeus_version SET catalogue = NULL"))
    with pytest.raises(StoreError):
        snapshot_of(loaded.load())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Change("policy", "os:other", "odd", model="odd"), ModelError),
        (Change("policy", "os:other", "odd", catalogue="odd"), PolicyError),
    ],
    ids=["model", "catalogue"],
)
def test_texts_that_this_program_cannot_use_are_errors(
    loaded: Store, change: Change, error: type[oikeus.OikeusError]
) -> None:
    """The database may have been written by another version of the program."""
    with loaded.writing() as writer:
        writer.commit(change)
    with pytest.raises(error):
        snapshot_of(loaded.load())


GRANT = ("g", "person:b", "role:clerk", "1.1@2026-01-01..2026-12-31")
OTHER = ("person:b", "read", "file", "1.1")
OFFICE = ("person:a", "read", "file", "1.1.1")


@pytest.fixture
def change(url: str, commit: Commit) -> Callable[..., int]:
    """Commit past all that checks it, as another process does."""

    def write(
        add: tuple[tuple[str, ...], ...] = (), remove: tuple[tuple[str, ...], ...] = ()
    ) -> int:
        with Store.open(url) as store:
            return commit(store, add=add, remove=remove)

    return write


def write(url: str, change: Change) -> None:
    """Commit a change of what is no line."""
    with Store.open(url) as store, store.writing() as writer:
        writer.commit(change)


def test_a_grant_is_taken_in_alone(
    still: LivePoint, change: Callable[..., int]
) -> None:
    """What stands beside it is that of the version before."""
    kept, before = still.allows, still.snapshot
    change(add=(GRANT,))
    change(remove=(GRANT,))
    change(add=(GRANT,))
    assert still.refresh() is True
    assert still.version == 6
    assert kept(*OTHER, at=DAY)
    assert kept(*QUESTION, at=DAY)
    assert still.snapshot.register is before.register
    change(remove=(GRANT,))
    assert still.refresh() is True
    assert not kept(*OTHER, at=DAY)


def test_organisations_and_rules_are_read_again(
    still: LivePoint, change: Callable[..., int]
) -> None:
    """The grants are not."""
    kept, before = still.allows, still.snapshot
    assert kept(*OFFICE, at=DAY)
    change(remove=(("g2", "1.1.1", "1.1"),), add=(("g2", "1.1.1", "1.2"), GRANT))
    assert still.refresh() is True
    assert not kept(*OFFICE, at=DAY)
    assert kept(*OTHER, at=DAY)
    assert still.snapshot.facts.grants.held.get("person:a") is (
        before.facts.grants.held.get("person:a")
    )
    change(add=(("p", "role:clerk", "file", "read", "deny"),))
    assert still.refresh() is True
    assert not kept(*QUESTION, at=DAY)


def test_rows_that_cannot_be_read_are_told_once_however_many_versions_follow(
    url: str, change: Callable[..., int]
) -> None:
    """Whether they come with the lines, or only where all grants are read."""
    rows = (
        "('g', cast(x'fd' as text), 'role:clerk', '1.1@2026-01-01..2026-12-31')",
        "('g', x'fe', 'role:clerk', '1.1@2026-01-01..2026-12-31')",
        "('g3', cast(x'ff' as text), 'x', NULL)",
    )
    with Store.open(url) as store, store.database.writing() as connection:
        for row in rows:
            statement = f"INSERT INTO casbin_rule (ptype, v0, v1, v2) VALUES {row}"  # noqa: S608 - ours
            connection.execute(text(statement))
    with connect(url, every=None) as point:
        idle, told = sorted(map(str, point.snapshot.facts.idle)), point.inert
        assert [row.line.values[0][-4:] for row in told] == ["\\xfd", "\\xfe", "\\xff"]
        for number in range(3):
            change(add=(("g3", f"person:x{number}", "blocked"),))
            assert point.refresh() is True
            assert sorted(map(str, point.snapshot.facts.idle)) == idle
            assert point.inert == told
        assert point.snapshot.facts.linked("g3", "person:x2") == ("blocked",)
        with connect(url, every=None) as loaded:
            assert sorted(map(str, loaded.snapshot.facts.idle)) == idle
            assert loaded.inert == told


def test_a_new_model_decides_from_the_next_version_on(
    still: LivePoint, url: str, model: Model
) -> None:
    """Those who kept the function among them; its form changes, and back."""
    kept = still.allows
    for test in ("regexMatch(r.act, p.act)", "keyMatch(r.act, p.act)"):
        text = model.text.replace("r.act == p.act", f'{test} && r.sub != "person:a"')
        write(url, Change("casbin", "os:tester", "other", model=text))
        assert still.refresh() is True
        assert not kept(*QUESTION, at=DAY)
        assert not still.allows(*QUESTION, at=DAY)
        assert still.snapshot.model.text == text
        write(url, Change("casbin", "os:tester", "as before", model=model.text))
        assert still.refresh() is True
        assert kept(*QUESTION, at=DAY)


def test_names_and_catalogue_are_taken_in(
    still: LivePoint, url: str, folder: Path
) -> None:
    """They change no decision, but what people read."""
    text = (folder / "words.yaml").read_text(encoding="utf-8")
    catalogue = text.replace("en: clerk", "en: writer")
    names = {"1.1": Names(fi="Koulu")}
    new = Change("casbin", "os:tester", "new", catalogue=catalogue, names=names)
    write(url, new)
    before = still.snapshot
    assert still.refresh() is True
    assert still.snapshot.names["1.1"].fi == "Koulu"
    assert still.snapshot.catalogue != before.catalogue
    assert still.snapshot.facts.rules["p"] is before.facts.rules["p"]
    assert still.allows(*QUESTION, at=DAY)


def test_catalogue_that_cannot_be_used_leaves_the_last_version(
    still: LivePoint, url: str
) -> None:
    """It is told each time that one looks."""
    write(url, Change("casbin", "os:tester", "break it", catalogue="odd"))
    for _ in range(2):
        with pytest.raises(PolicyError):
            still.refresh()
    assert still.version == 3


def test_part_decides_as_the_whole_does_about_its_places(
    url: str, change: Callable[..., int]
) -> None:
    """What stands above it counts as well; anywhere else is refused."""
    change(add=(GRANT, ("g", "person:c", "role:clerk", "1.2@2026-01-01..2026-12-31")))
    with connect(url, every=None, under="1.1.1") as point:
        assert point.snapshot.scope is not None
        assert point.snapshot.scope.within == {"1.1.1"}
        assert "person:c" not in point.snapshot.facts.grants
        assert point.allows(*OFFICE, at=DAY)
        assert not point.allows("person:c", *OFFICE[1:], at=DAY)
        assert point.who_can("read", "file", "1.1.1", DAY) == ("person:a", "person:b")
        for place in ("1.1", "1.0", "1.2", "1.9"):
            with pytest.raises(RequestError, match="is not at or below"):
                point.allows("person:a", "read", "file", place, at=DAY)


def test_part_follows_the_database(
    url: str, change: Callable[..., int], model: Model
) -> None:
    """Grants outside of it are passed over; organisations may come into it."""
    with connect(url, every=None, under="1.1") as point:
        elsewhere = ("g", "person:c", "role:clerk", "1.2@2026-01-01..2026-12-31")
        change(add=(GRANT, elsewhere))
        assert point.refresh() is True
        assert point.allows(*OTHER, at=DAY)
        assert "person:c" not in point.snapshot.facts.grants
        change(add=(("g2", "1.1.2", "1.1"), ("g4", "1.1.2", "level:office")))
        with pytest.raises(RequestError):
            point.allows("person:a", "read", "file", "1.1.2", at=DAY)
        assert point.refresh() is True
        assert point.allows("person:a", "read", "file", "1.1.2", at=DAY)
        text = model.text.replace("r.act == p.act", "keyMatch(r.act, p.act)")
        write(url, Change("casbin", "os:tester", "other", model=text))
        assert point.refresh() is True
        assert "1.2" not in point.snapshot.tree
        assert point.allows(*OTHER, at=DAY)


def test_part_that_is_no_more_leaves_the_last_version(
    url: str, change: Callable[..., int]
) -> None:
    """There is nothing to decide by otherwise."""
    with connect(url, every=None, under="1.1.1") as point:
        change(remove=(("g2", "1.1.1", "1.1"),))
        with pytest.raises(RequestError, match="is not in the register"):
            point.refresh()
        assert point.allows(*OFFICE, at=DAY)


def test_part_below_an_unknown_organisation_is_refused(url: str) -> None:
    """And nothing stays open."""
    with pytest.raises(RequestError) as refusal:
        connect(url, every=None, under="1.9")
    assert str(refusal.value) == (
        "organisation `1.9` is not in the register, expected one of "
        "`oikeus show organisations`"
    )


def test_version_that_vanished_while_it_was_looked_at_is_loaded(
    still: LivePoint, change: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was restored between two looks at it."""
    change(add=(("g3", "person:a", "blocked"),))
    monkeypatch.setattr(Reader, "since", lambda *_: None)
    assert still.refresh() is True
    assert not still.allows(*QUESTION, at=DAY)


@pytest.mark.parametrize("under", [None, "1.1.1"])
@pytest.mark.parametrize("shows", [True, False])
def test_load_tells_how_far_it_has_come(
    url: str, under: str | None, *, shows: bool
) -> None:
    """Told how many rows there are, one is told of each, in a part of them or not."""
    told: list[int] = []

    @contextmanager
    def progress(rows: int) -> Iterator[Callable[[int], None] | None]:
        told.append(-rows)
        yield told.append if shows else None

    with connect(url, every=None, progress=progress, under=under) as point:
        assert point.allows(*(QUESTION if under is None else OFFICE), at=DAY)
    assert sum(told) == (0 if shows else told[0])
    assert told[0] < 0


def test_load_leaves_the_search_for_garbage_as_it_was(url: str) -> None:
    """Some programs have turned it off."""
    assert gc.isenabled()
    connect(url, every=None).close()
    assert gc.isenabled()
    gc.disable()
    try:
        connect(url, every=None).close()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("under", [None, "1.1"])
def test_grant_that_cannot_be_read_stays_reported(
    url: str, change: Callable[..., int], under: str | None
) -> None:
    """It is among the grants that are not read again when other lines change."""
    with Store.open(url) as store, store.database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO casbin_rule (ptype, v0, v1, v2) "
                "VALUES ('g', 'person:x', 'role:clerk', cast(x'ff' as text))"
            )
        )
    change(add=(("q", "x"),))
    with connect(url, every=None, under=under) as point:
        before = point.inert
        kinds = {row.line.ptype for row in before}
        assert kinds == {"q", "\N{REPLACEMENT CHARACTER}g"}
        change(add=(("g3", "person:a", "blocked"),))
        assert point.refresh() is True
        assert point.inert == before
        assert not point.allows(*QUESTION, at=DAY)


@pytest.mark.parametrize("every", ["1", 0, -1, float("nan"), float("inf"), 1e300])
def test_what_is_no_number_of_seconds_is_refused(url: str, every: object) -> None:
    """A follower that cannot wait would follow nothing, and nobody would know."""
    with pytest.raises(StoreError, match="is no number of seconds"):
        connect(url, every=every)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ({}, True),
        ({"follow": True}, True),
        ({"follow": False}, False),
        ({"every": 5}, True),
        ({"every": None}, False),
        ({"follow": True, "every": 5}, True),
        ({"follow": False, "every": None}, False),
    ],
    ids=str,
)
def test_point_follows_unless_it_is_told_to_stay(
    url: str, said: dict[str, Any], *, follows: bool
) -> None:
    """`follow` says it, and `every` says how often; either is enough."""
    before = threading.active_count()
    with connect(url, **said) as point:
        assert threading.active_count() == before + 2 * follows
        with Store.open(url) as store:
            block(store, "person:a", reason="leaked", actor="os:tester")
        assert point.refresh() is True


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            {"follow": True, "every": None},
            "follow=True contradicts every=None, expected one of the two",
        ),
        (
            {"follow": False, "every": 1.0},
            "follow=False contradicts every=1.0, expected one of the two",
        ),
        (
            {"follow": "no"},
            "'no' does not say whether to follow, expected True or False",
        ),
    ],
    ids=str,
)
def test_contradiction_about_following_is_refused(
    url: str, said: dict[str, Any], text: str
) -> None:
    """Whoever means to follow must not stay at an old version unawares."""
    with pytest.raises(StoreError) as refused:
        connect(url, **said)
    assert str(refused.value) == text


@pytest.mark.parametrize("every", [None, 0.01])
def test_closed_point_takes_nothing_in(url: str, every: float | None) -> None:
    """To say that there is nothing new would be a lie to whoever waits for a block."""
    point = connect(url, every=every)
    point.close()
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    with pytest.raises(StoreError) as refused:
        point.refresh()
    assert str(refused.value) == "the point was closed, make another one with `connect`"
    assert (point.version, point.failure) == (3, None)
    assert point.allows(*QUESTION, at=DAY)
    point.close()


def test_point_is_closed_when_whoever_looks_has_looked(
    url: str, change: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is opened after the others were closed would stay open."""
    point = connect(url, every=None)
    closing = threading.Thread(target=point.close)
    looks = Store.changes_since

    def look(store: Store, mark: Mark) -> Since | None:
        closing.start()
        found = looks(store, mark)
        assert closing.is_alive()
        return found

    monkeypatch.setattr(Store, "changes_since", look)
    change(add=(("g3", "person:a", "blocked"),))
    assert point.refresh() is True
    closing.join()
    assert not point.allows(*QUESTION, at=DAY)


@pytest.mark.parametrize("progress", [True, 1, "bar"])
def test_progress_that_cannot_be_called_is_refused(url: str, progress: object) -> None:
    """Before anything is loaded."""
    text = f"{progress!a} shows no progress, expected a function or None"
    with pytest.raises(StoreError) as refused:
        connect(url, progress=progress)  # type: ignore[call-overload]
    assert str(refused.value) == text
    with Store.open(url) as store, pytest.raises(StoreError, match="shows no progress"):
        LivePoint(store, progress=progress)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_on", [True, False])
def test_a_load_leaves_the_garbage_collector_as_it_was(
    loaded: Store, *, is_on: bool
) -> None:
    """It is off meanwhile, also where the load fails."""
    seen = []

    def seeing(rows: int) -> None:
        del rows
        seen.append(gc.isenabled())
        raise RequestError

    (gc.enable if is_on else gc.disable)()
    try:
        with pytest.raises(RequestError):
            LivePoint(loaded, progress=lambda _: nullcontext(seeing))
        assert (seen, gc.isenabled()) == ([False], is_on)
    finally:
        gc.enable()


def test_point_that_was_too_long_without_the_head_decides_nothing(
    url: str, tmp_path: Path, change: Callable[..., int]
) -> None:
    """Nor does a function that somebody kept; and it catches up by itself."""
    change(add=(GRANT,))
    path, away = tmp_path / "oikeus.db", tmp_path / "away.db"
    with connect(url, every=0.01, max_stale=0.2) as point:
        kept = point.allows
        path.rename(away)
        wait_for(lambda: point.freshness.standing(monotonic()) is Standing.OUTDATED)
        wait_for(lambda: raises(lambda: kept(*QUESTION, at=DAY)))
        asking: tuple[Callable[[], object], ...] = (
            lambda: point.allows(*QUESTION, at=DAY),
            lambda: kept("person:unknown", *QUESTION[1:]),
            lambda: point.decide(oikeus.Request(*QUESTION), DAY),
            lambda: point.allows_many([QUESTION], at=DAY),
            lambda: point.who_can("read", "file", "1.1", DAY),
            lambda: point.may_grant("person:a", "person:b", "clerk", "1.1"),
            lambda: point.snapshot,
        )
        for ask in asking:
            with pytest.raises(OutdatedError):
                ask()
        assert point.version == 4
        away.rename(path)
        wait_for(lambda: point.failure is None)
        # a machine that is busy may let the limit pass once more
        wait_for(lambda: not raises(lambda: kept(*QUESTION, at=DAY)))
        wait_for(lambda: not raises(lambda: point.decide(REQUEST, DAY)))


def raises(ask: Callable[[], object]) -> bool:
    """Whether a question is refused because nothing is known to be in force."""
    try:
        ask()
    except OutdatedError:
        return True
    return False


def test_point_that_is_stuck_in_a_look_is_outdated_all_the_same(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock of somebody else can hold a look for hours."""
    stuck, free = threading.Event(), threading.Event()
    looks = Store.changes_since

    def look(store: Store, mark: Mark) -> Since | None:
        stuck.set()
        assert free.wait(PATIENCE)
        return looks(store, mark)

    with connect(url, every=0.01, max_stale=0.1) as point:
        kept = point.allows
        monkeypatch.setattr(Store, "changes_since", look)
        assert stuck.wait(PATIENCE)
        wait_for(lambda: raises(lambda: kept(*QUESTION, at=DAY)))
        assert point.failure is None
        free.set()
        wait_for(lambda: not raises(lambda: kept(*QUESTION, at=DAY)))


def test_model_of_another_form_lifts_what_was_held(
    url: str, model: Model, tmp_path: Path
) -> None:
    """A function that was kept since before goes on by the present version."""
    path, away = tmp_path / "oikeus.db", tmp_path / "away.db"
    with connect(url, every=None, max_stale=1.0) as point:
        kept = point.allows
        wait_for(lambda: raises(lambda: kept(*QUESTION, at=DAY)))
        path.rename(away)
        with pytest.raises(StoreError):
            point.refresh()
        away.rename(path)
        text = model.text.replace(
            "r.act == p.act", 'regexMatch(r.act, p.act) && r.sub != "person:a"'
        )
        write(url, Change("casbin", "os:tester", "other", model=text))
        assert point.refresh() is True
        assert not kept(*QUESTION, at=DAY)
        wait_for(lambda: raises(lambda: kept(*QUESTION, at=DAY)))
        wait_for(lambda: raises(lambda: point.allows(*QUESTION, at=DAY)))


@pytest.mark.parametrize("passed", [True, False])
def test_closed_point_has_no_limit_unless_that_has_passed(
    url: str, *, passed: bool
) -> None:
    """Whoever closes it says that it is to stay as it is."""
    point = connect(url, every=None, max_stale=0.05 if passed else 60)
    if passed:
        wait_for(lambda: raises(lambda: point.allows(*QUESTION, at=DAY)))
    point.close()
    assert raises(lambda: point.allows(*QUESTION, at=DAY)) is passed
    assert raises(lambda: point.snapshot) is passed
    assert (point.freshness.max_stale is None) is not passed


@pytest.mark.parametrize("seconds", ["1", 0, -1, float("nan"), float("inf")])
def test_limit_that_is_no_number_of_seconds_is_refused(
    url: str, seconds: object
) -> None:
    """Without a limit a revoked right would live for ever."""
    with pytest.raises(StoreError) as refused:
        connect(url, max_stale=seconds)  # type: ignore[call-overload]
    assert str(refused.value) == (
        f"{seconds!a} is no number of seconds to decide without the head, expected one "
        "above 0, or None for no limit"
    )


def test_point_that_follows_has_a_limit_unless_told(url: str) -> None:
    """An hour; one that stays at its version was told to."""
    said: dict[str, Any]
    for said, limit in (
        ({}, 3600.0),
        ({"max_stale": 5}, 5),
        ({"max_stale": None}, None),
        ({"follow": False}, None),
        ({"follow": False, "max_stale": 5}, 5),
    ):
        with connect(url, **said) as point:
            assert point.freshness.max_stale == limit


def test_history_that_the_owner_accepts_is_taken_in(url: str, tmp_path: Path) -> None:
    """By every point that met it; an acceptance that a backup brings back is none."""
    path = tmp_path / "oikeus.db"
    with Store.open(url) as store:
        accept_history(store, store.head_mark(), actor="os:owner")
    backup = path.read_bytes()
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    with connect(url, every=None) as point, connect(url, every=None) as other:
        path.write_bytes(backup)
        with pytest.raises(OtherHistoryError):
            point.refresh()
        with Store.open(url) as store:
            accept_history(store, store.head_mark(), actor="os:owner")
            block(store, "person:b", reason="leaked", actor="os:tester")
        for each in (point, other):
            assert each.refresh() is True
            assert (each.version, each.failure) == (6, None)
            assert each.allows(*QUESTION, at=DAY)
            assert each.freshness.standing(monotonic()) is Standing.CURRENT


def test_history_that_was_met_counts_while_the_database_is_away(
    url: str, tmp_path: Path
) -> None:
    """It is not ready in between; its own history makes it ready again."""
    path = tmp_path / "oikeus.db"
    backup = path.read_bytes()
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    own = path.read_bytes()
    with connect(url, every=0.01) as point:
        path.write_bytes(backup)
        wait_for(lambda: point.freshness.foreign is not None)
        path.unlink()
        wait_for(lambda: "another history" not in str(point.failure))
        assert point.freshness.standing(monotonic()) is Standing.FOREIGN
        path.write_bytes(own)
        wait_for(lambda: point.freshness.standing(monotonic()) is Standing.CURRENT)
        assert not point.allows(*QUESTION, at=DAY)


def test_what_follows_with_a_point_is_never_older_than_what_decides(
    still: LivePoint, change: Callable[..., int]
) -> None:
    """It is told before, and where it fails the version is not taken in."""
    told: list[tuple[int, int]] = []
    still.on_change(lambda mark: told.append((mark.number, still.version)))
    change(add=(GRANT,))
    assert still.refresh() is True
    assert told == [(3, 3), (4, 3)]
    failing, broken = [True], "tokens cannot be read"

    def fail(mark: Mark) -> None:
        assert mark.number >= 4
        if failing[0] and mark.number == 5:
            raise StoreError(broken)

    still.on_change(fail)
    change(add=(("g3", "person:a", "blocked"),))
    with pytest.raises(StoreError, match=broken):
        still.refresh()
    assert (still.version, still.failure) == (4, broken)
    assert still.allows(*QUESTION, at=DAY)
    failing.clear()
    failing.append(False)
    assert still.refresh() is True
    assert not still.allows(*QUESTION, at=DAY)


def test_whoever_asks_learns_how_each_look_ended(
    url: str, tmp_path: Path, change: Callable[..., int]
) -> None:
    """That there is a version, that the look failed and why, and that all is well."""
    path, away = tmp_path / "oikeus.db", tmp_path / "away.db"
    noted: list[tuple[int, type[Exception] | None]] = []
    with connect(url, every=None) as point:
        point.on_look(lambda known: noted.append((known.version, known.cause)))
        change(add=(GRANT,))
        point.refresh()
        path.rename(away)
        with pytest.raises(StoreError):
            point.refresh()
        away.rename(path)
        point.refresh()
    assert noted == [(3, None), (4, None), (4, StoreError), (4, None)]


def test_whoever_asks_learns_that_the_limit_has_passed(url: str) -> None:
    """No look tells it."""
    noted: list[Standing] = []
    with connect(url, every=None, max_stale=0.05) as point:
        point.on_look(lambda known: noted.append(known.standing(monotonic())))
        wait_for(lambda: Standing.OUTDATED in noted)


def test_version_can_be_waited_for(url: str, change: Callable[..., int]) -> None:
    """In a thread or on an event loop; whoever waits has it looked for at once."""
    with connect(url, every=3600) as point:
        assert point.wait_for(3, 0)
        assert not point.wait_for(4, 0.01)
        number = change(add=(GRANT,))
        assert point.wait_for(number, PATIENCE)
        assert asyncio.run(point.arrival(number, 0))
        number = change(remove=(GRANT,))
        assert asyncio.run(point.arrival(number, PATIENCE))
        assert (point.version, point.hears) == (5, False)
    with connect(url, every=None) as still:
        assert not still.wait_for(6, 0.01)
        assert not still.hears


def test_point_remembers_over_a_restart(url: str, tmp_path: Path) -> None:
    """A backup that was restored meanwhile is not taken for what was in force."""
    path, state = tmp_path / "oikeus.db", tmp_path / "node.json"
    backup = path.read_bytes()
    connect(url, every=None, state=state).close()
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
    with connect(url, every=None, state=str(state)) as point:
        assert point.version == 4
        with Store.open(url) as store:
            block(store, "person:b", reason="leaked", actor="os:tester")
        assert point.refresh() is True
    path.write_bytes(backup)
    with pytest.raises(OtherHistoryError, match="and version 5"):
        connect(url, every=None, state=state)
    with Store.open(url) as store:
        accept_history(store, store.head_mark(), actor="os:owner")
    connect(url, every=None, state=state).close()
    connect(url, every=None, state=state).close()


def test_version_that_cannot_be_kept_decides_and_is_told(
    url: str, tmp_path: Path, change: Callable[..., int]
) -> None:
    """A revocation does not wait for a disk."""
    folder = tmp_path / "state"
    folder.mkdir()
    with connect(url, every=None, state=folder / "node.json") as point:
        (folder / "node.json").unlink()
        folder.rmdir()
        change(add=(("g3", "person:a", "blocked"),))
        for _ in range(2):
            with pytest.raises(StoreError, match="cannot be written"):
                point.refresh()
            assert not point.allows(*QUESTION, at=DAY)
            assert "cannot be written" in str(point.failure)
        folder.mkdir()
        assert point.refresh() is False
        assert point.failure is None
