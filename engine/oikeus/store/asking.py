"""Questions to the database that cost little, over and over: has anything changed?

A connection to an SQLite file is kept open for them, for opening one takes ten times as
long as the answer. INVARIANT: it never answers by what it remembers. It is given up
when the path leads to another file, it forgets every page before it looks, and the
child of a fork leaves it alone: SQLite allows neither its use nor its end there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    PoolProxiedConnection,
    Select,
    TextClause,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from .rows import decoded

Asked: TypeAlias = Select[Any] | TextClause
"""A statement that gives rows; made once, however often it is asked."""

_NOTHING: Mapping[str, object] = MappingProxyType({})

_of_a_parent: list[PoolProxiedConnection | None] = []
"""Connections of the process that this one was forked from; never closed here."""


class Ask(Protocol):
    """How rows are asked for, in one view of the database."""

    def __call__(
        self, statement: Asked, asked: Mapping[str, object] = _NOTHING
    ) -> Sequence[Sequence[Any]]:
        """Return all rows of the statement."""


def asking(connection: Connection) -> Ask:
    """Ask within a transaction that there is already."""
    driver = connection.connection.driver_connection
    return _asking_driver(driver, connection.dialect)


class KeptConnection:
    """The connection to a file that stays open; threads take turns at it.

    Args:
        engine: makes the connections.
        path: of the file.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path.absolute()
        self._forget()

    @contextmanager
    def looking(self) -> Iterator[Ask]:
        """One view of the file; what the driver raises is not made ours here."""
        if self._process != os.getpid():
            _of_a_parent.append(self._kept)
            self._forget()
        with self._lock:
            try:
                driver = self._present()
                driver.execute("PRAGMA shrink_memory")
                driver.execute("BEGIN")
                yield _asking_driver(driver, self._engine.dialect)
                driver.rollback()
            except BaseException:
                self._close()
                raise

    def close(self) -> None:
        """Close the connection; another look opens one again."""
        if self._process == os.getpid():
            with self._lock:
                self._close()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._kept: PoolProxiedConnection | None = None
        self._file: tuple[int, int] | None = None

    def _present(self) -> Any:  # noqa: ANN401 # the driver's connection
        file = _file_at(self._path)
        if self._kept is None or file is None or file != self._file:
            self._close()
            self._kept, self._file = self._engine.raw_connection(), file
            opened: Any = self._kept.driver_connection
            # transactions are begun here, and bytes that are no text are no error
            opened.isolation_level, opened.text_factory = None, decoded
        return self._kept.driver_connection

    def _close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file is there; another one may have taken the place of the first."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _asking_driver(driver: Any, dialect: Dialect) -> Ask:  # noqa: ANN401 # its connection
    # SQLAlchemy would take twice as long as the driver, over and over
    def ask(
        statement: Asked, asked: Mapping[str, object] = _NOTHING
    ) -> Sequence[Sequence[Any]]:
        text, values = _text_of(statement, dialect.name)
        rows: Sequence[Sequence[Any]] = driver.execute(text, values(asked)).fetchall()
        return rows

    return ask


@cache
def _text_of(
    statement: Asked, dialect: str
) -> tuple[str, Callable[[Mapping[str, object]], Any]]:
    """A statement as the driver takes it; those that come here are few and constant."""
    if dialect == "sqlite":
        compiled = statement.compile(dialect=sqlite.dialect())
        fixed, order = compiled.params, compiled.positiontup or ()
        return str(compiled), lambda asked: [
            asked.get(name, fixed[name]) for name in order
        ]
    compiled = statement.compile(
        dialect=psycopg.dialect()  # type: ignore[no-untyped-call] # nor has it types
    )
    named = {**compiled.params}
    return str(compiled), lambda asked: named | {**asked}
