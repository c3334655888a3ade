"""What every command shares: the database, the output format, the exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

import click

import oikeus

from .output import loading, talk
from .service import Named, Place, read_token, service_asked

DEFAULT_DB = "sqlite:///oikeus.db"

_SCHEMES = ("https://", "http://")
_BY_DEFAULT = Place(DEFAULT_DB, Named.NOWHERE)

Command = TypeVar("Command", bound=Callable[..., Any])


class Exit(IntEnum):
    """What the exit code of a command says."""

    YES = 0
    ERROR = 1
    USAGE = 2
    NO = 3


@dataclass(slots=True)
class Settings:
    """The options that every command has.

    Attributes:
        database: the database's URL, and what named it.
        place: the service's URL, and what named it; nothing where none is.
        token_file: where the token for the service is.
        ca_file: certificates that the service may be signed by, in PEM.
        format: `text` or `json`; some commands know others.
    """

    database: Place = _BY_DEFAULT
    place: Place | None = None
    token_file: Path | None = None
    format: str = "text"
    ca_file: Path | None = None

    @property
    def json(self) -> bool:
        """Whether programs read the output."""
        return self.format == "json"

    @property
    def db(self) -> str:
        """The database's URL, for a command that needs the database itself.

        Raises:
            UsageError: a service is named, which cannot do this.
        """
        if self.server is None:
            return self.database.url
        ctx = click.get_current_context()
        message = (
            f"`{ctx.command_path}` works on a database and not at a service, expected "
            "--db URL in the place of --server or OIKEUS_SERVER"
        )
        raise click.UsageError(message, ctx)

    @property
    def server(self) -> str | None:
        """The service's URL; nothing where a database is asked.

        Raises:
            UsageError: both are named, and neither counts for more.
        """
        return service_asked(self.database, self.place)

    @contextmanager
    def service(self) -> Iterator[oikeus.RemotePoint]:
        """Connect to the service, for a command that can ask one.

        Raises:
            UsageError: its URL is none of a service.
        """
        url = self.server or ""
        if not url.casefold().startswith(_SCHEMES):
            message = (
                "--server or OIKEUS_SERVER names no service, expected https://HOST, or "
                "an address of this machine such as http://127.0.0.1:8080"
            )
            raise click.UsageError(message, click.get_current_context())
        token = read_token(self.token_file)
        with oikeus.connect(url, token=token, ca_file=self.ca_file) as point:
            yield point

    @contextmanager
    def asking(
        self, as_of: oikeus.Moment | None
    ) -> Iterator[oikeus.DecisionPoint | oikeus.RemotePoint]:
        """Open what a command asks: the database, or the service.

        Args:
            as_of: decide by what was known at this moment; by the head without one.

        Raises:
            UsageError: a service is asked about another moment.
        """
        if self.server is None:
            with self.point(as_of) as here:
                yield here
            return
        if as_of is not None:
            message = "a service decides by what is known now, expected no --as-of"
            raise click.UsageError(message, click.get_current_context())
        with self.service() as point:
            yield point

    @contextmanager
    def store(self, *, create: bool = False) -> Iterator[oikeus.Store]:
        """Open the database for a command that writes or looks at its history."""
        store = oikeus.Store.open(self.db, create=create)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def point(
        self, as_of: oikeus.Moment | None = None
    ) -> Iterator[oikeus.DecisionPoint]:
        """Open the database for a command that decides.

        Args:
            as_of: decide by what was known at this moment; by the head without one.
        """
        if as_of is None:
            with oikeus.connect(self.db, every=None, progress=loading) as point:
                yield point
            return
        recalled = oikeus.recall(self.db, as_of, progress=loading)
        if recalled.instant > datetime.now(UTC):
            talk(
                f"the moment is still to come: decided by version {recalled.version}, "
                "which is what is known now"
            )
        yield recalled


def read_text(path: Path, error: type[oikeus.ProblemsError]) -> str:
    """Read the text of a file that somebody named.

    Raises:
        ProblemsError: of the class given: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode()
    except OSError as failed:
        problem = f"cannot be read: {failed.strerror or 'no such file'}".lower()
        raise error([oikeus.Problem(str(path), 0, problem)]) from failed
    except UnicodeDecodeError as failed:
        problem = f"is not UTF-8 at byte {failed.start}, expected UTF-8"
        raise error([oikeus.Problem(str(path), 0, problem)]) from failed


def actor() -> str:
    """Who runs the command: the operating-system user (the owner of the database)."""
    return f"os:{oikeus.operating_system_user()}"


def example(*parts: str) -> str:
    """A command for the end of its help, in lines that can be pasted as they are."""
    return "\b\nExample: oikeus " + " \\\n    ".join(parts)


def global_options(command: Command) -> Command:
    """Let a command take the global options after its own name too."""
    return format_option("text", "json")(db_option(command))


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Let a command take the format of its result after its own name."""

    def add(command: Command) -> Command:
        return click.option(
            "--format",
            type=click.Choice(formats),
            callback=remember,
            expose_value=False,
            help="How results are written; text by default.",
        )(command)

    return add


def db_option(command: Command) -> Command:
    """Let a command take the database after its own name."""
    return click.option(
        "--db",
        metavar="URL",
        is_eager=True,
        callback=_remember_database,
        expose_value=False,
        help=f"The database; else OIKEUS_DB, else {DEFAULT_DB}.",
    )(command)


def remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep the value of a global option that stands after the command."""
    if value is not None and param.name is not None:
        setattr(ctx.ensure_object(Settings), param.name, value)


def _remember_database(
    ctx: click.Context, _: click.Parameter, value: str | None
) -> None:
    if value is not None:
        ctx.ensure_object(Settings).database = Place(value, Named.OPTION)
