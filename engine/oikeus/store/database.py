"""Transactions: one consistent view to read, one writer at a time, one kind of error.

SQLite's driver begins transactions on its own terms, and too late for a consistent
view; so it is set aside and the statements are given here. Its journal stays in the
default mode: a database is then one file that can be copied and put on read-only media.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..errors import LockedError, ReadOnlyError, StoreError
from .asking import Ask, KeptConnection, asking
from .engines import WAIT_SECONDS, Place, engine_of, place_of
from .rows import decoded

_LONGEST_REASON = 300

_LOCKED = "is locked by another writer, try again"
_READ_ONLY = "can only be read"
_KNOWN = {
    "database is locked": _LOCKED,
    "lock timeout": _LOCKED,
    "file is not a database": "is no SQLite database",
    "readonly database": _READ_ONLY,
    "read-only transaction": _READ_ONLY,
    "unable to open database file": "cannot be opened",
}
_ERRORS = {_LOCKED: LockedError, _READ_ONLY: ReadOnlyError}


class Database:
    """An engine and how to use it.

    Args:
        owned: close the engine with the database; it is nobody else's.

    Attributes:
        engine: for the other modules of this room.
        place: the database in words that may be shown.
        is_sqlite: whether it is a file or memory, otherwise a PostgreSQL server.
    """

    def __init__(self, engine: Engine, place: Place, *, owned: bool) -> None:
        self.engine = engine
        self._owned = owned
        self.place = place
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._kept: KeptConnection | None = None
        if owned and self.is_sqlite and place.path is not None:
            self._kept = KeptConnection(engine, place.path)

    @classmethod
    def at(cls, url: str) -> Self:
        """The database at a URL; nothing is opened yet.

        Raises:
            StoreError: a URL that cannot be used.
        """
        return cls(*engine_of(url), owned=True)

    @classmethod
    def over(cls, engine: Engine) -> Self:
        """The database that somebody else's engine leads to.

        Raises:
            StoreError: neither SQLite nor PostgreSQL.
        """
        if engine.dialect.name not in {"sqlite", "postgresql"}:
            message = f"unknown kind of database `{engine.dialect.name}`"
            raise StoreError(message + ", expected sqlite or postgresql")
        return cls(engine, place_of(engine.url), owned=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the database, the same from the first statement to the last.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._explained(), self.engine.connect() as connection:
            if self.is_sqlite:
                _begin(connection, "BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            try:
                with self._lenient(connection):
                    yield connection
            finally:
                connection.rollback()

    @contextmanager
    def looking(self) -> Iterator[Ask]:
        """One view of the database as in `reading`, for a question asked often.

        Raises:
            StoreError: the database cannot be read.
        """
        if self._kept is None:
            with self.reading() as connection:
                yield asking(connection)
        else:
            with self._explained(), self._kept.looking() as ask:
                yield ask

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed when the block ends well and rolled back if not.

        On SQLite nobody else writes from here on. On PostgreSQL a lock does that, and
        every statement after it sees what the writer before has committed.

        Raises:
            StoreError: the database cannot be written, or is locked for too long.
        """
        with self._explained(writes=True), self.engine.connect() as connection:
            if self.is_sqlite:
                _begin(connection, "BEGIN IMMEDIATE")
            else:
                connection.execution_options(isolation_level="READ COMMITTED")
                wait = int(WAIT_SECONDS * 1000)
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait}")
            try:
                with self._lenient(connection):
                    yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def close(self) -> None:
        """Close all connections, unless the engine is somebody else's."""
        if self._kept is not None:
            self._kept.close()
        if self._owned:
            self.engine.dispose()

    @contextmanager
    def _lenient(self, connection: Connection) -> Iterator[None]:
        """Read text that is none: an error of the driver would repeat the value."""
        driver: Any = connection.connection.driver_connection
        if not self.is_sqlite:
            yield
            return
        # the connection may be somebody else's
        before, driver.text_factory = driver.text_factory, decoded
        try:
            yield
        finally:
            driver.text_factory = before

    @contextmanager
    def _explained(self, *, writes: bool = False) -> Iterator[None]:
        # what streams asks the driver itself
        of_the_driver = self.engine.dialect.loaded_dbapi.Error
        try:
            yield
        except (SQLAlchemyError, of_the_driver) as error:
            reason = self._reason(error)
            message = f"the database `{self.place.text}` {reason}"
            # the driver may quote the URL: then the cause must not be seen either
            leaks = any(secret in str(error) for secret in self.place.secrets)
            kind = _ERRORS.get(reason, StoreError)
            if writes and "permission denied" in reason:
                kind = ReadOnlyError
                message += "; expected an address and rights that may write"
            raise kind(message) from (None if leaks else error)

    def _reason(self, error: Exception) -> str:
        text = str(error.orig if isinstance(error, DBAPIError) else error)
        for sign, meaning in _KNOWN.items():
            if sign in text:
                return meaning
        # what follows holds values of the row, and the statement
        for sign in ("\nDETAIL:", "\nCONTEXT:", "\nLINE "):
            text = text.partition(sign)[0]
        for secret in self.place.secrets:
            text = text.replace(secret, "***")
        reason = " ".join(text.split()).removesuffix(".")[:_LONGEST_REASON]
        return f"cannot be used: {reason}"


def _begin(connection: Connection, statement: str) -> None:
    connection.execution_options(isolation_level="AUTOCOMMIT")
    # has no effect inside a transaction
    connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    connection.exec_driver_sql(statement)
