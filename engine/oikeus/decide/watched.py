"""Facts that note which links a question was answered by.

An answer depends on the rules that it looks up, on grants, and on whether lines lead
from one word to another. Facts in which other lines of `g2`, `g3` or `g4` lead to the
same answers of all that was noted give the same answer to the question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, Self

from .facts import Facts


class Lead(NamedTuple):
    """What was asked of links: whether those of a kind lead from a word to another."""

    ptype: str
    first: str
    word: str

    def holds(self, facts: Facts) -> bool:
        """Whether they do."""
        return facts.leads(*self)


@dataclass(frozen=True, slots=True)
class WatchedFacts(Facts):
    """The same facts; what is asked of their links is noted, and found out once.

    INVARIANT: they are never changed, for what was found out would not be.

    Attributes:
        leads_asked: everything that was asked since it was emptied.
    """

    leads_asked: set[Lead] = field(default_factory=set, compare=False)
    _known: dict[Lead, bool] = field(default_factory=dict, compare=False)

    @classmethod
    def watching(cls, facts: Facts) -> Self:
        """Watch facts."""
        return cls(facts.rules, facts.grants, facts.links, facts.idle)

    def leads(self, ptype: str, first: str, word: str) -> bool:
        """Whether lines of this kind lead from a word to another; it is noted."""
        lead = Lead(ptype, first, word)
        self.leads_asked.add(lead)
        if lead not in self._known:
            self._known[lead] = word in self.reached(ptype, first)
        return self._known[lead]

    def leading(self, ptype: str, first: str) -> Callable[[str], bool]:
        """The same of many words; each one that is asked about is noted."""
        return partial(self.leads, ptype, first)
