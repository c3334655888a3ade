"""Puts a store and a decision point together: decides by a database, and follows it.

A new version makes a new snapshot, which is swapped in whole. When the database cannot
be reached the last snapshot goes on deciding, and `failure` says why.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from types import TracebackType
from typing import Self

from .decide.decision_point import DecisionPoint, today_in_finland
from .decide.snapshot import Snapshot
from .errors import OikeusError, StoreError
from .policy.catalogue import read_catalogue
from .policy.model import parse_model
from .store import Contents, Store


def snapshot_of(contents: Contents) -> Snapshot:
    """Index what a database holds.

    Raises:
        StoreError: it holds no policy yet.
        ModelError: the model that it holds cannot be used by this program.
        PolicyError: nor can its catalogue.
    """
    if contents.model is None or contents.catalogue is None:
        message = "the database holds no policy, load one with `oikeus apply policies/`"
        raise StoreError(message)
    return Snapshot.build(
        parse_model(contents.model),
        contents.lines,
        version=contents.version,
        names=contents.names,
        catalogue=read_catalogue(contents.catalogue, "catalogue"),
    )


class LivePoint(DecisionPoint):
    """A decision point that follows the versions of a database.

    Close it, or use it in a `with` statement, to stop following.
    """

    def __init__(
        self,
        store: Store,
        *,
        every: float | None = None,
        today: Callable[[], date] = today_in_finland,
    ) -> None:
        # asked before it is loaded: what comes in between is then loaded again
        self._mark = store.head_mark()
        super().__init__(snapshot_of(store.load()), today=today)
        self._store = store
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.failure: str | None = None
        """Why the database could not be followed at the last attempt, or nothing."""
        self._follower: threading.Thread | None = None
        if every is not None:
            self._follower = threading.Thread(
                target=self._follow, args=(every,), name="oikeus", daemon=True
            )
            self._follower.start()

    def refresh(self) -> bool:
        """Take in the head of the database now.

        Returns:
            whether there was another version: a newer one, or that of a database that
            was restored, whatever its number.

        Raises:
            StoreError: the database cannot be read; the last snapshot stays.
            ModelError: this program cannot use that version; it stays as well.
            PolicyError: nor the catalogue of it.
        """
        with self._lock:
            mark = self._store.head_mark()
            if mark == self._mark:
                return False
            self._snapshot = snapshot_of(self._store.load())
            self._mark = mark
            return True

    def close(self) -> None:
        """Stop following and let go of the database; decisions still work."""
        self._stop.set()
        if self._follower is not None:
            self._follower.join()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _follow(self, every: float) -> None:
        while not self._stop.wait(every):
            try:
                self.refresh()
                self.failure = None
            except Exception as error:  # noqa: BLE001 - a dead follower would go unseen
                self.failure = str(error)


def connect(url: str, *, every: float | None = 1.0) -> LivePoint:
    """Decide by a database, and follow its versions.

    Args:
        url: `sqlite:///oikeus.db`, `postgresql://…`.
        every: how many seconds to wait between two looks for a newer version; `None`
            to stay at this version until `refresh` is called.

    Raises:
        StoreError: the database cannot be used, or holds no policy.
    """
    store = Store.open(url, create=False)
    try:
        return LivePoint(store, every=every)
    except OikeusError:
        store.close()
        raise
