"""Hearing of new versions from PostgreSQL: a hint that it is time to look at the head.

Each version is told of in the transaction that commits it, on a channel that is named
by the schema of the tables. Nothing rests on it: what a notification says is not read,
some are lost, and some servers and connection poolers pass none on.
"""

from __future__ import annotations

import random
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Connection, Engine

CHANNEL: Final = (
    "'oikeus_' || "
    "(SELECT relnamespace FROM pg_class WHERE oid = 'oikeus_head'::regclass)"
)
"""The name of the channel in SQL: letters and a number, which need no quotes."""

_NOTIFY = f"SELECT pg_notify({CHANNEL}, %s)"
_LISTEN = f"SELECT {CHANNEL}"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0
_CLOSING = 1.0
_chance = random.SystemRandom()


def notify(connection: Connection, number: int) -> None:
    """Tell of a version once its transaction is committed; SQLite tells nobody."""
    if connection.dialect.name == "postgresql":
        # past SQLAlchemy, as the rows before it: it goes out with them
        cursor: Any = connection.connection.cursor()
        cursor.execute(_NOTIFY, (str(number),))


class Listener:
    """A thread with a connection of its own, on which the database tells.

    Args:
        engine: makes the connection, with its parameters.
        wake: called when there may be a new version.

    Attributes:
        hears: whether it is connected at the moment.
    """

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._wake = wake
        self.hears = False
        self._is_closed = threading.Event()
        # ends the wait for the database, which has no other end
        self._ends, self._ended = socket.socketpair()
        self._thread = threading.Thread(
            target=self._run, name="oikeus-listener", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread; one that is connecting ends when that does."""
        self._is_closed.set()
        self._ends.close()
        self._thread.join(_CLOSING)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        with self._ended:
            while not self._is_closed.is_set():
                # whatever is wrong, the head is looked at without being told
                with suppress(Exception), self._listening() as driver:
                    pause = _FIRST_PAUSE
                    self._hear(driver)
                self.hears = False
                self._is_closed.wait(pause * _chance.uniform(0.5, 1.0))
                pause = min(pause * 2, _LONGEST_PAUSE)

    @contextmanager
    def _listening(self) -> Iterator[Any]:
        """Connect, and take the connection from the pool: it stays open."""
        proxied = self._engine.raw_connection()
        driver: Any = proxied.driver_connection
        proxied.detach()
        with closing(driver):
            driver.autocommit = True
            ((channel,),) = driver.execute(_LISTEN).fetchall()
            driver.execute(f"LISTEN {channel}")
            yield driver

    def _hear(self, driver: Any) -> None:  # noqa: ANN401 # of the driver
        with selectors.DefaultSelector() as selector:
            selector.register(driver.fileno(), selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            self.hears = True
            # what was told before that is lost
            self._wake()
            while not self._is_closed.is_set():
                selector.select()
                if [*driver.notifies(timeout=0)]:
                    self._wake()
