"""Requirements on hearing of new versions: a hint from PostgreSQL, and a connection."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from benchmarks.server import administer
from oikeus.runtime.follower import Follower
from oikeus.store import Change, Store
from oikeus.store.listening import CHANNEL, Listener
from oikeus.terms import Line

Commit = Callable[..., int]
PATIENCE = 20.0
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE query LIKE 'LISTEN oikeus%' AND datname = current_database()"
)
ONE = Line("g", ("person:1", "role:reader", "1.2"))


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something has happened, or fail."""
    pause, waited = threading.Event(), 0.0
    while not condition():
        assert waited < PATIENCE, "it did not happen"
        pause.wait(0.01)
        waited += 0.01


@pytest.fixture
def told() -> threading.Event:
    """Set when there may be a new version."""
    return threading.Event()


@pytest.fixture
def listener(postgresql: str, told: threading.Event) -> Iterator[Listener]:
    """One that hears, and was not told of anything yet."""
    with Store.open(postgresql) as store:
        found = store.listen(told.set)
        assert found is not None
        with closing(found):
            wait_for(lambda: found.hears and told.is_set())
            told.clear()
            yield found


def test_a_version_is_told_of_once_it_is_committed(
    listener: Listener, postgresql: str, told: threading.Event, commit: Commit
) -> None:
    """Not before, and not where it is rolled back or nothing changes."""
    assert listener.hears
    with Store.open(postgresql) as store:
        with store.writing() as writer:
            writer.commit(Change("policy", "os:me", "x", add=(ONE,)))
            assert not told.wait(0.05)
            writer.finished = False
        assert not told.wait(0.05)
        commit(store, add=(ONE,))
        assert told.wait(PATIENCE)
        told.clear()
        commit(store, add=(ONE,))
        assert not told.wait(0.05)


def test_what_is_told_is_a_number_on_the_channel_of_the_schema(
    postgresql: str, commit: Commit
) -> None:
    """And nothing of what the version did; few lines and many are told of alike."""
    many = tuple(Line("g", (f"person:{n}", "role:reader", "1.2")) for n in range(2, 50))
    with psycopg.connect(postgresql, autocommit=True) as connection:
        (channel,) = connection.execute(f"SELECT {CHANNEL}".encode()).fetchone() or ()
        assert channel.removeprefix("oikeus_").isdigit()
        connection.execute(f"LISTEN {channel}".encode())
        with Store.open(postgresql) as store:
            commit(store, add=(ONE,))
            commit(store, add=many)
        heard = [*connection.notifies(timeout=PATIENCE, stop_after=2)]
    assert [(each.channel, each.payload) for each in heard] == [
        (channel, "1"),
        (channel, "2"),
    ]


def test_a_connection_that_is_cut_is_made_again(
    listener: Listener, postgresql: str, told: threading.Event
) -> None:
    """Whoever follows is told to look: what happened meanwhile was told to nobody."""
    administer(postgresql, CUT)
    assert told.wait(PATIENCE)
    wait_for(lambda: listener.hears)


def test_a_database_that_is_away_is_tried_again_until_one_closes(
    postgresql: str, told: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised, and nothing told."""
    tried = threading.Event()

    def refuse(engine: Engine) -> Any:  # noqa: ANN401
        del engine
        tried.set()
        raise OSError

    with Store.open(postgresql) as store:
        monkeypatch.setattr(Engine, "raw_connection", refuse)
        listener = store.listen(told.set)
        assert listener is not None
        assert tried.wait(PATIENCE)
        tried.clear()
        assert tried.wait(PATIENCE)
        assert not listener.hears
        listener.close()
    assert not told.is_set()


def test_a_reader_may_listen(
    postgresql: str, told: threading.Event, commit: Commit
) -> None:
    """No right is needed for it but that to connect and to read."""
    roles = Path(__file__).parents[2] / "engine" / "oikeus" / "store" / "roles.sql"
    administer(postgresql, roles.read_text(encoding="utf-8"))
    reader = f"{postgresql}&options=-crole%3Doikeus_reader"
    with Store.open(reader) as reading, Store.open(postgresql) as store:
        listener = reading.listen(told.set)
        assert listener is not None
        with closing(listener):
            wait_for(lambda: listener.hears and told.is_set())
            told.clear()
            commit(store, add=(ONE,))
            assert told.wait(PATIENCE)


def test_a_file_tells_nobody(sqlite: str, told: threading.Event) -> None:
    """There the head is looked at, which costs as little as being told."""
    with Store.open(sqlite) as store:
        assert store.listen(told.set) is None


def test_a_follower_looks_at_once_when_the_database_tells(
    postgresql: str, told: threading.Event, commit: Commit
) -> None:
    """However long it would wait by itself."""

    def look() -> bool:
        told.set()
        return True

    with Store.open(postgresql) as store:
        follower = Follower(store, look, 3600.0)
        wait_for(lambda: follower.hears and told.is_set())
        told.clear()
        commit(store, add=(ONE,))
        assert told.wait(PATIENCE)
        follower.close()
