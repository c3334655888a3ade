"""A decision point that follows a database, and goes on when it is gone."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

import oikeus
from oikeus import (
    Change,
    LivePoint,
    Model,
    ModelError,
    PolicyError,
    Store,
    StoreError,
    apply_policies,
    block,
    connect,
    snapshot_of,
    unblock,
)

Commit = Callable[..., int]

DAY = date(2026, 6, 1)
QUESTION = ("person:a", "read", "file", "1.1")
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
    assert len(before.lines) + 1 == len(still.snapshot.lines)


def test_following_point_sees_every_change(following: LivePoint, url: str) -> None:
    """A block, and that it was lifted."""
    with Store.open(url) as store:
        block(store, "person:a", reason="leaked", actor="os:tester")
        wait_for(lambda: not following.allows(*QUESTION, at=DAY))
        unblock(store, "person:a", actor="os:tester")
        wait_for(lambda: following.allows(*QUESTION, at=DAY))
    assert following.version == 5


def test_restored_database_of_the_same_number_is_taken_in(
    url: str, tmp_path: Path
) -> None:
    """A backup that went on to the number of the head is another version."""
    path = tmp_path / "oikeus.db"
    backup = path.read_bytes()
    with Store.open(url) as store:
        block(store, "person:b", reason="leaked", actor="os:tester")
    with connect(url, every=None) as point:
        path.write_bytes(backup)
        with Store.open(url) as store:
            block(store, "person:a", reason="leaked", actor="os:tester")
        assert (point.version, point.allows(*QUESTION, at=DAY)) == (4, True)
        assert point.refresh() is True
        assert (point.version, point.allows(*QUESTION, at=DAY)) == (4, False)
        assert point.refresh() is False
        path.write_bytes(backup)
        assert point.refresh() is True
        assert (point.version, point.allows(*QUESTION, at=DAY)) == (3, True)


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
    assert threading.active_count() == before + 1
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
    assert str(refusal.value) == f"there is no database `{path}`"
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


def test_model_without_a_catalogue_is_no_policy(loaded: Store) -> None:
    """One comes with the other, unless somebody wrote past us."""
    with loaded.database.engine.begin() as connection:
        connection.execute(text("UPDATE oikeus_version SET catalogue = NULL"))
    with pytest.raises(StoreError):
        snapshot_of(loaded.load())


@pytest.mark.parametrize(
    ("column", "error"), [("model", ModelError), ("catalogue", PolicyError)]
)
def test_texts_that_this_program_cannot_use_are_errors(
    loaded: Store, column: str, error: type[oikeus.OikeusError]
) -> None:
    """The database may have been written by another version of the program."""
    with loaded.database.engine.begin() as connection:
        statement = f"UPDATE oikeus_version SET {column} = 'odd'"  # noqa: S608 - ours
        connection.execute(text(statement))
    with pytest.raises(error):
        snapshot_of(loaded.load())
