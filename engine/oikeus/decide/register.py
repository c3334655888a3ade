"""Where organisations stand, as `g2` and `g4` say; what is derived from it, once.

A register is shared by all versions that say the same about organisations. What is
derived is kept for organisations that lines name, never for others that are asked
about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain

from ..ids import is_id, not_plain
from ..policy.tree import Tree
from ..terms import Line
from .facts import CHAINS, Facts, Links, gathered, reach

_FROM_LEVEL = (CHAINS["g4"] or 0) - 1


class Register:
    """The organisations of one version."""

    def __init__(self, facts: Facts) -> None:
        self._g2, self._g4 = facts.links["g2"], facts.links["g4"]
        self._roles: dict[tuple[str, ...], frozenset[str]] = {}

    def serves(self, facts: Facts) -> bool:
        """Whether these facts say the same about organisations."""
        return facts.links["g2"] is self._g2 and facts.links["g4"] is self._g4

    def __contains__(self, organisation: str) -> bool:
        """Whether lines of the tree or of levels begin with this organisation."""
        return organisation in self._g2 or organisation in self._g4

    def above(self, organisation: str) -> tuple[str, ...]:
        """An organisation and those above it, nearest first."""
        # no grant is given at a mode or a status, nor can one be asked about
        reached = reach(self._g2, organisation)
        return tuple(word for word in reached if ":" not in word)

    def all_above(self) -> dict[str, tuple[str, ...]]:
        """The same for each organisation that can be asked about."""
        found: dict[str, tuple[str, ...]] = {}
        odd = {word for word in not_plain(self._g2) if not is_id(word)}
        leads_on = any(":" in word for word in self._g2)
        for place, words in self._g2.items():
            if ":" in place or place in odd:
                continue
            parents = [word for word in words if ":" not in word]
            if len(parents) == 1 and parents[0] in found and not leads_on:
                found[place] = (place, *found[parents[0]])
            else:
                found[place] = self.above(place)
        for place in self._g4:
            if ":" not in place and place not in found and is_id(place):
                found[place] = self.above(place)
        return found

    def roles_at(self, place: str) -> frozenset[str]:
        """The words that levels lead to from a place: roles that can be held there."""
        words = self._g4.get(place, ())
        found = self._roles.get(words)
        if found is None:
            reached = (reach(self._g4, word, _FROM_LEVEL) for word in words)
            found = self._roles[words] = frozenset(chain.from_iterable(reached))
        return found

    def can_hold(self, place: str, role: str) -> bool:
        """Whether grants at a place can give a role (`g4`)."""
        # to Casbin every word leads to itself
        return role in self.roles_at(place) or role == place

    @cached_property
    def tree(self) -> Tree:
        """The organisations as people see them."""
        return Tree.from_lines(
            Line(ptype, (first, word))
            for ptype, links in (("g2", self._g2), ("g4", self._g4))
            for first, words in links.items()
            for word in words
        )

    @cached_property
    def below(self) -> Links:
        """The links of the tree the other way round."""
        return gathered(
            (word, first) for first, words in self._g2.items() for word in words
        )

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each organisation in the order of the tree."""
        known = (place for place in self.tree if ":" not in place and is_id(place))
        return {place: number for number, place in enumerate(known)}
