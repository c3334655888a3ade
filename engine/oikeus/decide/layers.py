"""A mapping that is never changed, of which a changed copy costs what the change costs.

It is two dictionaries: a large one that was loaded, and a small one with what changed
since, which is copied with each change. Once that one is no longer small, both become
one: rarely, and by the writer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, Self, TypeVar

Value = TypeVar("Value")

_FEW = 16_384
_SHARE = 64
"""The small dictionary has at most so many keys, or that share of the large one's."""


class Layers(Mapping[str, Value], Generic[Value]):
    """Values by key.

    Attributes:
        base: what was loaded.
        later: what counts instead, nothing where a key is gone. INVARIANT: neither
            dictionary is changed after it is here.
    """

    __slots__ = ("base", "later")

    def __init__(
        self,
        base: dict[str, Value] | None = None,
        later: dict[str, Value | None] | None = None,
    ) -> None:
        self.base: dict[str, Value] = {} if base is None else base
        self.later: dict[str, Value | None] = {} if later is None else later

    def __getitem__(self, key: str) -> Value:
        value = self.later[key] if key in self.later else self.base[key]
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        if key in self.later:
            return self.later[key] is not None
        return key in self.base

    def __iter__(self) -> Iterator[str]:
        for key in self.base:
            if key not in self.later:
                yield key
        for key, value in self.later.items():
            if value is not None:
                yield key

    def __len__(self) -> int:
        changed = self.later.items()
        more = sum((value is not None) - (key in self.base) for key, value in changed)
        return len(self.base) + more

    def changed(self, changes: Mapping[str, Value | None]) -> Self:
        """The same, but with these values; nothing in a value's place removes it."""
        if not changes:
            return self
        later = self.later | dict(changes)
        if len(later) <= max(_FEW, len(self.base) // _SHARE):
            return type(self)(self.base, later)
        base = dict(self.base)
        for key, value in later.items():
            if value is None:
                base.pop(key, None)
            else:
                base[key] = value
        return type(self)(base)
