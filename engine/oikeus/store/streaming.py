"""A view of the database that is read in parts: the grants as a stream, then the rest.

A plain grant is a row of kind `g` with three values, all of them text and none blank.
There may be a million, and each is read as its three values and nothing more. Every
other row is a line, with its source, as `Store.load` gives it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, exists, func, select, text

from ..terms import Line, Names
from . import histories
from .application import Application, ApplicationFilter
from .applications import applications_of
from .asking import asking
from .astray import check_explained
from .blaming import grants_of_origin
from .brought import left_by, logged_at
from .following import since_of
from .given import Gone, gone_since, granters_of
from .history import version_of
from .lines import Stored, find_lines, plain_lines, stored_lines
from .past import rules_at, table_at
from .reading import contents_of, mark_at, names_at, text_at
from .rows import Shared, decoded
from .tables import casbin_rule
from .values import Contents, GrantValues, Mark, Since, Version

_FETCHED = 5_000

_GRANT = (
    "casbin_rule.ptype = 'g' "
    "AND casbin_rule.v0 <> '' AND casbin_rule.v1 <> '' AND casbin_rule.v2 <> '' "
    "AND casbin_rule.v3 IS NULL AND casbin_rule.v4 IS NULL AND casbin_rule.v5 IS NULL"
)
# SQLite keeps bytes anywhere, and sorts them after every text
_TEXT = "casbin_rule.v0 < x'' AND casbin_rule.v1 < x'' AND casbin_rule.v2 < x''"
_RULE = "coalesce(casbin_rule.ptype, '') IN ('p', 'p2')"
_LINES = "SELECT ptype, v0, v1, v2, v3, v4, v5 FROM {} WHERE {} ORDER BY id"
_GRANTS = "SELECT v0, v1, v2 FROM {} WHERE {} ORDER BY id"


class Reader:
    """One view of the database, the same until the block of `Store.reading` ends.

    Args:
        connection: in a transaction.
        number: of an earlier version, to read what was in force at that one.
        writes: whether the transaction is a writer's, which goes on to write.

    Attributes:
        connection: for the other modules of this room.
        unreadable: the lines of kind `g` that look like grants until they are read,
            and whose values are no text; known once `grants` was read to its end.
    """

    def __init__(
        self, connection: Connection, number: int | None = None, *, writes: bool = False
    ) -> None:
        self.connection = connection
        self._number = number
        self._rules = rules_at(number)
        self._on_sqlite = connection.dialect.name == "sqlite"
        self._plain = f"{_GRANT} AND {_TEXT}" if self._on_sqlite else _GRANT
        # not "not": that would leave out the rows in which a NULL leaves it open; and
        # in the words of the index, without which all grants would be looked at
        self._other = f"({self._plain}) IS NOT TRUE"
        if not self._on_sqlite and not writes:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        if not writes:
            # the view is of this moment; that of a writer is of its lock
            _ = self.mark
        if number is not None:
            check_explained(connection)
        self.unreadable: tuple[Line, ...] = ()
        self._streams = 0

    @cached_property
    def mark(self) -> Mark:
        """What tells the version from any other."""
        return mark_at(self.connection, self._number)

    @property
    def version(self) -> int:
        """The number of the version."""
        return self.mark.number

    @cached_property
    def model(self) -> str | None:
        """The text of the model, once a version has brought one."""
        return text_at(self.connection, "model", self._number)

    @cached_property
    def catalogue(self) -> str | None:
        """The text of the catalogue, once a version has brought one."""
        return text_at(self.connection, "catalogue", self._number)

    @cached_property
    def invariants(self) -> str:
        """The text of the invariants; empty where there are none."""
        return text_at(self.connection, "invariants", self._number) or ""

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """What each organisation is called, by its id."""
        return MappingProxyType(names_at(self.connection, self._number))

    def contents(self) -> Contents:
        """All of it at once, the lines with their sources."""
        return contents_of(self.connection, self._number)

    def left_by(self, *origins: str) -> Contents:
        """What the log says that the last version of these origins left.

        Without names, and without grants that never came from a file.
        """
        return left_by(self.connection, origins)

    def grants_of_origin(self, origin: str) -> tuple[Line, ...]:
        """The grants at the head that versions of this origin brought, and no file has.

        Raises:
            StoreError: the database cannot be read.
        """
        return grants_of_origin(self.connection, origin)

    def logged(self) -> Contents:
        """The same of this version: what it and those before it brought."""
        return logged_at(self.connection, self.version)

    def count(self) -> int:
        """How many rows there are, grants and others."""
        counted = select(func.count()).select_from(table_at(self._number))
        return self.connection.scalars(counted).one()

    def lines(self, *, sources: bool = True) -> Iterator[Line]:
        """All lines but plain grants, in the order of the database.

        Args:
            sources: whether all bring their sources. If not, only rules (`p`, `p2`) do,
                which come first then, and the others take a quarter of the time.
        """
        other = self._other
        if sources:
            found = self._stored(other)
            yield from (stored.line for stored in found)
            return
        yield from (stored.line for stored in self._stored(f"{other} AND {_RULE}"))
        shared = Shared()
        for batch, _ in self._stream(_LINES, f"{other} AND NOT {_RULE}"):
            for ptype, *values in batch:
                yield shared.line_of(ptype, values)

    def rows(self) -> Iterator[Stored]:
        """The same lines, each with the number of its row, and all with sources."""
        return self._stored(self._other)

    def version_row(self) -> Version:
        """The version, as the log has it.

        Raises:
            StoreError: there is none yet.
        """
        return version_of(self.connection, self.version)

    def every_line(self) -> Generator[Line]:
        """All lines, grants among them, in the order of the database, with sources."""
        for stored in stored_lines(self.connection, number=self._number):
            yield stored.line

    def grants(self) -> Iterator[Sequence[GrantValues]]:
        """The plain grants in the order of the database, some thousands at a time.

        A row whose values turn out to be no text is left out, and is `unreadable`.
        """
        self.unreadable = ()
        shared = Shared()
        for batch, is_text in self._stream(_GRANTS, self._plain):
            if is_text:
                yield batch
                continue
            texts = [row for row in batch if all(type(value) is str for value in row)]
            if len(texts) < len(batch):
                kept = set(texts)
                odd = (row for row in batch if row not in kept)
                lines = (shared.line_of("g", row) for row in odd)
                self.unreadable = (*self.unreadable, *lines)
            yield texts

    def of_kind(self, ptype: str) -> tuple[Line, ...]:
        """The lines of one kind at the head, in their order, without their sources."""
        of_it = casbin_rule.c.ptype == ptype
        return tuple(plain_lines(self.connection, [of_it]))

    def find(self, lines: Iterable[Line]) -> dict[Line, Stored]:
        """Which of these lines the head has, with their sources."""
        return find_lines(self.connection, lines)

    def has_grant(self, subject: str) -> bool:
        """Whether the head has a row of kind `g` for the subject, plain or not."""
        its = exists().where(casbin_rule.c.v0 == subject, casbin_rule.c.ptype == "g")
        return self.connection.scalars(select(its)).one()

    def applications(
        self, only: ApplicationFilter, *, day: date
    ) -> tuple[Application, ...]:
        """The applications asked for, as this version had them; see `Store`.

        Raises:
            StoreError: a word that no column can hold.
        """
        return applications_of(self.connection, only, day, self._number)

    def granters(self) -> Mapping[Line, str]:
        """The grants at the head that rest on somebody's power, and on whose."""
        return granters_of(self.connection)

    def gone_since(self, number: int, *origins: str) -> tuple[Gone, ...]:
        """The grants that versions after one removed, by acts of these origins."""
        return gone_since(self.connection, number, origins)

    def since(self, mark: Mark) -> Since | None:
        """What the versions after this one did; see `Store.changes_since`."""
        return since_of(asking(self.connection), mark)

    def holds(self, mark: Mark) -> bool:
        """Whether a version is one of those that the database has."""
        return histories.holds(asking(self.connection), mark)

    def accepted_since(self, mark: Mark) -> bool:
        """Whether the owner accepted the history after that version was made."""
        return histories.accepted_since(asking(self.connection), mark)

    def _stored(self, condition: str) -> Iterator[Stored]:
        wanted = text(condition)
        return stored_lines(self.connection, wanted, number=self._number)

    def _stream(self, pattern: str, condition: str) -> Iterator[tuple[list[Any], bool]]:
        """The rows of a statement in batches, and whether all in them is text."""
        statement = pattern.format(self._rules, condition)
        if not self._on_sqlite:
            yield from ((batch, True) for batch in self._from_server(statement))
            return
        given = 0
        cursor = self._cursor(statement)
        try:
            while batch := self._fetched_as_text(cursor):
                yield batch, True
                given += len(batch)
        except self.connection.dialect.loaded_dbapi.OperationalError:
            # a value that is no UTF-8, which takes its whole batch with it
            cursor = self._cursor(statement)
            while given:
                given -= len(cursor.fetchmany(min(given, _FETCHED)))
            while batch := cursor.fetchmany(_FETCHED):
                yield batch, False

    def _cursor(self, statement: str) -> Any:  # noqa: ANN401 # of the driver
        # SQLAlchemy's rows would cost as much again as the database
        cursor = self.connection.connection.cursor()
        cursor.execute(statement)
        return cursor

    def _from_server(self, statement: str) -> Iterator[list[Any]]:
        """Let the server keep the result, which the driver would hold as a whole."""
        self._streams += 1
        name = f"oikeus_grants_{self._streams}"
        cursor = self._cursor(f"DECLARE {name} NO SCROLL CURSOR FOR {statement}")
        while True:
            cursor.execute(f"FETCH {_FETCHED} FROM {name}")
            if not (batch := cursor.fetchall()):
                return
            yield batch

    def _fetched_as_text(self, cursor: Any) -> list[Any]:  # noqa: ANN401
        """Let the driver make the text itself: twice as fast, but it raises."""
        driver: Any = self.connection.connection.driver_connection
        driver.text_factory = str
        try:
            batch: list[Any] = cursor.fetchmany(_FETCHED)
        finally:
            driver.text_factory = decoded
        return batch
