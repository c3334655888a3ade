"""What is derived from a list of rules: a hash of the rules, and indices over them.

It is made when it is first asked for, and follows the changes that the list notes.
Readers may be many threads; the first of them catches up, while the others wait.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from threading import RLock
from typing import Any

from ...matcher.reading import stands_alone
from .identities import Identities
from .index import Columns, Index
from .row import Rule

_FEW = 64


class Derived(list[Any]):
    """A list of rules with what is derived from it.

    Attributes:
        strange: whether it holds what is neither list nor tuple, one rule twice, or
            rules that another list keeps watch over; then it is only searched as any
            list is.
    """

    __slots__ = (
        *("_changes", "_doubled", "_identities", "_indices", "_lock"),
        "strange",
    )

    def __init__(self, rules: Iterable[Any] = ()) -> None:
        super().__init__(rules)
        self._lock = RLock()
        self._identities: Identities | None = None
        self._indices: dict[Columns, Index] = {}
        self._changes: list[tuple[bool, Rule]] = []
        self._doubled: tuple[Rule, Rule, int] | None = None
        self.strange = False

    @abstractmethod
    def take_all(self) -> None:
        """Take every rule as it now stands, and number them anew."""

    def forget(self) -> None:
        """Drop what was derived: a rule is not what it was."""
        self._identities = None
        self._outdate()
        self._indices.clear()
        self.catch_up()

    def by(self, columns: Columns) -> Index | None:
        """An index over some columns, or none where nothing can be derived."""
        with self._lock:
            self._settle()
            if self.strange:
                return None
            self.catch_up()
            index = self._indices.get(columns)
            if index is None:
                index = self._indices[columns] = Index(columns, self, stands_alone)
            index.is_stale = False
            return index

    def _outdate(self) -> None:
        for index in self._indices.values():
            index.is_stale = True

    def catch_up(self) -> None:
        """Enter into the indices what has changed since they were last asked for."""
        for is_new, rule in self._changes:
            for index in self._indices.values():
                (index.add if is_new else index.discard)(rule)
            if not is_new:
                rule.owner = None
        self._changes.clear()

    def repeats(self) -> bool:
        """Whether a rule may be there more than once."""
        known = self._known()
        return known is None or known.repeats

    def _known(self) -> Identities | None:
        if self._identities is None or self._doubled is not None:
            with self._lock:
                self._settle()
                if self._identities is None and not self.strange:
                    self._identities = Identities(self)
        return self._identities

    def _settle(self) -> None:
        if self._doubled is not None:
            self.take_all()

    def _note(self, rule: Rule, *, is_new: bool) -> None:
        """Enter a change where it is needed at once, and note it for the indices."""
        known = self._identities
        if known is not None:
            (known.add if is_new else known.discard)(rule)
        if self._indices:
            if not self._changes:
                self._outdate()
            self._changes.append((is_new, rule))
            if len(self._changes) > _FEW + len(self) // 4:
                self._indices.clear()
                self.catch_up()
        elif not is_new:
            rule.owner = None

    def _exchange(self, one: Rule, other: Rule) -> None:
        self.catch_up()
        for index in self._indices.values():
            index.discard(one)
            index.discard(other)
        one.number, other.number = other.number, one.number
        for index in self._indices.values():
            index.add(one)
            index.add(other)
        if self._identities is not None and self._identities.repeats:
            self._identities = None
