"""The store: a database that holds policy, register and every version of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from types import TracebackType
from typing import Self

from ..moments import in_utc
from ..terms import Line
from . import schema
from .application import Application, ApplicationFilter
from .applications import applications_of
from .astray import astray_of
from .blaming import blamed_of
from .database import Database
from .dating import brought_by, version_at
from .details import Details
from .engines import is_there, make_file
from .filtering import LineFilter, VersionFilter
from .following import since_of
from .history import changes_of, changes_of_each, logged_of, version_of, versions_of
from .listening import Listener
from .reading import contents_of, head_of, mark_of
from .steps import Step, steps_of
from .streaming import Reader
from .token import Token
from .tokens import tokens_of
from .values import Blamed, Contents, Logged, Mark, Recorded, Since, Version
from .writing import Writer


class Store:
    """Versions in a database, for as many threads as there are.

    Made by `open`; used in a `with` block or closed by hand.

    Attributes:
        schema_revision: which schema the database has.
    """

    def __init__(self, database: Database, schema_revision: str) -> None:
        self.database = database
        self.schema_revision = schema_revision

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Self:
        """Open a database that this program can use.

        Args:
            url: `sqlite:///PATH`, `sqlite://` for memory, or `postgresql://…`.
            create: make a new SQLite file, with its tables, when there is none.

        Raises:
            StoreError: a bad URL, a database that cannot be reached or used, or one
                that has another schema than this program needs.
        """
        database = Database.at(url)
        make_file(database.place, create=create)
        return cls.over(database, create=create)

    @classmethod
    def over(cls, database: Database, *, create: bool) -> Self:
        """Open a database that an engine leads to; see `open`.

        Raises:
            StoreError: it cannot be reached or used, or has another schema.
        """
        try:
            return cls(database, schema.check(database, create=create))
        except BaseException:
            database.close()
            raise

    @staticmethod
    def migrate(url: str) -> tuple[str, ...]:
        """Give a database the present schema; the owner's act.

        Returns:
            the revisions that were missing; none when there was nothing to do.

        Raises:
            StoreError: a database that cannot be used, that has a newer schema, or
                whose lines no version explains.
        """
        database = Database.at(url)
        make_file(database.place, create=True)
        try:
            return schema.migrate(database)
        finally:
            database.close()

    @staticmethod
    def is_there(url: str) -> bool:
        """Whether there is a database, be it one that cannot be used.

        Only a file can be missing: whether a server has a database, opening it tells.

        Raises:
            StoreError: a bad URL.
        """
        database = Database.at(url)
        database.close()
        return is_there(database.place)

    @property
    def identity(self) -> str:
        """What tells the database from others, by how it is reached; no secret."""
        return self.database.place.identity

    def head(self) -> int:
        """The number of the last version, 0 before the first.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.reading() as connection:
            return head_of(connection)

    def head_mark(self) -> Mark:
        """What tells the last version from any other, also of a restored database.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.looking() as ask:
            return mark_of(ask)

    def changes_since(self, mark: Mark) -> Since | None:
        """What the versions after this one did; cheap, whatever the database holds.

        When it tells that lines changed, they are to be read from the same view:
        `Reader.since` gives the same within `reading`.

        Returns:
            nothing when all must be loaded anew: the database is not a continuation
            of that version, or more has changed than is worth telling.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.looking() as ask:
            return since_of(ask, mark)

    def listen(self, wake: Callable[[], None]) -> Listener | None:
        """Be told of new versions by the database, until the listener is closed.

        What it tells is a hint: a look at the head tells what there is.

        Returns:
            nothing for SQLite, which tells nobody.
        """
        if self.database.is_sqlite:
            return None
        return Listener(self.database.engine, wake)

    @contextmanager
    def reading(self, version: int | None = None) -> Iterator[Reader]:
        """Read in parts what is in force, from one view of the database.

        Args:
            version: an earlier one, to read what was in force at that one.

        Raises:
            StoreError: the database cannot be read, or has no such version.
            TamperedError: an earlier version is asked for, and what is in force is not
                what the log says.
        """
        with self.database.reading() as connection:
            yield Reader(connection, version)

    def load(self, version: int | None = None) -> Contents:
        """All that is in force, from one view of the database.

        Args:
            version: an earlier one, for all that was in force at that one.

        Raises:
            StoreError: the database cannot be read, or has no such version.
            TamperedError: an earlier version is asked for, and what is in force is not
                what the log says.
        """
        with self.database.reading() as connection:
            return contents_of(connection, version)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Begin a transaction that no other writer can be in at the same time.

        A block that is left by an exception, without a commit, or after a commit that
        failed, writes nothing.

        Raises:
            StoreError: the database cannot be written, or is locked for too long.
        """
        with self.database.writing() as connection:
            writer = Writer(connection)
            yield writer
            if not writer.finished:
                connection.rollback()

    def versions(self) -> tuple[Version, ...]:
        """All versions, the first one first.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.reading() as connection:
            return versions_of(connection)

    def changes(self, number: int) -> tuple[Recorded, ...]:
        """What a version did to the lines.

        Raises:
            StoreError: no such version, or the database cannot be read.
        """
        with self.database.reading() as connection:
            return tuple(changes_of(connection, number))

    def changes_of_each(
        self, numbers: Sequence[int]
    ) -> dict[int, tuple[Recorded, ...]]:
        """What several versions did to the lines, by their numbers.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.reading() as connection:
            return changes_of_each(connection, numbers)

    def log(self, only: VersionFilter | None = None, *, most: int = 50) -> Logged:
        """The last versions, the newest first.

        Args:
            only: those to choose from; all unless told.
            most: how many.

        Raises:
            StoreError: the database cannot be read, or has no such word or number.
        """
        with self.database.reading() as connection:
            return logged_of(connection, only or VersionFilter(), most)

    @contextmanager
    def details(self, number: int | None = None) -> Iterator[Details]:
        """Read in parts all that a version did, from one view of the database.

        Args:
            number: of the version; the head unless told.

        Raises:
            StoreError: no such version, or the database cannot be read.
        """
        with self.database.reading() as connection:
            at = head_of(connection) if number is None else number
            with closing(Details(connection, at)) as details:
                yield details

    @contextmanager
    def blame(self, only: LineFilter | None = None) -> Iterator[Iterator[Blamed]]:
        """Stream the lines in force, each with the version that brought it.

        Args:
            only: which lines; all unless told.

        Raises:
            StoreError: the database cannot be read, or a word that no column can hold.
        """
        with (
            self.database.reading() as connection,
            closing(blamed_of(connection, only or LineFilter())) as found,
        ):
            yield found

    def astray(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The lines in force that the log does not explain, and those that are gone.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.reading() as connection:
            return astray_of(connection)

    def version(self, number: int) -> Version:
        """One version.

        Raises:
            StoreError: no such version, or the database cannot be read.
        """
        with self.database.reading() as connection:
            return version_of(connection, number)

    def version_at(self, instant: datetime) -> int:
        """The last version whose time is not after an instant, 0 before the first.

        Raises:
            RequestError: the instant has no offset.
            StoreError: the database cannot be read.
        """
        sought = in_utc(instant)
        with self.database.reading() as connection:
            return version_at(connection, sought)

    def brought_by(self, line: Line, number: int) -> int | None:
        """The number of the version that brought a line that was in force at this one.

        Returns:
            nothing where the log does not tell.

        Raises:
            StoreError: no such version, or the database cannot be read.
        """
        with self.database.reading() as connection:
            return brought_by(connection, line, number)

    def applications(
        self, only: ApplicationFilter | None = None, *, day: date
    ) -> tuple[Application, ...]:
        """The applications asked for, as they stand on a day, by their ids.

        Args:
            only: those to choose from; all unless told.
            day: lapsed are those whose last day is before this one.

        Raises:
            StoreError: the database cannot be read, or a word that no column can hold.
        """
        with self.database.reading() as connection:
            return applications_of(connection, only or ApplicationFilter(), day)

    def tokens(self, *, day: date) -> tuple[Token, ...]:
        """The tokens there are, as they stand on a day, by their ids.

        Args:
            day: expired are those whose last day is before this one.

        Raises:
            StoreError: the database cannot be read.
            TamperedError: a row that no version of oikeus has written.
        """
        with self.database.reading() as connection:
            return tokens_of(connection, day)

    def steps(self, after: int, until: int) -> tuple[Step, ...]:
        """What the versions after one did, up to another; the first of them at least.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.database.reading() as connection:
            return steps_of(connection, after, until)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
