"""What the lines in force say, indexed for deciding: the facts of one version.

Lines that can decide nothing (a wrong width, a span that is none, an effect that is
neither allow nor deny) never reach Casbin; `inert` reports them. Facts are immutable; a
what-if (`explain`) looks at facts with one thing changed, and never changes these.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self, TypeVar

from ..policy.model import ROLE_WIDTHS, Model
from ..terms import Effect, Grant, Line, flaw_in_id

Links = Mapping[str, tuple[str, ...]]
"""From a word to those that a line links it to."""

CHAINS: Mapping[str, int | None] = MappingProxyType({"g2": None, "g3": 2, "g4": 3})
"""How many words a chain may have: the tree as many as it takes; a role and its kind;
an organisation, its level and a role. Longer chains could only be made past the files,
and would give a role to a kind, or a level, that no line names."""

Held = TypeVar("Held")

EFFECTS = frozenset(effect.value for effect in Effect)
"""The words of the column `eft`; Casbin passes over a rule with any other."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The lines of one version, as a decision reads them.

    Attributes:
        rules: the lines of `p` and `p2`, in the order of the database.
        grants: by subject.
        links: by kind of line (`g2`, `g3`, `g4`).
    """

    rules: Mapping[str, tuple[Line, ...]]
    grants: Mapping[str, tuple[Grant, ...]]
    links: Mapping[str, Links]

    @classmethod
    def from_lines(cls, model: Model, lines: Iterable[Line]) -> Self:
        """Index lines; those that can decide nothing are left out."""
        rules: dict[str, list[Line]] = {"p": [], "p2": []}
        grants: dict[str, list[Grant]] = {}
        links: dict[str, dict[str, list[str]]] = {
            ptype: {} for ptype in ROLE_WIDTHS if ptype != "g"
        }
        for line in lines:
            if len(line.values) != model.widths.get(line.ptype):
                continue
            if line.ptype in rules:
                if line.ptype == "p2" or model.value(line, "eft") in EFFECTS:
                    rules[line.ptype].append(line)
            elif line.ptype in links:
                first, second = line.values
                links[line.ptype].setdefault(first, []).append(second)
            else:
                try:
                    grant = Grant.parse(line)
                except ValueError:
                    continue
                grants.setdefault(grant.subject, []).append(grant)
        return cls(
            {ptype: tuple(found) for ptype, found in rules.items()},
            _frozen(grants),
            {ptype: _frozen(known) for ptype, known in links.items()},
        )

    def of(self, subject: str) -> tuple[Grant, ...]:
        """The grants of a subject, whatever their days."""
        return self.grants.get(subject, ())

    def linked(self, ptype: str, first: str) -> tuple[str, ...]:
        """What lines of this kind link a word to, directly."""
        return self.links[ptype].get(first, ())

    def kinds(self, role: str) -> tuple[str, ...]:
        """The kinds of subject that a role is for."""
        return tuple(word for word in self.reached("g3", role) if _is_kind(word))

    def reached(self, ptype: str, first: str) -> Iterator[str]:
        """The words that lines of this kind lead to, the first itself among them."""
        return reach(self.links[ptype], first, CHAINS[ptype])

    def holding(self, *grants: Grant) -> Self:
        """The same facts, and these grants with them."""
        held = {grant.subject: [*self.of(grant.subject)] for grant in grants}
        for grant in grants:
            held[grant.subject].append(grant)
        changed = ChainMap(_frozen(held), self.grants)  # type: ignore[arg-type]
        return replace(self, grants=changed)

    def holding_only(self, subject: str, *grants: Grant) -> Self:
        """The same facts, but a subject holds these grants and no other."""
        held = ChainMap({subject: grants}, self.grants)  # type: ignore[arg-type]
        return replace(self, grants=held)

    def linking(self, ptype: str, first: str, seconds: Iterable[str]) -> Self:
        """The same facts, but a word is linked to these and to nothing else."""
        changed = ChainMap({first: tuple(seconds)}, self.links[ptype])  # type: ignore[arg-type]
        return replace(self, links={**self.links, ptype: changed})

    def without_rule(self, rule: Line) -> Self:
        """The same facts, but no line with the words of this rule."""
        kept = tuple(line for line in self.rules[rule.ptype] if line != rule)
        return replace(self, rules={**self.rules, rule.ptype: kept})


def reach(links: Links, start: str, longest: int | None = None) -> Iterator[str]:
    """Follow links from a word: itself first, then the nearest; a cycle ends there.

    Args:
        links: what leads where.
        start: the word to begin with.
        longest: how many words a chain may have; as many as there are by default.
    """
    seen = {start}
    ring = [start]
    while ring and longest != 0:
        yield from ring
        found = [linked for word in ring for linked in links.get(word, ())]
        ring = [word for word in dict.fromkeys(found) if word not in seen]
        seen.update(ring)
        longest = None if longest is None else longest - 1


def _frozen(found: Mapping[str, list[Held]]) -> dict[str, tuple[Held, ...]]:
    return {word: tuple(values) for word, values in found.items()}


def is_id(word: str) -> bool:
    """Whether a question can name this word; rows of a database may hold any text."""
    return flaw_in_id(word) is None


def _is_kind(word: str) -> bool:
    """Whether a subject's id can begin with this word; `role:…` is no subject."""
    return is_id(f"{word}:?000") and ":" not in word and word not in ("", "role")
