"""What is wrong with a grant that policy files give, read by itself (ruling M).

The kind of holder and the level bind. Whether the transfer mode lets anybody give the
role there is the model's to say, and is asked of it (`decide.grant_checks`). A grant at
an organisation that the register has not brought yet only warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from ..terms import Grant, Line, kind_of
from .finding import Finding, listed
from .model import Model
from .tree import Tree
from .wording import choice

WAITS = "waits-for-register"
"""The check that what lines are about is in the register."""

_PAIR = 2


@dataclass(frozen=True, slots=True)
class GrantRules:
    """What binds a grant, as the lines say it.

    Attributes:
        tree: the organisations.
        kinds: the kinds of holder of each role.
        levels: the levels at which each role may be held.
    """

    tree: Tree
    kinds: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_lines(cls, lines: Iterable[Line], model: Model, tree: Tree) -> Self:
        """Gather the rules; lines of a wrong width say nothing."""
        kinds: dict[str, list[str]] = {}
        levels: dict[str, list[str]] = {}
        for line in dict.fromkeys(one for one in lines if one.ptype in ("g3", "g4")):
            if len(line.values) != model.widths.get(line.ptype):
                continue
            if line.ptype == "g3":
                role, kind = line.values
                kinds.setdefault(role, []).append(kind)
            else:
                level, role = line.values
                levels.setdefault(role, []).append(level)
        return cls(
            tree,
            {role: tuple(found) for role, found in kinds.items()},
            {role: tuple(found) for role, found in levels.items()},
        )

    def faults(self, line: Line, known_kinds: Iterable[str]) -> Iterator[Finding]:
        """Say what is wrong with a `g` line, its role's name apart."""
        try:
            grant = Grant.parse(line)
        except ValueError as error:
            yield Finding(line, str(error))
            return
        yield from self._kind(line, grant, known_kinds)
        if grant.organisation not in self.tree:
            yield not_yet(line, grant.organisation)
        else:
            yield from self._place(line, grant)

    def _kind(
        self, line: Line, grant: Grant, known: Iterable[str]
    ) -> Iterator[Finding]:
        kind = kind_of(grant.subject)
        kinds = self.kinds.get(grant.role, ())
        if kind not in (known := tuple(known)):
            expected = choice(f"{each}:ID" for each in known)
            text = (
                f"the holder `{grant.subject}` has no known kind, expected {expected}"
            )
            yield Finding(line, text)
        elif kinds and kind not in kinds:
            text = f"`{grant.role}` is for a {choice(kinds)}, not for a {kind}"
            yield Finding(line, text)

    def _place(self, line: Line, grant: Grant) -> Iterator[Finding]:
        role, place = grant.role, grant.organisation
        levels = self.tree.levels.get(place, ())
        allowed = self.levels.get(role, ())
        if allowed and not set(levels) & set(allowed):
            has = listed(levels) if levels else "no level"
            text = (
                f"`{role}` cannot be held at `{place}`, which has {has}; "
                f"expected {listed(allowed)}"
            )
            yield Finding(line, text)


def not_yet(line: Line, organisation: str) -> Finding:
    """Warn of a line about an organisation that the register has not brought yet."""
    text = (
        f"organisation `{organisation}` is not in the register yet; the line takes "
        "effect when it is imported"
    )
    return Finding(line, text, warning=True, check=WAITS)
