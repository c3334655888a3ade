"""Lines that go and lines that come, held against facts that are there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...decide.facts import RULES, Facts
from ...terms import Line


@dataclass(frozen=True, slots=True)
class LineChange:
    """A change of lines that are no grants: `p`, `p2`, `g2`, `g3`, `g4`.

    Attributes:
        removed: lines that go.
        added: lines that come.
    """

    removed: tuple[Line, ...] = ()
    added: tuple[Line, ...] = ()

    @property
    def rules(self) -> tuple[Line, ...]:
        """The rules and powers that it is about."""
        return tuple(line for line in self._lines if line.ptype in RULES)

    @property
    def links(self) -> tuple[Line, ...]:
        """The lines on organisations, kinds and levels that it is about."""
        return tuple(line for line in self._lines if line.ptype not in RULES)

    @property
    def _lines(self) -> tuple[Line, ...]:
        return (*self.removed, *self.added)

    def apply(self, facts: Facts) -> Facts:
        """The facts with the change; what it does not touch is shared."""
        rules = dict(facts.rules)
        for ptype in {line.ptype for line in self.rules}:
            kept = [line for line in rules[ptype] if line not in self.removed]
            rules[ptype] = tuple(dict.fromkeys((*kept, *self._added(ptype))))
        facts = replace(facts, rules=rules)
        for ptype, first in {(line.ptype, line.values[0]) for line in self.links}:
            words = [
                word
                for word in facts.linked(ptype, first)
                if Line(ptype, (first, word)) not in self.removed
            ]
            new = [line.values[1] for line in self._added(ptype, first)]
            facts = facts.linking(ptype, first, dict.fromkeys((*words, *new)))
        return facts

    def _added(self, ptype: str, first: str | None = None) -> list[Line]:
        return [
            line
            for line in self.added
            if line.ptype == ptype and first in (None, line.values[0])
        ]
