"""The one way to write: a change becomes a version in the transaction of its writer.

INVARIANT: log, lines and head move together. Whatever goes wrong in between leaves the
writer unfinished, and `Store.writing` then rolls everything back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection

from ..errors import StoreError
from ..terms import Line
from .application import Application, ApplicationFilter
from .applications import applications_of
from .astray import astray_of
from .blaming import grants_of_origin
from .brought import left_by
from .difference import difference_of
from .lines import Stored, find_lines, plain_lines
from .reading import contents_of, head_of, mark_at
from .recording import record
from .streaming import Reader
from .tables import casbin_rule
from .token import Token
from .tokens import find_token
from .values import Change, Contents, Mark

_APPENDED: Mapping[Line, Line] = MappingProxyType({})


class Writer:
    """A transaction in which one change can be committed.

    Attributes:
        connection: for the other modules of this room.
        head: the number of the last version before this one.
        finished: whether everything was written that was asked for.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.head = head_of(connection, lock=True)
        self.finished = False
        self._used = False

    def load(self) -> Contents:
        """What is in force, and stays so until this transaction ends.

        Raises:
            StoreError: the database cannot be read.
        """
        return contents_of(self.connection)

    def reading(self) -> Reader:
        """Read in parts what is in force, and stays so until this transaction ends.

        Raises:
            StoreError: the database cannot be read.
        """
        return Reader(self.connection, writes=True)

    def mark(self) -> Mark:
        """What tells the last version before this one from any other.

        Raises:
            StoreError: the database cannot be read.
        """
        return mark_at(self.connection, None)

    def astray(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The lines in force that the log does not explain, and those that are gone.

        Raises:
            StoreError: the database cannot be read.
        """
        return astray_of(self.connection)

    def left_by(self, *origins: str) -> Contents:
        """What the log says that the last version of these origins left.

        Raises:
            StoreError: the database cannot be read.
        """
        return left_by(self.connection, origins)

    def grants_of_origin(self, origin: str) -> tuple[Line, ...]:
        """The grants at the head that versions of this origin brought, and no file has.

        Raises:
            StoreError: the database cannot be read.
        """
        return grants_of_origin(self.connection, origin)

    def find(self, lines: Iterable[Line]) -> dict[Line, Stored]:
        """Which of these lines are in force.

        Raises:
            StoreError: the database cannot be read.
        """
        return find_lines(self.connection, lines)

    def of_kind(self, ptype: str) -> tuple[Line, ...]:
        """The lines of one kind, in their order, without their sources.

        Raises:
            StoreError: the database cannot be read.
        """
        return tuple(plain_lines(self.connection, [casbin_rule.c.ptype == ptype]))

    def applications(
        self, only: ApplicationFilter, *, day: date
    ) -> tuple[Application, ...]:
        """The applications asked for; see `Store.applications`.

        Raises:
            StoreError: the database cannot be read, or a word that no column can hold.
        """
        return applications_of(self.connection, only, day)

    def token(self, number: int, *, day: date) -> Token:
        """One token, as it stands on a day.

        Raises:
            StoreError: there is none of this id, or the database cannot be read.
        """
        return find_token(self.connection, number, day)

    def commit(
        self, change: Change, *, in_place: Mapping[Line, Line] = _APPENDED
    ) -> int:
        """Write the change as the next version; it holds when `writing` ends well.

        Args:
            change: what to add, remove and replace.
            in_place: for a line, new or in force, the line whose place it takes and
                which leaves that place, because some Casbin models decide by the order.

        Returns:
            the number of the new version, or of the head when nothing changes.

        Raises:
            StoreError: the change cannot be made as it is asked for, or is the second
                one in this transaction.
        """
        if self._used:
            message = "a second change in one transaction, expected one"
            raise StoreError(message)
        self._used = True
        difference = difference_of(self.connection, change, in_place)
        number = self.head
        if difference:
            number += 1
            record(self.connection, number, change, difference, in_place)
        self.finished = True
        return number
