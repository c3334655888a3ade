"""Real databases: SQLite files, and a PostgreSQL server of this test session."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from benchmarks.server import administer, database
from benchmarks.server import server as running
from oikeus.store import Change, Store, tables
from oikeus.store.adapter import Adapter

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Run a PostgreSQL server on a local socket; give the URL of its first database."""
    with running() as url:
        # nothing here outlives the server, so the disk need not be waited for
        administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        administer(url, "CREATE DATABASE migrated")
        Store.migrate(database(url, "migrated"))
        yield url


@pytest.fixture
def empty_postgresql(server: str) -> str:
    """A database of its own, without tables."""
    name = f"empty{next(_numbers)}"
    administer(server, f"CREATE DATABASE {name}")
    return database(server, name)


@pytest.fixture
def postgresql(server: str) -> str:
    """A database of its own, with the tables."""
    name = f"database{next(_numbers)}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE migrated")
    return database(server, name)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A file of its own, with the tables."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    Store.open(url).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of either kind, with the tables."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store of either kind, at version 0."""
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def adapter(store: Store) -> Iterator[Adapter]:
    """An adapter on a store of either kind."""
    opened = Adapter(store, actor="person:tester")
    yield opened
    opened.close()


Commit = Callable[..., int]


@pytest.fixture
def commit() -> Commit:
    """Commit a change to a store, as a test actor."""

    def _commit(store: Store, message: str = "as the test wants", **what: Any) -> int:  # noqa: ANN401
        with store.writing() as writer:
            return writer.commit(Change("policy", "person:tester", message, **what))

    return _commit


Dump = Callable[[Store], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def dump() -> Dump:
    """Read every row of every table."""

    def _dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
        with store.database.reading() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table))]
                for table in tables.metadata.sorted_tables
            }

    return _dump


Scans = Callable[[Store, Callable[[], object]], set[str]]


@pytest.fixture
def scans() -> Scans:
    """Tell which tables SQLite goes through from end to end to answer."""

    def _scans(store: Store, ask: Callable[[], object]) -> set[str]:
        asked: list[str] = []

        def note(connection: Any, *_: object) -> None:  # noqa: ANN401
            connection.connection.driver_connection.set_trace_callback(asked.append)

        event.listen(store.database.engine, "begin", note)
        ask()
        event.remove(store.database.engine, "begin", note)
        steps: set[str] = set()
        with store.database.reading() as connection:
            for statement in filter(_is_query, asked):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
                steps |= {row[-1] for row in plan}
        tables = ("SCAN oikeus", "SCAN casbin")
        return {step for step in steps if step.startswith(tables)}

    return _scans


def _is_query(statement: str) -> bool:
    return statement.startswith("SELECT")
