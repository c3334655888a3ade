"""Puts a store and a decision point together: decides by a database, and follows it.

What a new version changed is taken in, and swapped in whole. When the database cannot
be reached the last snapshot goes on deciding, and `failure` says why.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from types import EllipsisType, TracebackType
from typing import Self

from .advancing import advanced, following
from .decide.allowing import today_in_finland
from .decide.decision_point import DecisionPoint
from .decide.snapshot import Snapshot
from .errors import OikeusError, StoreError
from .loading import load_from
from .store import Mark, Progress, Store

_EVERY = 1.0
"""How many seconds pass between two looks, where nobody says."""


class LivePoint(DecisionPoint):
    """A decision point that follows the versions of a database.

    Close it, or use it in a `with` statement, to stop following.
    """

    def __init__(
        self,
        store: Store,
        *,
        every: float | None = None,
        under: str | None = None,
        today: Callable[[], date] = today_in_finland,
        progress: Progress | None = None,
    ) -> None:
        _check_progress(progress)
        self._mark, snapshot = load_from(store, under=under, progress=progress)
        super().__init__(snapshot, today=today)
        self._store = store
        self._under = under
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
            StoreError: it cannot be read, or was let go of; the last snapshot stays.
            ModelError: this program cannot use that version; it stays as well.
            PolicyError: nor the catalogue of it.
            RequestError: the organisation whose part is loaded is gone from it.
        """
        with self._lock:
            if self._stop.is_set():
                message = "the point was closed, make another one with `connect`"
                raise StoreError(message)
            return self._take_in()

    def _take_in(self) -> bool:
        """Take in the head of the database, with the lock held."""
        since = self._store.changes_since(self._mark)
        if since is not None and since.mark == self._mark:
            return False
        if since is None:
            mark, snapshot = load_from(self._store, under=self._under)
        elif since.lines_changed or since.model is not None:
            mark, snapshot = self._with_lines()
        else:
            mark, snapshot = since.mark, following(self.snapshot, since)
        self._publish(snapshot)
        self._mark = mark
        return True

    def _with_lines(self) -> tuple[Mark, Snapshot]:
        """Take in what changed, and read again what is not a grant, from one view."""
        # what touches the organisations may change what is in scope
        if self._under is None:
            with self._store.reading() as reader:
                return advanced(reader, self._mark, self.snapshot)
        return load_from(self._store, under=self._under)

    def close(self) -> None:
        """Stop following and let go of the database; decisions still work."""
        self._stop.set()
        if self._follower is not None:
            self._follower.join()
        with self._lock:  # somebody else may be in `refresh`
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
                with self._lock:
                    self._take_in()
                self.failure = None
            except Exception as error:  # noqa: BLE001 - a dead follower would go unseen
                self.failure = str(error)


def connect(
    url: str,
    *,
    follow: bool | None = None,
    every: float | EllipsisType | None = ...,
    under: str | None = None,
    progress: Progress | None = None,
) -> LivePoint:
    """Decide by a database, and follow its versions.

    Args:
        url: `sqlite:///oikeus.db`, `postgresql://…`.
        follow: whether to look for newer versions all the time, or to stay at this one
            until `refresh` is called; without it `every` says, and if that is not
            given either, the point follows.
        every: how many seconds to wait between two looks, one if it is not given;
            `None` says the same as `follow=False`.
        under: an organisation, to load only what decides about it and those below it;
            questions about others are refused then.
        progress: shows how far the load has come.

    Raises:
        StoreError: the database cannot be used, or holds no policy; or `every` is no
            number of seconds, or contradicts `follow`, or `progress` cannot be called.
        RequestError: the organisation is not in the register.
    """
    seconds = _seconds(follow, every)
    store = Store.open(url, create=False)
    try:
        return LivePoint(store, every=seconds, under=under, progress=progress)
    except OikeusError:
        store.close()
        raise


def _seconds(follow: object, every: float | EllipsisType | None) -> float | None:
    """How long to wait between two looks for a newer version; nothing to take none.

    Raises:
        StoreError: what was given says neither, or both.
    """
    seconds = _EVERY if every is ... else every
    _check_seconds(seconds)
    if follow is None:
        return seconds
    if not isinstance(follow, bool):
        message = f"{follow!a} does not say whether to follow, expected True or False"
        raise StoreError(message)
    if every is ...:
        return seconds if follow else None
    if follow == (every is None):
        message = f"follow={follow} contradicts every={every}, expected one of the two"
        raise StoreError(message)
    return seconds


def _check_seconds(every: object) -> None:
    if every is None:
        return
    # what is too long for the clock would end the thread that waits
    if isinstance(every, int | float) and 0 < every <= threading.TIMEOUT_MAX:
        return
    message = (
        f"{every!a} is no number of seconds between two looks for a newer version, "
        "expected one above 0, or None to look only on `refresh`"
    )
    raise StoreError(message)


def _check_progress(progress: object) -> None:
    if progress is not None and not callable(progress):
        message = f"{progress!a} shows no progress, expected a function or None"
        raise StoreError(message)
