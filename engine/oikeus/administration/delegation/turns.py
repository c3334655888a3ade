"""Turns: one act at a time is decided, by the head itself and with the head locked.

INVARIANT: whatever is decided in a turn is decided by the version that the change will
follow. A right that was revoked before the turn began does not count in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ...advancing import advanced
from ...decide.snapshot import Snapshot
from ...errors import ConflictError, RefusedError
from ...loading import load_from
from ...store import Mark, Store, Writer
from ...terms import Grant


@dataclass(frozen=True, slots=True)
class Turn:
    """A transaction in which one act can be decided and committed.

    Attributes:
        store: of the database.
        writer: holds the lock of the head.
        snapshot: what is in force at the head.
        today: the day on which it happens.
    """

    store: Store
    writer: Writer
    snapshot: Snapshot
    today: date

    def equal(self, subject: str, role: str, organisation: str) -> list[Grant]:
        """The grants of one right, whatever their days."""
        return [
            grant
            for grant in self.snapshot.facts.of(subject)
            if (grant.role, grant.organisation) == (role, organisation)
        ]


class Admission(Protocol):
    """Says whether somebody may act at all, whatever the policy allows them."""

    def check(self, turn: Turn, organisation: str | None) -> None:
        """Refuse an act that has its turn: whatever is raised ends it.

        Args:
            turn: in which it happens.
            organisation: where; nothing where it touches all of them.
        """


class Barred(Exception):  # noqa: N818 # never seen outside: it becomes a RefusedError
    """An act that is refused; why is told when others need not wait for it.

    Attributes:
        explain: makes the error that the caller gets.
    """

    def __init__(self, explain: Callable[[], RefusedError]) -> None:
        self.explain = explain
        super().__init__()


def bar(reason: str, *, rules: tuple[str, ...] = ()) -> Barred:
    """An act that is refused for a reason that is plain already."""
    return Barred(lambda: RefusedError(reason, rules=rules))


def conflict(reason: str) -> Barred:
    """An act that what is there already stands in the way of."""
    return Barred(lambda: ConflictError(reason))


class Current:
    """The snapshot of a store's head, led on from turn to turn.

    Safe to use from many threads: a turn has the head to itself.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known: tuple[Mark, Snapshot] | None = None

    def know(self, mark: Mark, snapshot: Snapshot) -> None:
        """Begin with a snapshot that is loaded already; nothing where it will not do.

        Args:
            mark: of the version that it is.
            snapshot: of all that the database held then.
        """
        is_whole = snapshot.scope is None and snapshot.version == mark.number
        if is_whole and self._known is None:
            self._known = mark, snapshot

    @contextmanager
    def turn(self, today: Callable[[], date]) -> Iterator[Turn]:
        """Wait for a turn.

        Raises:
            RefusedError: what was asked for in it is refused; nothing was written.
            StoreError: the database cannot be written, or holds no policy.
            ModelError: this program cannot use the model in force.
        """
        # at once, while nobody waits: there may be a million grants
        loaded = self._known or load_from(self.store)
        try:
            with self.store.writing() as writer:
                known = advanced(writer.reading(), *(self._known or loaded))
                self._known = known
                yield Turn(self.store, writer, known[1], today())
        except Barred as barred:
            raise barred.explain() from None

    def snapshot(self) -> Snapshot:
        """What is in force now.

        Raises:
            StoreError: the database cannot be read, or holds no policy.
            ModelError: this program cannot use the model in force.
        """
        known = self._known or load_from(self.store)
        with self.store.reading() as reader:
            self._known = known = advanced(reader, *known)
        return known[1]
