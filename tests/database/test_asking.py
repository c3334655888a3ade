"""Requirements on the connection that stays open: it never answers from memory."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import PoolProxiedConnection, create_engine

from oikeus.errors import StoreError
from oikeus.store import Mark, Since, Store, asking
from oikeus.store.database import Database
from oikeus.terms import Line

Commit = Callable[..., int]

ONE, TWO, THREE = (
    Line("g", (f"person:{number}", "role:reader", "1.2")) for number in range(3)
)


@pytest.fixture
def path(sqlite: str) -> Path:
    """The file of the database."""
    return Path(sqlite.removeprefix("sqlite:///"))


def _added(store: Store, mark: Mark) -> tuple[str, ...]:
    told = store.changes_since(mark)
    assert told is not None
    return tuple(subject for subject, _, _ in told.added)


def test_a_file_written_over_in_place_is_read_anew(
    sqlite: str, path: Path, commit: Commit
) -> None:
    """A restored backup may count its changes to the same number as what was there."""
    with Store.open(sqlite) as store:
        commit(store, add=(ONE,))
        mark, backup = store.head_mark(), path.read_bytes()
        commit(store, add=(TWO,))
        assert _added(store, mark) == ("person:1",)
        last = store.head_mark()
        path.write_bytes(backup)
        with Store.open(sqlite) as other:
            commit(other, add=(THREE,))
        assert len(path.read_bytes()) == len(backup)
        assert _added(store, mark) == ("person:2",)
        assert store.changes_since(last) is None


def test_a_file_put_in_place_of_another_is_opened(
    sqlite: str, path: Path, commit: Commit
) -> None:
    """The old one may be open still, and is no database of this path any more."""
    copy = path.with_suffix(".copy")
    with Store.open(sqlite) as store:
        commit(store, add=(ONE,))
        mark = store.head_mark()
        copy.write_bytes(path.read_bytes())
        with Store.open(f"sqlite:///{copy}") as other:
            commit(other, add=(THREE,))
        copy.replace(path)
        assert _added(store, mark) == ("person:2",)


def test_a_file_that_is_gone_is_an_error_until_it_is_back(
    sqlite: str, path: Path, commit: Commit
) -> None:
    """An open file can be read after its name is gone; that is not asked for."""
    with Store.open(sqlite) as store:
        commit(store, add=(ONE,))
        mark = store.head_mark()
        away = path.rename(path.with_suffix(".away"))
        with pytest.raises(StoreError) as caught:
            store.changes_since(mark)
        assert str(caught.value) == f"the database `{path}` cannot be opened"
        away.rename(path)
        assert store.changes_since(mark) == Since(mark)


def test_another_folder_of_the_process_is_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commit: Commit
) -> None:
    """A relative path is that of the moment at which it was given."""
    monkeypatch.chdir(tmp_path)
    with Store.open("sqlite:///here.db") as store:
        commit(store, add=(ONE,))
        mark = store.head_mark()
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert store.changes_since(mark) == Since(mark)


def test_a_forked_process_leaves_the_connection_alone(
    sqlite: str, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's connections must neither be used nor closed in a child."""
    left: list[object] = []
    monkeypatch.setattr(asking, "_of_a_parent", left)
    with Store.open(sqlite) as store:
        commit(store, add=(ONE,))
        mark = store.head_mark()
        assert store.changes_since(mark) == Since(mark)
        with monkeypatch.context() as child:
            child.setattr(os, "getpid", lambda: -1)
            store.close()
            assert left == []
            assert store.changes_since(mark) == Since(mark)
            (kept,) = left
            assert isinstance(kept, PoolProxiedConnection)
            assert kept.is_valid
            store.close()
        kept.close()


def test_a_closed_store_can_be_asked_again(sqlite: str, commit: Commit) -> None:
    """Closing lets go of the file, and is no end."""
    with Store.open(sqlite) as store:
        commit(store, add=(ONE,))
        mark = store.head_mark()
        store.close()
        assert store.changes_since(mark) == Since(mark)


def test_a_look_keeps_no_writer_waiting(sqlite: str, commit: Commit) -> None:
    """What stays open holds no lock."""
    with Store.open(f"{sqlite}?timeout=0") as store:
        for number, line in enumerate((ONE, TWO, THREE)):
            assert store.head_mark().number == number
            commit(store, add=(line,))


def test_a_look_that_meets_a_writer_is_an_error_after_a_while(
    sqlite: str, commit: Commit
) -> None:
    """And the next one is answered."""
    with Store.open(f"{sqlite}?timeout=0.05") as store:
        mark = store.head_mark()
        with store.database.writing() as connection:
            connection.exec_driver_sql("PRAGMA cache_size = 1")
            connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            with pytest.raises(StoreError, match="is locked by another writer"):
                store.changes_since(mark)
        assert store.changes_since(mark) == Since(mark)
        commit(store, add=(ONE,))
        assert _added(store, mark) == ("person:0",)


def test_threads_take_turns(sqlite: str, commit: Commit) -> None:
    """One connection serves them all."""
    told: list[tuple[str, ...]] = []
    with Store.open(sqlite) as store:
        mark = store.head_mark()
        commit(store, add=(ONE,))

        def _ask() -> None:
            told.extend(_added(store, mark) for _ in range(50))

        threads = [threading.Thread(target=_ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told == [("person:0",)] * 400


def test_a_database_without_a_file_of_ours_is_asked_too(
    sqlite: str, commit: Commit
) -> None:
    """In memory, or by the engine of an application, whose connections are its own."""
    engine = create_engine(sqlite)
    for store in (
        Store.open("sqlite://"),
        Store.over(Database.over(engine), create=False),
    ):
        with store:
            mark = store.head_mark()
            commit(store, add=(ONE,))
            assert _added(store, mark) == ("person:0",)
    engine.dispose()
