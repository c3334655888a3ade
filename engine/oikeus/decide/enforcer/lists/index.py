"""An index over rules: those with the same values in some columns, in their order.

Rules that do not fit (another width, values that are no text, very long text) are only
counted: as long as there is one, nothing can be concluded from the others.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from ...matcher.meaning import PLAIN
from .row import Rule, is_short_text, number_of

Key = str | tuple[str, ...]
_NONE: list[Rule] = []


class Columns(NamedTuple):
    """What an index is over.

    Attributes:
        places: the columns whose values are looked up.
        width: how many columns a rule has.
        texts: the columns whose text is a rule, and must be one by itself.
    """

    places: tuple[int, ...]
    width: int
    texts: tuple[int, ...] = ()


class Index:
    """Rules by the values of some columns.

    Attributes:
        odd: how many rules do not fit.
        foreign: how many of them hold values of other types than text and numbers.
        is_stale: whether the list changed since; it must be asked for the index again.
    """

    __slots__ = (
        *("_buckets", "_columns", "_key", "_stands_alone"),
        *("foreign", "is_stale", "odd"),
    )

    def __init__(
        self,
        columns: Columns,
        rules: Iterable[Rule],
        stands_alone: Callable[[str], bool],
    ) -> None:
        self._columns = columns
        # text for one column, a tuple for several: the same as a question's key
        self._key: Callable[[Rule], Key] = itemgetter(*(columns.places or (0,)))
        self._stands_alone = stands_alone
        self._buckets: dict[Key, list[Rule]] = {}
        self.odd = 0
        self.foreign = 0
        self.is_stale = False
        for rule in rules:
            self.add(rule)

    def fits(self, rule: Rule) -> bool:
        """Whether a rule is as wide as it should be, and all short text."""
        columns = self._columns
        if len(rule) != columns.width or not is_short_text(rule):
            return False
        return not columns.texts or all(
            self._stands_alone(rule[place]) for place in columns.texts
        )

    def add(self, rule: Rule) -> None:
        """Put a rule in, at its place in the order."""
        if not self.fits(rule):
            self._count(rule, 1)
        elif self._columns.places:
            bucket = self._buckets.setdefault(self._key(rule), [])
            if not bucket or bucket[-1].number < rule.number:
                bucket.append(rule)
            else:
                insort(bucket, rule, key=number_of)

    def discard(self, rule: Rule) -> None:
        """Take a rule out that is in, with the values that it was put in with."""
        if not self.fits(rule):
            self._count(rule, -1)
        elif self._columns.places:
            bucket = self._buckets[self._key(rule)]
            del bucket[bisect_left(bucket, rule.number, key=number_of)]
            if not bucket:
                del self._buckets[self._key(rule)]

    def rules(self, key: Key) -> Sequence[Rule]:
        """The rules with these values, in their order; text for a single column."""
        return self._buckets.get(key, _NONE)

    def _count(self, rule: Rule, by: int) -> None:
        self.odd += by
        if any(type(value) not in PLAIN for value in rule):
            self.foreign += by
