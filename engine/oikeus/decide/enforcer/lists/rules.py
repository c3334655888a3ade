"""Casbin's list of rules, kept in step with a hash of the rules and indices over them.

It is a list to all of Casbin's code. Single changes are followed; anything else
(sorting, slices, a rule edited in place) drops what was derived, which is made again
when needed.

INVARIANT: every rule in the list has a number, rising with its position. Numbers are
never positions, so that taking a rule out renumbers nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Any, Self, SupportsIndex

from .derived import Derived
from .identities import identity_of
from .row import KINDS, Fixed, Row, Rule, number_of


def _in_bulk(name: str) -> Any:  # noqa: ANN401 # each has a signature of its own
    method: Callable[..., Any] = getattr(list, name)

    def change(self: Rules, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 # as in list
        try:
            return method(self, *arguments, **named)
        finally:
            self.take_all()

    change.__name__ = name
    change.__doc__ = method.__doc__
    return change


class Rules(Derived):
    """The rules of one definition, `p` or `g`."""

    __slots__ = ("_next",)

    def __init__(self, rules: Iterable[Any] = ()) -> None:
        super().__init__(rules)
        self._next = 0
        self.take_all()

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return list, (list(self),)

    def __contains__(self, rule: object) -> bool:
        known = self._identities
        if known is None or self._doubled is not None:
            known = self._known()
        identity = None if known is None or known.odd else identity_of(rule)
        if known is None or identity is None:
            return super().__contains__(rule)
        return identity in known.places

    def index(self, rule: Any, *within: Any) -> int:  # noqa: ANN401 # as in list
        """The first position of a rule."""
        found = None if within else self.find(rule)
        return super().index(rule, *within) if found is None else self._position(found)

    def find(self, rule: object) -> Rule | None:
        """The first rule that is equal, if that can be told without a search."""
        known = self._identities
        if known is None or self._doubled is not None:
            known = self._known()
        return None if known is None else known.first(rule)

    def _position(self, rule: Rule) -> int:
        # as long as none before it was taken out, the numbers tell
        guess: int = rule.number - self[0].number
        if guess < len(self) and self[guess] is rule:
            return guess
        return bisect_left(self, rule.number, key=number_of)

    # --- one rule ---

    def append(self, rule: Any) -> None:  # noqa: ANN401 # as in list
        """Add a rule at the end."""
        if self._doubled is not None:
            self._settle()
        if self._has(rule):
            super().append(rule)
            self.take_all()
            return
        taken = self._take(rule)
        super().append(taken)
        if not self.strange:
            taken.number = self._next
            self._next += 1
            self._note(taken, is_new=True)

    def remove(self, rule: Any) -> None:  # noqa: ANN401 # as in list
        """Take out the first rule that is equal."""
        found = self.find(rule)
        if found is None and not super().__contains__(rule):
            super().remove(rule)  # raises
        del self[super().index(rule) if found is None else self._position(found)]

    def replace(self, rule: Rule, new: Any) -> None:  # noqa: ANN401 # as in list
        """Put another rule into the place of this very rule, which is in the list."""
        position = self._position(rule)
        if type(new) is not list or self.strange or self._doubled is not None:
            self[position] = new
            return
        taken = Row(new)
        taken.owner, taken.number = self, rule.number
        super().__setitem__(position, taken)
        known = self._identities
        if known is None or self._indices:
            self._note(rule, is_new=False)
            self._note(taken, is_new=True)
        else:
            known.exchange(rule, taken)
            rule.owner = None

    def discard(self, rule: Rule) -> None:
        """Take out this very rule, which is in the list."""
        del self[self._position(rule)]

    def pop(self, position: SupportsIndex = -1) -> Any:  # noqa: ANN401 # as in list
        """Take out a rule by its position."""
        popped = super().pop(position)
        self._taken_out(popped)
        return popped

    def __delitem__(self, position: SupportsIndex | slice) -> None:
        if isinstance(position, slice):
            super().__delitem__(position)
            self.take_all()
        else:
            gone = self._at(position)
            super().__delitem__(position)
            self._taken_out(gone)

    def _at(self, position: SupportsIndex) -> Any:  # noqa: ANN401 # as in list
        try:
            return self[position]
        except IndexError:  # what follows raises in the words for changes
            return None

    def _taken_out(self, rule: Any) -> None:  # noqa: ANN401 # as in list
        if self.strange or self._doubled:
            self.take_all()
        else:
            self._note(rule, is_new=False)

    def __setitem__(self, position: Any, rule: Any) -> None:  # noqa: ANN401 # as in list
        if self.strange or isinstance(position, slice):
            super().__setitem__(position, rule)
            self.take_all()
            return
        old = self._at(position)
        if self._has(rule):
            super().__setitem__(position, rule)
            self._set_again(range(len(self))[position], old, rule)
            return
        self._settle()
        taken = self._take(rule)
        super().__setitem__(position, taken)
        if not self.strange:
            taken.number = old.number
            self._note(old, is_new=False)
            self._note(taken, is_new=True)

    # --- two rules change places, one after the other ---

    def _has(self, rule: object) -> bool:
        """Whether this very rule is in the list, or was."""
        return isinstance(rule, KINDS) and rule.owner is self

    def _set_again(self, position: int, old: Rule, rule: Rule) -> None:
        """Follow what set a rule that the list has already."""
        if old is rule:
            return
        doubled, self._doubled = self._doubled, None
        if doubled is None:
            self._doubled = rule, old, position
            self._outdate()
        elif doubled[0] is not old or doubled[1] is not rule:
            self.take_all()
        elif doubled[2] != position:
            self._exchange(old, rule)

    # --- many rules ---

    def extend(self, rules: Iterable[Any]) -> None:
        """Add rules at the end."""
        for rule in list(rules):
            self.append(rule)

    def __iadd__(self, rules: Iterable[Any]) -> Self:  # type: ignore[misc] # as in list
        self.extend(rules)
        return self

    __imul__ = _in_bulk("__imul__")
    clear = _in_bulk("clear")
    insert = _in_bulk("insert")
    reverse = _in_bulk("reverse")
    sort = _in_bulk("sort")

    def take_all(self) -> None:
        """Take every rule as it now stands, and number them anew."""
        self.forget()
        self.strange = False
        self._doubled = None
        seen: dict[int, Rule] = {}
        for position, rule in enumerate(list(self)):
            taken = seen.get(id(rule))
            if isinstance(taken, Fixed):
                taken = self._take(tuple(rule))
            elif taken is not None:
                self.give_up()
            else:
                taken = rule if self._has(rule) else self._take(rule)
                seen[id(rule)] = seen[id(taken)] = taken
            super().__setitem__(position, taken)
            if not self.strange:
                taken.number = position
        self._next = len(self)

    def give_up(self) -> None:
        """Stop deriving anything: a rule is in here that does not tell this list."""
        self.strange = True
        self.forget()

    def _take(self, rule: Any) -> Any:  # noqa: ANN401 # what is no rule stays what it is
        """Make a rule this list's own, so that it tells when it is edited."""
        taken: Rule
        if isinstance(rule, KINDS):
            owner = rule.owner
            if owner is not self and isinstance(owner, Rules):
                owner.catch_up()  # which lets go of those that it no longer holds
                if rule.owner is not None:
                    owner.give_up()
            taken = rule
        elif isinstance(rule, list):
            taken = Row(rule)
        elif isinstance(rule, tuple):
            taken = Fixed(rule)
        else:
            self.give_up()
            return rule
        taken.owner = self
        return taken
