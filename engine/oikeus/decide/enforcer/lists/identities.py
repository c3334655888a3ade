"""Which rules a list holds, by their values, so that no list need be searched."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Any

from .row import Fixed, Row, Rule, number_of

Identity = tuple[Any, ...]


def identity_of(rule: Any) -> Identity | None:  # noqa: ANN401 # whatever is searched for
    """What a rule is known by; none where only a comparison can tell."""
    kind = type(rule)
    if kind is list or kind is Row:
        identity: Identity = tuple(rule)
    elif kind is tuple or kind is Fixed:
        identity = (_TUPLE, *rule)  # Casbin's lists and tuples are never equal
    else:
        return None
    for value in rule:
        if type(value) is not str:
            return None
    return identity


_TUPLE = None


class Identities:
    """The rules of a list, by their values.

    Attributes:
        places: the rule, or the several in their order, that have these values.
        odd: how many rules have no identity; with any, a search must compare.
        repeats: whether some rules have, or once had, the same values.
    """

    __slots__ = ("odd", "places", "repeats")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.places: dict[Identity, Rule | list[Rule]] = {}
        self.odd = 0
        self.repeats = False
        for rule in rules:
            self.add(rule)

    def first(self, rule: object) -> Rule | None:
        """The first rule with the values of this one, if that can be told."""
        identity = None if self.odd else identity_of(rule)
        found = None if identity is None else self.places.get(identity)
        return found[0] if type(found) is list else found  # type: ignore[return-value] # a rule

    def add(self, rule: Rule) -> None:
        """Enter a rule."""
        identity = identity_of(rule)
        if identity is None:
            self.odd += 1
            self.repeats = True  # for all that can be told
            return
        there: Any = self.places.setdefault(identity, rule)
        if type(there) is list:
            insort(there, rule, key=number_of)
        elif there is not rule:
            self.places[identity] = sorted((there, rule), key=number_of)
            self.repeats = True

    def discard(self, rule: Rule) -> None:
        """Strike a rule that was entered with these values."""
        identity = identity_of(rule)
        if identity is None:
            self.odd -= 1
            return
        there: Any = self.places[identity]
        if type(there) is list and len(there) > 1:
            del there[bisect_left(there, rule.number, key=number_of)]
        else:
            del self.places[identity]

    def exchange(self, rule: Rule, new: Rule) -> None:
        """Strike a rule and enter another: as these two do, in half the time."""
        gone, identity, places = identity_of(rule), identity_of(new), self.places
        if (
            gone is None
            or identity is None
            or identity in places
            or type(places[gone]) is list
        ):
            self.discard(rule)
            self.add(new)
        else:
            del places[gone]
            places[identity] = new
