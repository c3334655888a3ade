"""A mapping that is never changed, of which a changed copy costs what the change costs.

It is a large dictionary that was loaded, and a small one with what changed since, which
is copied with each change. Once that one is no longer small, both become one: rarely,
and by the writer. Some of what was loaded may be kept apart: it is neither copied with
each change, nor in the large one.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Generic, Self, TypeVar

Value = TypeVar("Value")

_FEW = 16_384
_SHARE = 64
"""The small dictionary has at most so many keys, or that share of the large one's."""


class Layers(Mapping[str, Value], Generic[Value]):
    """Values by key.

    Attributes:
        base: what was loaded.
        later: what counts instead, nothing where a key is gone.
        apart: what was loaded, too. INVARIANT: no key of it is in `base`, and none of
            the dictionaries is changed after it is here.
    """

    __slots__ = ("apart", "base", "later")

    def __init__(
        self,
        base: dict[str, Value] | None = None,
        later: Mapping[str, Value | None] | None = None,
        apart: dict[str, Value] | None = None,
    ) -> None:
        self.base: dict[str, Value] = {} if base is None else base
        self.later: Mapping[str, Value | None] = {} if later is None else later
        self.apart: dict[str, Value] = {} if apart is None else apart

    def __getitem__(self, key: str) -> Value:
        value = self.later[key] if key in self.later else self._loaded(key)
        if value is None:
            raise KeyError(key)
        return value

    def _loaded(self, key: str) -> Value | None:
        value = self.base.get(key)
        return self.apart.get(key) if value is None else value

    def __contains__(self, key: object) -> bool:
        if isinstance(key, str) and key in self.later:
            return self.later[key] is not None
        return key in self.base or key in self.apart

    def __iter__(self) -> Iterator[str]:
        for key in chain(self.base, self.apart):
            if key not in self.later:
                yield key
        for key, value in self.later.items():
            if value is not None:
                yield key

    def __len__(self) -> int:
        more = sum(
            (value is not None) - (key in self.base or key in self.apart)
            for key, value in self.later.items()
        )
        return len(self.base) + len(self.apart) + more

    def changed(self, changes: dict[str, Value | None]) -> Self:
        """The same, but with these values; nothing in a value's place removes it."""
        if not changes:
            return self
        later = {**self.later, **changes}
        few = max(_FEW, len(self.base) // _SHARE)
        if len(later) <= few and len(self.apart) <= few:
            return type(self)(self.base, later, self.apart)
        base, apart = dict(self.base), dict(self.apart)
        if len(apart) > few:
            base |= apart
            apart = {}
        for key, value in later.items():
            layer = apart if key in apart else base
            if value is None:
                layer.pop(key, None)
            else:
                layer[key] = value
        return type(self)(base, apart=apart)

    def imagined(self, changes: dict[str, Value | None]) -> Self:
        """The same for a look: nothing is copied, however much changed since the load.

        What is looked up takes longer; it is for one question, and no version is made
        of it.
        """
        later = ChainMap(changes, self.later)  # type: ignore[arg-type] # it is only read
        return type(self)(self.base, later, self.apart)
