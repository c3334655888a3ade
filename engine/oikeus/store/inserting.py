"""Inserting rows, few or a million, whose values stand in the order of the columns.

SQLAlchemy would make a dictionary of each row, and a server answer each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, TextClause, text

from .chain import Row
from .rows import batches

_WRITTEN = 5_000


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows in the transaction that there is."""
    parts = batches(rows, _WRITTEN)
    if connection.dialect.name == "sqlite":
        for part in parts:
            connection.exec_driver_sql(_from_rows(table), part)
        return
    for part in parts:
        columns = zip(table.columns.keys(), zip(*part, strict=True), strict=True)
        asked = {name: list(values) for name, values in columns}
        connection.execute(_from_arrays(table), asked)
        # few are sent by one statement and answered at once; many in a stream, for
        # which the server takes half the time and the driver an eighth
        if len(part) == _WRITTEN:
            _stream(connection, table, parts)


def _stream(connection: Connection, table: Table, parts: Iterator[list[Row]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {_columns_of(table)} FROM STDIN") as copy:
        for part in parts:
            for row in part:
                copy.write_row(row)


@cache
def _from_rows(table: Table) -> str:
    """Insert rows as they are, each by a statement of its own, as SQLite has it."""
    marks = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {_columns_of(table)} VALUES ({marks})"  # noqa: S608 # ours


@cache
def _from_arrays(table: Table) -> TextClause:
    """Insert rows that come column by column, each an array of as many values."""
    # as text, for a cast to the column's own type would cut what is too long
    arrays = ", ".join(
        f"CAST(:{name} AS {'INTEGER' if column.type.python_type is int else 'TEXT'}[])"
        for name, column in table.columns.items()
    )
    return text(f"INSERT INTO {_columns_of(table)} SELECT * FROM unnest({arrays})")  # noqa: S608 # ours


def _columns_of(table: Table) -> str:
    return f"{table.name} ({', '.join(table.columns.keys())})"
