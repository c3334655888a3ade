"""Casbin's `Watcher` over a database: an enforcer learns what other processes changed.

For those who use `oikeus.Enforcer`, or Casbin's own, with `oikeus.Adapter`. Nothing is
sent from here: each version is told of by the database, or found by looking at it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from ..runtime.follower import Follower
from ..store import Mark, Store

_LOG = logging.getLogger("oikeus.contrib")


class Watcher:
    """What `enforcer.set_watcher` takes: it calls back when others changed the rules.

    What the enforcer itself writes through its adapter is no reason to call back, as
    long as nobody else wrote since. The callback is called in a thread of the watcher,
    or, with `every=None`, in the one that calls `look`.

    Args:
        database: a URL, or a store that is open.
        every: how many seconds to wait between two looks; nothing to look on `look`.

    Raises:
        StoreError: the database cannot be used.
    """

    def __init__(self, database: str | Store, *, every: float | None = 1.0) -> None:
        self._owned = isinstance(database, str)
        if isinstance(database, str):
            database = Store.open(database, create=False)
        self._store = database
        self._known = self._store.head_mark()
        self._callback: Callable[[], object] | None = None
        self._looking = threading.RLock()
        self._follower: Follower | None = None
        if every is not None:
            self._follower = Follower(self._store, self._well, every)

    def set_update_callback(self, func: Callable[[], object]) -> None:
        """Set what is called when others have changed the rules: `load_policy`."""
        self._callback = func

    def update(self) -> None:
        """Note what the enforcer has just written.

        It is one version, or none. Where there are more, somebody else wrote as well,
        and the next look calls back.
        """
        with self._looking:
            head = self._store.head_mark()
            if head.number == self._known.number + 1 and self._goes_on(head):
                self._known = head

    def look(self) -> bool:
        """Look whether others changed the rules, and call back where they did.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._looking:
            head = self._store.head_mark()
            if head == self._known:
                return False
            if self._callback is not None:
                self._callback()
            # after it: where it raises, the next look calls it again
            self._known = head
            return True

    def close(self) -> None:
        """Call back no more, and let go of the database."""
        if self._follower is not None:
            self._follower.close()
        if self._owned:
            self._store.close()

    def _goes_on(self, head: Mark) -> bool:
        with self._store.reading() as reader:
            return reader.mark == head and reader.holds(self._known)

    def _well(self) -> bool:
        try:
            self.look()
        except Exception as error:  # noqa: BLE001 # a dead follower would go unseen
            _LOG.warning("the rules could not be loaded: %s", type(error).__name__)
            return False
        return True
