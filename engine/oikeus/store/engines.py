"""From a URL to a database engine, without letting a password out.

`sqlite:///PATH` is a file, `sqlite://` a database in memory, and `postgresql://…` a
server reached through psycopg. No error text or cause from here holds the URL.
"""

from __future__ import annotations

import math
import os
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from ..errors import StoreError

WAIT_SECONDS = 30.0
"""How long a writer waits for its turn."""

_EXPECTED = "expected sqlite:///PATH or postgresql://HOST/DATABASE"
_MAKE_ONE = "make one with `oikeus apply policies/`"
_OWNER_ONLY = 0o600
_LONGEST_WAIT = 86_400.0
_LONGEST_NAME = 300
_PATIENCE = {
    # seconds, and milliseconds the last: a server that is gone without a word is given
    # up after half a minute, in the middle of an answer too
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_IDENTIFYING = frozenset({"dbname", "host", "hostaddr", "options", "port", "service"})
_NOT_OF_THE_SERVER = frozenset(
    # of SQLAlchemy, which would load code by that name, and of psycopg's own interface
    {
        "plugin",
        "autocommit",
        "context",
        "cursor_factory",
        "prepare_threshold",
        "row_factory",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is, in words that may be shown to anyone.

    Attributes:
        text: the path of the file, or the server and the database without the user.
        secrets: what an error text of the driver must not repeat.
        identity: what tells it from others, without user and password; not to be shown.
        path: the file, when the database is one.
    """

    text: str
    secrets: tuple[str, ...] = ()
    identity: str = ""
    path: Path | None = None


def engine_of(text: str) -> tuple[Engine, Place]:
    """Build the engine for a URL; nothing is opened yet.

    Raises:
        StoreError: no URL, another kind of database, or psycopg is not installed.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError, TypeError, AttributeError):
        # not `from error`: the text of the cause would hold the URL
        message = f"this is no database URL, {_EXPECTED}"
        raise StoreError(message) from None
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _sqlite(url)
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        _check_password(url, text)
        return _postgresql(url)
    message = f"unknown kind of database `{url.drivername}`, {_EXPECTED}"
    raise StoreError(message)


def place_of(url: URL) -> Place:
    """Name the database of a URL without its user, password and options."""
    if url.get_backend_name() == "sqlite":
        name = url.database or ":memory:"
        path = None if name == ":memory:" else Path(name)
        identity = f"sqlite:{path and path.absolute()}"
        return Place(_shown(name), identity=identity, path=path)
    options = [
        value
        for name, values in url.normalized_query.items()
        if "password" in name
        for value in values
    ]
    # what stands before an `@` there is the rest of a password
    rest, _, host = (url.host or "").rpartition("@")
    more, _, name = (url.database or "").rpartition("@")
    public = URL.create(
        url.get_backend_name(), host=host or None, port=url.port, database=name or None
    )
    secrets = {url.password or "", *options, rest, more}
    longest_first = sorted(secrets - {""}, key=lambda text: (-len(text), text))
    naming = {
        key: values
        for key, values in url.normalized_query.items()
        if key in _IDENTIFYING
    }
    identity = str(public.set(query=naming))
    return Place(str(public), tuple(longest_first), identity)


def _check_password(url: URL, text: str) -> None:
    """Refuse a password with an `@` that is not encoded.

    The rest of it would be taken for a host: it would be looked up, and named.

    Raises:
        StoreError: without the password.
    """
    is_cut = url.password is not None and str(text).count("@") > 1
    if is_cut or "@" in f"{url.host}{url.database}":
        message = (
            "this is no database URL, expected only one `@`, before the host: in a "
            "password and elsewhere it is written %40"
        )
        raise StoreError(message)


def make_file(place: Place, *, create: bool) -> None:
    """Make sure that there is a file; one to be filled is the owner's to read only.

    Nothing else makes one: a connection to a file that is gone fails.

    Raises:
        StoreError: no such file and none wanted, or a folder that cannot hold one.
    """
    if place.path is None:
        return
    act = "made" if create else "opened"
    try:
        if not _is_to_be_filled(place.path):
            return
        if create:
            # not O_EXCL: another process may make it at the same moment
            os.close(os.open(place.path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
            place.path.chmod(_OWNER_ONLY)
            return
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the database `{place.text}` cannot be {act}: {reason}"
        # not `from error`: its text repeats the path, however long it is
        raise StoreError(message) from None
    if not place.path.is_file():
        message = f"there is no database `{place.text}`, {_MAKE_ONE}"
        raise StoreError(message)


def is_there(place: Place) -> bool:
    """Whether there is something, which may be no database; a server always counts."""
    try:
        return place.path is None or not _is_to_be_filled(place.path)
    except OSError:
        return True


def _is_to_be_filled(path: Path) -> bool:
    """Whether there is nothing, or an empty file: no folder, device or database."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and not found.st_size


def _shown(name: str) -> str:
    """The name of a file on one line, and not a long one."""
    text = name if name.isprintable() else ascii(name)[1:-1]
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def _sqlite(url: URL) -> tuple[Engine, Place]:
    place = place_of(url)
    wait = _seconds(url)
    plain = URL.create("sqlite+pysqlite", database=url.database)
    if place.path is None:
        # one connection is the database: threads take turns at it
        engine = create_engine(
            plain,
            connect_args={"timeout": wait, "check_same_thread": False},
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=wait,
        )
    else:
        name = _name_of(place.path)

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                name, uri=True, timeout=wait, check_same_thread=False
            )

        # a connection a transaction: cheap, and none is shared with a forked process
        engine = create_engine(
            plain, creator=connect, hide_parameters=True, poolclass=NullPool
        )
    return engine, place


def _name_of(path: Path) -> str:
    """The file as SQLite opens it without making it.

    Raises:
        StoreError: a path that no file can have.
    """
    try:
        name = path.absolute().as_uri()
    except ValueError:
        name = "%00"
    if "%00" in name:
        message = f"the database `{_shown(str(path))}` has a name that no file can have"
        raise StoreError(message + ", expected a path")
    return f"{name}?mode=rw"


def _seconds(url: URL) -> float:
    """Read `?timeout=SECONDS`, the one option there is."""
    options = dict(url.query)
    try:
        seconds = float(str(options.pop("timeout", WAIT_SECONDS)))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST_WAIT:
        message = (
            "bad option `timeout` in the database URL, expected seconds, "
            f"{_LONGEST_WAIT:.0f} at most"
        )
        raise StoreError(message)
    if options:
        unknown = min(options)
        message = f"unknown option `{unknown}` in the database URL, expected `timeout`"
        raise StoreError(message)
    return seconds


def _postgresql(url: URL) -> tuple[Engine, Place]:
    for name in sorted(_NOT_OF_THE_SERVER.intersection(url.query)):
        message = f"unknown option `{name}` in the database URL, expected one of libpq"
        raise StoreError(message)
    place = place_of(url)
    arguments = {name: _PATIENCE[name] for name in _PATIENCE if name not in url.query}
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=arguments,
            hide_parameters=True,
            # a server that was restarted is noticed before a transaction begins
            pool_pre_ping=True,
        )
    except ImportError as error:
        message = 'PostgreSQL needs psycopg: pip install "oikeus[postgres]"'
        raise StoreError(message) from error
    except (ArgumentError, ValueError, TypeError):
        # not `from error`: the text of the cause may hold a part of the URL
        message = f"the database `{place.text}` cannot be used: bad options in the URL"
        raise StoreError(message + ", expected those of libpq") from None
    return engine, place
