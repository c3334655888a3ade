"""The organisation tree, as the `g2` and `g4` lines draw it.

A word with a colon (`mode:…`, `status:…`) hangs in the tree to be inherited and is no
organisation. The tree answers for broken lines too (two parents, a cycle), because
rows can reach a database past the files; `tree_faults` finds such faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from ..terms import Line

ROOT_LEVEL = "level:root"
"""The level of the one organisation that everything stands under."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Which organisation stands below which, and what each one carries.

    Attributes:
        parents: the organisations directly above; none for the root.
        children: the organisations directly below.
        marks: the inherited words hung on an organisation itself, `mode:…`.
        levels: the levels of an organisation, `level:…`.
    """

    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_lines(cls, lines: Iterable[Line]) -> Self:
        """Draw the tree; lines of other kinds and widths are passed over."""
        parents: dict[str, list[str]] = {}
        children: dict[str, list[str]] = {}
        marks: dict[str, list[str]] = {}
        levels: dict[str, list[str]] = {}
        for line in lines:
            if line.ptype not in ("g2", "g4") or len(line.values) != 2:  # noqa: PLR2004
                continue
            organisation, other = line.values
            if ":" in organisation:
                continue
            if line.ptype == "g4":
                levels.setdefault(organisation, []).append(other)
            elif ":" in other:
                marks.setdefault(organisation, []).append(other)
            else:
                parents.setdefault(organisation, []).append(other)
                children.setdefault(other, []).append(organisation)
        return cls(_frozen(parents), _frozen(children), _frozen(marks), _frozen(levels))

    @property
    def roots(self) -> tuple[str, ...]:
        """The organisations with the root's level: one, unless lines are broken."""
        return tuple(
            organisation
            for organisation, levels in self.levels.items()
            if ROOT_LEVEL in levels
        )

    def __contains__(self, organisation: str) -> bool:
        """Whether the organisation is known: it has a parent, or is the root."""
        return organisation in self.parents or ROOT_LEVEL in self.levels.get(
            organisation, ()
        )

    def __iter__(self) -> Iterator[str]:
        """All known organisations, the root first, each before those below it."""
        seen: set[str] = set()
        for root in self.roots:
            for organisation in self.below(root):
                if organisation not in seen:
                    seen.add(organisation)
                    yield organisation
        for organisation in self.parents:
            if organisation not in seen:
                seen.add(organisation)
                yield organisation

    def above(self, organisation: str) -> tuple[str, ...]:
        """The organisation itself and all above it, nearest first."""
        return _reach(organisation, self.parents)

    def below(self, organisation: str) -> tuple[str, ...]:
        """The organisation itself and all below it, nearest first."""
        return _reach(organisation, self.children)

    def inherited(self, organisation: str, prefix: str) -> tuple[str, ...]:
        """The words with this prefix hung on the organisation or on any above it."""
        return tuple(
            mark
            for place in self.above(organisation)
            for mark in self.marks.get(place, ())
            if mark.startswith(prefix)
        )

    def tops(self, organisations: Iterable[str]) -> tuple[str, ...]:
        """Those organisations of a set that no other of the set stands above."""
        given = dict.fromkeys(organisations)
        tops: list[str] = []
        for organisation in given:
            above = [each for each in self.above(organisation)[1:] if each in given]
            # in a cycle each one stands above each other: the first is shown
            if not any(
                place in tops or organisation not in self.above(place)
                for place in above
            ):
                tops.append(organisation)
        return tuple(tops)


def _reach(start: str, links: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Follow links breadth first; a cycle ends where it closes."""
    reached = {start: None}
    queue = [start]
    for place in queue:
        for nearest in links.get(place, ()):
            if nearest not in reached:
                reached[nearest] = None
                queue.append(nearest)
    return tuple(reached)


def _frozen(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(words) for word, words in found.items()}
