"""Real databases: SQLite files, and a PostgreSQL server of this test session."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, select, update

from benchmarks.server import administer, database
from benchmarks.server import server as running
from oikeus.store import Change, Store, tables
from oikeus.store.adapter import Adapter
from oikeus.store.chain import (
    GENESIS,
    Row,
    chained,
    change_form,
    names_form,
    step_form,
    version_digest,
)

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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables; not to be changed."""
    path = tmp_path_factory.mktemp("migrated") / "oikeus.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> str:
    """A file of its own, with the tables."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'oikeus.db')}"


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


Rechain = Callable[[Connection], None]


@pytest.fixture
def rechain() -> Rechain:
    """Make all digests anew, as somebody could who knows this program."""

    def _rechain(base: Connection) -> None:
        before = GENESIS
        versions = select(tables.version).order_by(tables.version.c.number)
        for version in base.execute(versions).mappings().all():
            last = before
            for table, order, form in PARTS:
                last = _rechained(base, table, order, form, version["number"], last)
            row = {**version, "previous": before}
            before = version_digest(row, last)
            base.execute(
                update(tables.version)
                .where(tables.version.c.number == version["number"])
                .values(previous=row["previous"], digest=before)
            )

    return _rechain


PARTS: list[tuple[Table, str, Callable[[Row], Row]]] = [
    (tables.change, "position", change_form),
    (tables.names, "organisation", names_form),
    (tables.application, "version", step_form),
    (tables.token, "version", step_form),
]


def _rechained(  # noqa: PLR0913, PLR0917 # what a part of a version is
    base: Connection,
    table: Table,
    order: str,
    form: Callable[[Row], Row],
    number: int,
    before: str,
) -> str:
    columns = [column for column in table.c if column.name != "digest"]
    found = select(*columns).where(table.c.version == number).order_by(table.c[order])
    rows = [tuple(row) for row in base.execute(found)]
    for *row, digest in chained(before, rows, form):
        before = str(digest)
        its = dict(zip((column.name for column in columns), row, strict=True))
        is_it = (table.c.version == number, table.c[order] == its[order])
        base.execute(update(table).where(*is_it).values(digest=before))
    return before


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
