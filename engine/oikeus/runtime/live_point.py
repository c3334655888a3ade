"""A decision point that follows the versions of a database, and never goes back.

What a new version changed is taken in, and swapped in whole. When the database cannot
be reached, or holds another history (a backup was restored), the last snapshot goes on
deciding and `freshness` says why; until a limit, after which nothing is decided.

INVARIANT: what is decided by is only ever followed by a version whose history holds it,
by its number and digest, or by one that the owner has accepted since.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import monotonic
from types import TracebackType
from typing import Self

from ..decide.allowing import today_in_finland
from ..decide.decision_point import DecisionPoint
from ..decide.snapshot import Snapshot
from ..errors import StoreError
from ..store import Mark, Progress, Store
from .arrivals import Arrivals
from .follower import Follower, Watch
from .freshness import Freshness
from .heads import ANY, first_head, next_head
from .options import check_progress, check_seconds
from .state_file import StateFile

Changed = Callable[[Mark], object]
"""Called with the mark of a version that is about to be decided by."""


class LivePoint(DecisionPoint):
    """A decision point that follows the versions of a database.

    Close it, or use it in a `with` statement, to stop following.

    Args:
        store: the database.
        every: how many seconds to wait between two looks; nothing to look on `refresh`.
        under: an organisation, to load only what decides about it and those below it.
        max_stale: for how many seconds it decides without having seen that there is
            nothing newer; nothing for no limit.
        state: keeps what is decided by, so that a restart does not go back either.
        today: the clock for questions that name no day.
        progress: shows how far the load has come.
    """

    def __init__(  # noqa: PLR0913 # what may be said of it
        self,
        store: Store,
        *,
        every: float | None = None,
        under: str | None = None,
        max_stale: float | None = None,
        state: StateFile | None = None,
        today: Callable[[], date] = today_in_finland,
        progress: Progress | None = None,
    ) -> None:
        check_progress(progress)
        check_seconds("max_stale", max_stale)
        begun = monotonic()
        known = None if state is None else state.read()
        mark, snapshot = first_head(store, known, under, progress)
        if state is not None:
            state.keep(mark)
        self._freshness = Freshness(mark, begun, max_stale=max_stale)
        super().__init__(snapshot, today=today)
        self._store = store
        self._state = state
        self._is_closed = False
        self._looking = threading.Lock()
        self._swapping = threading.Lock()
        self._held = False
        self._changed: tuple[Changed, ...] = ()
        self._looked: tuple[Callable[[Freshness], object], ...] = ()
        self._arrivals = Arrivals(mark.number)
        self._follower = None if every is None else Follower(store, self._look, every)
        self._watch = None
        if max_stale is not None:
            self._watch = Watch(self._left, self._hold, min(max_stale, 1.0))

    @property
    def freshness(self) -> Freshness:
        """What is decided by now, and how well that is known to be in force."""
        return self._freshness

    @property
    def failure(self) -> str | None:
        """Why the head could not be taken in at the last look, or nothing."""
        return self._freshness.failure

    @property
    def hears(self) -> bool:
        """Whether the database tells of new versions by itself at the moment."""
        return self._follower is not None and self._follower.hears

    @property
    def version(self) -> int:
        """The number of the version that is decided by."""
        return self._freshness.version

    @property
    def snapshot(self) -> Snapshot:
        """The version that is decided by, whole.

        Raises:
            OutdatedError: the head was out of reach for too long; so every question.
        """
        self._check()
        return self._allowing.snapshot

    def on_change(self, callback: Changed) -> None:
        """Have something else follow: what it knows is never older than what decides.

        It is called with the mark of each new version, in the thread that looks, just
        before that version decides. Where it raises, the version is not taken in, and
        is tried again at the next look. It is called at once with the present one.
        """
        with self._looking:
            callback(self._freshness.mark)
            self._changed = (*self._changed, callback)

    def on_look(self, callback: Callable[[Freshness], object]) -> None:
        """Have somebody learn how each look ended, and that the limit has passed.

        It is called at once too, later in other threads, and never raises.
        """
        self._looked = (*self._looked, callback)
        callback(self._freshness)

    def wait_for(self, version: int, timeout: float) -> bool:
        """Wait until a version, or a later one, is decided by.

        Args:
            version: its number.
            timeout: for how many seconds at most.

        Returns:
            whether it is.
        """
        self._wake(version)
        return self._arrivals.wait(version, timeout)

    async def arrival(self, version: int, timeout: float) -> bool:  # noqa: ASYNC109 # as `wait_for` has it
        """Wait on an event loop as `wait_for` does in a thread."""
        self._wake(version)
        return await self._arrivals.arrival(version, timeout)

    @property
    def waiting(self) -> int:
        """How many wait on an event loop for a version."""
        return self._arrivals.waiting

    def refresh(self) -> bool:
        """Take in the head of the database now.

        Returns:
            whether there was a newer version.

        Raises:
            StoreError: it cannot be read, or was let go of; the last snapshot stays.
            OtherHistoryError: what is decided by is no part of what it holds.
            ModelError: this program cannot use that version; the last one stays.
            PolicyError: nor the catalogue of it.
            RequestError: the organisation whose part is loaded is gone from it.
        """
        with self._looking:
            return self._take_in()

    def accept(self, head: Mark | None = None) -> bool:
        """Take in the head of the database also where it is of another history.

        It is for this point alone; `accept_history` is for all that follow a database.

        Args:
            head: only where the history holds this version, that somebody has looked
                at; whatever it is unless told.

        Returns:
            whether there was another version.

        Raises:
            OtherHistoryError: the history does not hold that version.
            StoreError: as `refresh`, and so are the others.
        """
        with self._looking:
            return self._take_in(head or ANY)

    def close(self) -> None:
        """Stop following and let go of the database.

        Decisions still work, without a limit unless that has passed.
        """
        self._is_closed = True
        if self._follower is not None:
            self._follower.close()
        if self._watch is not None:
            self._watch.close()
        with self._looking:  # somebody else may be in `refresh`
            self._store.close()
            self._hold()
            if not self._held:
                self._freshness = replace(self._freshness, max_stale=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _wake(self, version: int) -> None:
        if self._follower is not None and self.version < version:
            self._follower.hurry()

    def _look(self) -> bool:
        """Look once, as the follower does."""
        with self._looking:
            try:
                self._take_in()
            except Exception:  # noqa: BLE001 # a dead follower would go unseen
                return False
        return True

    def _take_in(self, accepted: Mark | None = None) -> bool:
        """Take in the head of the database, with the lock held."""
        try:
            return self._advance(accepted)
        finally:
            self._tell()

    def _advance(self, accepted: Mark | None) -> bool:
        if self._is_closed:
            message = "the point was closed, make another one with `connect`"
            raise StoreError(message)
        begun, before = monotonic(), self._freshness
        try:
            found = next_head(
                self._store, before.mark, self._allowing.snapshot, accepted
            )
            if found is not None:
                for callback in self._changed:
                    callback(found[0])
        except Exception as error:
            with self._swapping:
                self._freshness = before.failing(error)
            raise
        mark, snapshot = found or (before.mark, self._allowing.snapshot)
        with self._swapping:
            # in this order: it never says a version that it does not decide by
            if found is not None or self._held:
                self._publish(snapshot)
                self._held = False
            self._freshness = Freshness(mark, begun, max_stale=before.max_stale)
        if found is not None:
            self._arrivals.tell(mark.number)
        self._keep(mark)
        return found is not None

    def _keep(self, mark: Mark) -> None:
        """Keep what is decided by; where that fails it is decided by all the same."""
        if self._state is None:
            return
        try:
            self._state.keep(mark)
        except StoreError as error:
            self._freshness = self._freshness.failing(error)
            raise

    def _left(self, now: float) -> float:
        """How many seconds may pass from now on without the head."""
        freshness = self._freshness
        return (freshness.max_stale or 0.0) - freshness.age(now)

    def _hold(self) -> None:
        """Let `allows` decide nothing, as `snapshot` does by itself."""
        with self._swapping:
            # a look may have ended meanwhile
            passed = self._freshness.is_outdated(monotonic()) and not self._held
            if passed:
                self._held = True
                self._allowing.hold(self._check)
        if passed:
            self._tell()

    def _tell(self) -> None:
        for callback in self._looked:
            callback(self._freshness)

    def _check(self) -> None:
        self._freshness.check(monotonic())
