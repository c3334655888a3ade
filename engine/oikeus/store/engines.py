"""From a URL to a database engine, without letting a password out.

`sqlite:///PATH` is a file, `sqlite://` a database in memory, and `postgresql://…` a
server reached through psycopg. No error text or cause from here holds the URL.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from ..errors import StoreError

WAIT_SECONDS = 30.0
"""How long a writer waits for its turn."""

_EXPECTED = "expected sqlite:///PATH or postgresql://HOST/DATABASE"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is, in words that may be shown to anyone.

    Attributes:
        text: the path of the file, or the server and the database without the user.
        secrets: what an error text of the driver must not repeat.
        path: the file, when the database is one.
    """

    text: str
    secrets: tuple[str, ...] = ()
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
        return _postgresql(url)
    message = f"unknown kind of database `{url.drivername}`, {_EXPECTED}"
    raise StoreError(message)


def place_of(url: URL) -> Place:
    """Name the database of a URL without its user, password and options."""
    if url.get_backend_name() == "sqlite":
        name = url.database or ":memory:"
        return Place(name, path=None if name == ":memory:" else Path(name))
    options = [
        value
        for name, values in url.normalized_query.items()
        if "password" in name
        for value in values
    ]
    public = URL.create(
        url.get_backend_name(), host=url.host, port=url.port, database=url.database
    )
    secrets = (url.password, *options)
    return Place(str(public), tuple(text for text in secrets if text))


def make_file(place: Place, *, create: bool) -> None:
    """Make sure that there is a file; a new one is the owner's to read only.

    Raises:
        StoreError: no such file and none wanted, or a folder that cannot hold one.
    """
    if place.path is None or place.path.exists():
        return
    if not create:
        message = f"there is no database `{place.text}`"
        raise StoreError(message)
    try:
        # not O_EXCL: another process may make it at the same moment
        os.close(os.open(place.path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the database `{place.text}` cannot be made: {reason}"
        raise StoreError(message) from error


def _sqlite(url: URL) -> tuple[Engine, Place]:
    place = place_of(url)
    wait = _seconds(url)
    arguments = {"timeout": wait, "check_same_thread": False}
    plain = URL.create("sqlite+pysqlite", database=place.text)
    if place.path is None:
        # one connection is the database: threads take turns at it
        engine = create_engine(
            plain,
            connect_args=arguments,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=wait,
        )
    else:
        # a connection a transaction: cheap, and none is shared with a forked process
        engine = create_engine(
            plain, connect_args=arguments, hide_parameters=True, poolclass=NullPool
        )
    return engine, place


def _seconds(url: URL) -> float:
    """Read `?timeout=SECONDS`, the one option there is."""
    options = dict(url.query)
    try:
        seconds = float(str(options.pop("timeout", WAIT_SECONDS)))
    except ValueError as error:
        message = "bad option `timeout` in the database URL, expected seconds"
        raise StoreError(message) from error
    if options:
        unknown = min(options)
        message = f"unknown option `{unknown}` in the database URL, expected `timeout`"
        raise StoreError(message)
    return seconds


def _postgresql(url: URL) -> tuple[Engine, Place]:
    place = place_of(url)
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
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
    return engine, place
