"""Keeps the keys of an OpenID provider at hand, and reads them again in time.

A thread of its own reads them, so that no request waits for the network: once in a
while, and sooner when a token names a key that is not known, but never more often than
a pause allows, however many such tokens come. Keys that were withdrawn are forgotten
when they are read again; when that fails the old ones stay, for a bounded time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ..errors import SettingsError
from .jwt_settings import JwtSettings
from .key_fetching import document_of
from .key_sets import KeySet, read_keys

_LOG = logging.getLogger("oikeus.service")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often keys are read, in seconds.

    Attributes:
        every: after which they are read again, though nobody asked.
        pause: between two readings at least.
        oldest: for which they hold when they cannot be read again.
    """

    every: float = 300.0
    pause: float = 30.0
    oldest: float = 86_400.0


class KeySource:
    """The keys of one provider, as they are published by now.

    Start it in the process that asks it, and close it there.

    Args:
        settings: where they are, and for which algorithms.
        read: gets the document; whatever it raises is a failure.
        clock: seconds that only go on.
        pace: how often that is done.
    """

    def __init__(
        self,
        settings: JwtSettings,
        *,
        read: Callable[[], bytes] | None = None,
        clock: Callable[[], float] = time.monotonic,
        pace: Pace = Pace(),
    ) -> None:
        self._settings = settings
        self._read = read or (lambda: document_of(settings))
        self._clock = clock
        self._pace = pace
        self._document = b""
        self._keys: KeySet | None = None
        self._read_at = 0.0
        self._asked, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self.failure: str | None = None
        """Why the keys could not be read at the last attempt, or nothing."""

    @property
    def keys(self) -> KeySet | None:
        """What is known; nothing before the first reading, or long after the last."""
        if self._clock() - self._read_at > self._pace.oldest:
            return None
        return self._keys

    def want(self) -> None:
        """Say that a key is not known. It never waits, and may be said at any rate."""
        self._asked.set()

    def start(self) -> Self:
        """Read the keys, and go on reading them until it is closed.

        Those in a file are there when it returns; those of an address come when they
        come, for a provider that is away must not keep this service from starting.

        Raises:
            SettingsError: the file cannot be read or holds no keys.
        """
        if self._settings.file is not None:
            try:
                self._take_in()
            except OSError as error:
                message = f"`{self._settings.keys}` cannot be read, expected a JWKS"
                raise SettingsError(message) from error
        self._thread = threading.Thread(
            target=self._follow, name="oikeus-keys", daemon=True
        )
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop reading; what is known stays."""
        self._stop.set()
        self._asked.set()
        if self._thread is not None:
            # one that waits for the network ends with the process
            self._thread.join(timeout=1)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def refresh(self) -> bool:
        """Read the keys now; whether that worked. `failure` says why not."""
        try:
            self._take_in()
        except Exception as error:  # noqa: BLE001 - a dead thread would go unseen
            ours = isinstance(error, SettingsError)
            failure = str(error) if ours else f"{type(error).__name__} while reading"
            if failure != self.failure:
                _LOG.warning("keys of the OpenID provider: %s", failure)
            self.failure = failure
            return False
        if self.failure is not None:
            _LOG.info("keys of the OpenID provider: read again")
        self.failure = None
        return True

    def _take_in(self) -> None:
        document = self._read()
        if document != self._document or self._keys is None:
            self._keys = read_keys(document, self._settings.algorithms)
            self._document = document
        self._read_at = self._clock()

    def _follow(self) -> None:
        while not self._stop.is_set():
            self._asked.clear()
            worked = self.refresh()
            if not self._stop.wait(self._pace.pause) and worked:
                self._asked.wait(self._pace.every - self._pace.pause)
