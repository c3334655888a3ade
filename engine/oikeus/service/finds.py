"""Keeps what the last searches found, so that their next pages need no search.

INVARIANT: what is kept is found again only by the same question, of a caller that may
ask about the same organisations, for the same day and by the very same version. It is a
shortcut of one process: whatever is not kept is searched for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from weakref import ref

from ..decide.snapshot import Snapshot
from .callers import Caller

_SEARCHES, _RESULTS = 32, 200_000
"""How many searches are kept, and how many results in all: some megabytes."""

Key = tuple[bytes, date, tuple[str, ...]]
"""The digest of a question, the day, and the organisations of the caller."""


class Finds:
    """What searches found by one version; what was not asked for longest goes first.

    Args:
        searches: how many are kept.
        results: how many results in all.
    """

    def __init__(self, searches: int = _SEARCHES, results: int = _RESULTS) -> None:
        self._most = searches
        self._most_results = results
        self._kept: dict[Key, Sequence[str]] = {}
        self._results = 0
        self._snapshot: ref[Snapshot] | None = None

    def get(self, snapshot: Snapshot, key: Key) -> Sequence[str] | None:
        """What was found, if it is kept."""
        if self._snapshot is None or self._snapshot() is not snapshot:
            return None
        found = self._kept.pop(key, None)
        if found is not None:
            self._kept[key] = found  # the last one to go
        return found

    def keep(self, snapshot: Snapshot, key: Key, found: Sequence[str]) -> None:
        """Keep what was found, if not too much; what other versions found goes."""
        if len(found) > self._most_results:
            return
        if self._snapshot is None or self._snapshot() is not snapshot:
            self._kept.clear()
            self._results = 0
            self._snapshot = ref(snapshot)
        self._results += len(found) - len(self._kept.pop(key, ()))
        self._kept[key] = found
        while len(self._kept) > self._most or self._results > self._most_results:
            oldest = next(iter(self._kept))
            self._results -= len(self._kept.pop(oldest))


def key_of(question: bytes, day: date, caller: Caller) -> Key:
    """Under what a search is kept.

    Args:
        question: all that it asks.
        day: it is asked for.
        caller: who asks.
    """
    return sha256(question).digest(), day, caller.organisations
