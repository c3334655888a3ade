"""Bare bulk inserts: the rows of a version as they stand, and nothing checked or made.

What an import is held against. The tables have their indexes and triggers; the rows
come from a database into which the import has been made, with all their digests.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from time import perf_counter
from typing import Any, TypeAlias

Rows: TypeAlias = list[tuple[Any, ...]]
Tables: TypeAlias = dict[str, Rows]

_AT_ONCE = 5_000
# the last version, in an order in which it can be inserted
_MADE = {
    "oikeus_version": "SELECT * FROM oikeus_version WHERE number = 2",
    "casbin_rule": (
        "SELECT * FROM casbin_rule WHERE id IN "
        "(SELECT rule FROM oikeus_change WHERE version = 2) ORDER BY id"
    ),
    "oikeus_change": "SELECT * FROM oikeus_change WHERE version = 2 ORDER BY position",
}
_ADVANCE = "UPDATE oikeus_head SET version = 2"
_WHOLE_NUMBERS = frozenset({"id", "number", "version", "position", "rule"})


def sqlite_rows(path: str) -> Tables:
    """All that the second version of a file put into it."""
    connection = sqlite3.connect(path)
    found = {name: connection.execute(text).fetchall() for name, text in _MADE.items()}
    connection.close()
    return found


def postgresql_rows(url: str) -> Tables:
    """All that the second version of a database put into it."""
    import psycopg  # noqa: PLC0415 # only where there is a server

    with psycopg.connect(url) as connection:
        return {
            name: connection.execute(text.encode()).fetchall()
            for name, text in _MADE.items()
        }


def into_sqlite(path: str, made: Tables) -> float:
    """Insert by `executemany` in one transaction; the seconds that it took."""
    start = perf_counter()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    for name, rows in made.items():
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
    connection.execute(_ADVANCE)
    connection.execute("COMMIT")
    connection.close()
    return perf_counter() - start


def into_postgresql(url: str, made: Tables, insert: Callable[..., None]) -> float:
    """Insert in one transaction, in one of the two ways; the seconds that it took."""
    import psycopg  # noqa: PLC0415 # only where there is a server

    start = perf_counter()
    with psycopg.connect(url) as connection:
        cursor = connection.cursor()
        for name, rows in made.items():
            insert(cursor, name, rows)
        cursor.execute(_ADVANCE)
    return perf_counter() - start


def by_copy(cursor: Any, name: str, rows: Rows) -> None:  # noqa: ANN401 # the driver's
    """The quickest way that the server has."""
    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def by_arrays(cursor: Any, name: str, rows: Rows) -> None:  # noqa: ANN401 # the driver's
    """Many rows a statement, the quickest way of those that are INSERTs."""
    cursor.execute(f"SELECT * FROM {name} LIMIT 0")  # noqa: S608 # ours
    arrays = ", ".join(
        f"CAST(%s AS {_type_of(column)}[])" for column, *_ in cursor.description
    )
    statement = f"INSERT INTO {name} SELECT * FROM unnest({arrays})"  # noqa: S608 # ours
    for part in _parts(rows):
        cursor.execute(statement, [[*values] for values in zip(*part, strict=True)])


def _type_of(column: str) -> str:
    is_number = column in _WHOLE_NUMBERS or column == "source_line"
    return "INTEGER" if is_number else "TEXT"


def _parts(rows: Rows) -> Iterator[Rows]:
    rest = iter(rows)
    while part := [*islice(rest, _AT_ONCE)]:
        yield part
