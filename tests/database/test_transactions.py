"""Requirements on transactions: what they see, and what stops them."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from oikeus.errors import LockedError, ReadOnlyError, StoreError
from oikeus.store import Change, Store
from oikeus.store.database import Database
from oikeus.terms import Line

LINE = Line("p", ("role:a", "hoks", "read", "allow"))
CHANGE = Change("policy", "person:tester", "x", add=(LINE,))


def test_a_damaged_file_gives_an_error_and_no_contents(sqlite: str) -> None:
    """Half a database is not half a policy."""
    path = Path(sqlite.removeprefix("sqlite:///"))
    lines = tuple(Line("g", (f"person:{n}", "role:a", "x")) for n in range(2_000))
    with Store.open(sqlite) as store, store.writing() as writer:
        writer.commit(Change("policy", "me", "x", add=lines))
    damaged = bytearray(path.read_bytes())
    damaged[4096 * 4 :] = b"\xa5" * len(damaged[4096 * 4 :])
    path.write_bytes(damaged)
    with pytest.raises(StoreError) as caught, Store.open(sqlite) as store:
        store.load()
    told = str(caught.value)
    assert (
        told
        == f"the database `{path}` cannot be used: database disk image is malformed"
    )


def test_a_locked_file_is_an_error_after_a_while(sqlite: str) -> None:
    """A writer waits for its turn, but not for ever."""
    hurried = f"{sqlite}?timeout=0.05"
    with (
        Store.open(sqlite) as store,
        Store.open(hurried) as other,
        store.writing(),
        pytest.raises(StoreError) as caught,
        other.writing(),
    ):
        raise AssertionError
    path = sqlite.removeprefix("sqlite:///")
    expected = f"the database `{path}` is locked by another writer, try again"
    assert str(caught.value) == expected


def test_a_locked_server_database_is_an_error_after_a_while(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer waits for its turn, but not for ever."""
    monkeypatch.setattr("oikeus.store.database.WAIT_SECONDS", 0.05)
    with (
        Store.open(postgresql) as store,
        store.writing(),
        pytest.raises(StoreError) as caught,
        store.writing(),
    ):
        raise AssertionError
    assert str(caught.value).endswith("is locked by another writer, try again")


def test_a_database_in_memory_is_waited_for_as_well() -> None:
    """A transaction inside another of the same database gives up instead of hanging."""
    with (
        Store.open("sqlite://?timeout=0.05") as store,
        store.writing(),
        pytest.raises(StoreError, match="the database `:memory:` cannot be used"),
    ):
        store.load()


def test_a_file_that_can_only_be_read_serves_readers(sqlite: str) -> None:
    """An auditor's copy on read-only media can be read, and a write is an error."""
    with Store.open(sqlite) as store, store.writing() as writer:
        writer.commit(CHANGE)
    path = sqlite.removeprefix("sqlite:///")
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    with Store.over(Database.over(engine), create=True) as store:
        assert store.load().lines == (LINE,)
        with pytest.raises(ReadOnlyError) as caught, store.writing() as writer:
            writer.commit(Change("policy", "me", "x", remove=(LINE,)))
    engine.dispose()
    assert str(caught.value).endswith("can only be read")


def test_a_server_that_refuses_writes_is_an_error(postgresql: str) -> None:
    """A standby server serves readers."""
    read_only = f"{postgresql}&options=-c%20default_transaction_read_only%3Don"
    with Store.open(read_only) as store:
        assert store.load().version == 0
        with pytest.raises(ReadOnlyError) as caught, store.writing() as writer:
            writer.commit(CHANGE)
    assert str(caught.value).endswith("can only be read")


def test_a_reader_sees_one_moment(postgresql: str) -> None:
    """What is committed while a load runs is in none of its parts."""
    with Store.open(postgresql) as store:
        with store.database.reading() as connection:
            seen = connection.scalar(text("SELECT version FROM oikeus_head"))
            with store.writing() as writer:
                writer.commit(CHANGE)
            count = connection.scalar(text("SELECT count(*) FROM casbin_rule"))
        assert (seen, count) == (0, 0)
        assert store.load().lines == (LINE,)


def test_a_file_does_not_change_while_it_is_read(sqlite: str) -> None:
    """SQLite lets a commit wait until the reader has seen one moment to its end."""
    with Store.open(f"{sqlite}?timeout=0.05") as store:
        with store.database.reading() as connection:
            connection.scalar(text("SELECT version FROM oikeus_head"))
            with (
                pytest.raises(LockedError, match="is locked"),
                store.writing() as writer,
            ):
                writer.commit(CHANGE)
            count = connection.scalar(text("SELECT count(*) FROM casbin_rule"))
        assert count == 0
        assert store.head() == 0


def test_an_error_does_not_repeat_the_row(postgresql: str) -> None:
    """A text that may be logged does not say who holds what."""
    insert = text("INSERT INTO casbin_rule (ptype, v0) VALUES ('g', 'person:secret')")
    with Store.open(postgresql) as store:
        with store.database.writing() as connection:
            connection.execute(insert)
        with pytest.raises(StoreError) as caught, store.database.writing() as again:
            again.execute(insert)
    assert "duplicate key" in str(caught.value)
    assert "person:secret" not in str(caught.value)
