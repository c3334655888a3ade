"""Inserting rows, few or a million, whose values stand in the order of the columns.

SQLAlchemy would make a dictionary of each row, and a server answer each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, TextClause, text

from .chain import Row
from .rows import batches

_WRITTEN = 5_000
_FEW = 20


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows in the transaction that there is."""
    parts = batches(rows, _WRITTEN)
    if connection.dialect.name == "sqlite":
        for part in parts:
            connection.exec_driver_sql(_row_by_row(table, "?"), part)
        return
    for part in parts:
        if len(part) <= _FEW:
            cursor: Any = connection.connection.cursor()
            for row in part:
                cursor.execute(_row_by_row(table, "%s"), row)
        else:
            columns = zip(table.columns.keys(), zip(*part, strict=True), strict=True)
            asked = {name: list(values) for name, values in columns}
            connection.execute(_from_arrays(table), asked)
        # many go in a stream, which the server takes in half the time and the driver
        # in an eighth
        if len(part) == _WRITTEN:
            _stream(connection, table, parts)


@contextmanager
def sent_together(connection: Connection, rows: int) -> Iterator[None]:
    """Let a server answer a few statements at once, when all of them were sent.

    Args:
        connection: in a transaction.
        rows: how many are written: many are streamed, and that has its own answer.
    """
    if connection.dialect.name == "sqlite" or rows > _FEW:
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.pipeline():
        yield


def _stream(connection: Connection, table: Table, parts: Iterator[list[Row]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {_columns_of(table)} FROM STDIN") as copy:
        for part in parts:
            for row in part:
                copy.write_row(row)


@cache
def _row_by_row(table: Table, mark: str) -> str:
    marks = ", ".join(mark for _ in table.columns)
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
