"""A rule as Casbin keeps it, a list of text; it tells its own list when it is edited.

Casbin hands out its rules themselves (`get_policy()[0]`), and whoever has one may edit
it in place. An index that did not notice would answer by rules that are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from ...matcher.signature import SHORT


class Owner(Protocol):
    """The list that a rule is in."""

    def forget(self) -> None:
        """Drop what was derived from the rules; one of them is not what it was."""


def _telling(name: str) -> Any:  # noqa: ANN401 # each has a signature of its own
    method: Callable[..., Any] = getattr(list, name)

    def edit(self: Row, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 # as in list
        try:
            return method(self, *arguments, **named)
        finally:
            if self.owner is not None:
                self.owner.forget()

    edit.__name__ = name
    edit.__doc__ = method.__doc__
    return edit


class Row(list[Any]):
    """A rule that was given as a list.

    Attributes:
        owner: the list that it is in.
        number: its place in the order of that list; not its position.
    """

    __slots__ = ("number", "owner")

    # INVARIANT: set by the list that makes it; there is no __init__, which would take
    # longer than all else that is done when a rule is added
    owner: Owner | None
    number: int

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        # copies are plain lists: nobody looks after them
        return list, (list(self),)

    __setitem__ = _telling("__setitem__")
    __delitem__ = _telling("__delitem__")
    __iadd__ = _telling("__iadd__")
    __imul__ = _telling("__imul__")
    append = _telling("append")
    clear = _telling("clear")
    extend = _telling("extend")
    insert = _telling("insert")
    pop = _telling("pop")
    remove = _telling("remove")
    reverse = _telling("reverse")
    sort = _telling("sort")


class Fixed(tuple[Any, ...]):  # noqa: SLOT001 # a tuple cannot have any
    """A rule that was given as a tuple, which Casbin keeps; nobody can edit it."""

    owner: Owner | None = None
    number: int = 0

    __hash__ = tuple.__hash__

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return tuple, (tuple(self),)


Rule = Row | Fixed


KINDS: Final = (Row, Fixed)
"""The same, for `isinstance`: a union takes three times as long."""


def number_of(rule: Rule) -> int:
    """Where a rule stands in the order of its list."""
    return rule.number


def is_text(values: Iterable[Any]) -> bool:
    """Whether all values are text, and no text of a kind of its own."""
    for value in values:  # noqa: SIM110 # a generator takes three times as long
        if type(value) is not str:
            return False
    return True


def is_short_text(values: Iterable[Any]) -> bool:
    """Whether all values are text of a length about which something is promised."""
    for value in values:  # noqa: SIM110 # a generator takes three times as long
        if type(value) is not str or len(value) > SHORT:
            return False
    return True
