"""Mutants: the policy with one slip of the pen in one line.

A line is dropped; one of its words is swapped for another that the catalogue or the
model knows; or the line is widened: beside it comes the same line with another word, so
that one more role, level, kind, mode, action or resource is let in. Swapping a word for
`*` widens it too.

What a line says of an organisation is treated alike, as far as the files would still be
loaded: there is one root, an organisation has one mode and one parent, and what is
active has no line. Where an organisation stands comes from a register; of a line that
says it, only that it hangs directly below the root is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from ...policy.catalogue import ACTIVE, Catalogue
from ...policy.model import Model
from ...policy.tree import ROOT_LEVEL
from ...terms import Effect, Line
from .line_change import LineChange

ANY = "*"
"""The word of a column that stands for all words, where the model knows it."""

_WHOSE = {"g4": 1}
"""Where the role stands that a line is of; elsewhere it is the first value."""


class Slip(Enum):
    """What sort of slip of the pen a mutant is."""

    DROPPED = "dropped"
    SWAPPED = "swapped"
    WIDENED = "widened"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy that differs in one line.

    Attributes:
        slip: how.
        line: the line of the policy.
        other: the line in its place, or beside it; nothing where it is dropped.
    """

    slip: Slip
    line: Line
    other: Line | None = None

    def __str__(self) -> str:
        match self.slip:
            case Slip.DROPPED:
                return f"without `{self.line}`"
            case Slip.SWAPPED:
                return f"with `{self.other}` in the place of `{self.line}`"
            case _:
                return f"with `{self.other}` beside `{self.line}`"

    @property
    def change(self) -> LineChange:
        """What it changes."""
        added = () if self.other is None else (self.other,)
        return LineChange(() if self.slip is Slip.WIDENED else (self.line,), added)


def mutants_of(
    lines: Iterable[Line], catalogue: Catalogue, model: Model
) -> tuple[Mutant, ...]:
    """Make every mutant of a policy; none that has the same lines as it or another.

    Args:
        lines: of the policy.
        catalogue: the words that there are.
        model: the words that a rule's columns are compared with.
    """
    order = {line: number for number, line in enumerate(dict.fromkeys(lines))}
    words = _Words(catalogue, model)
    roots = [line.values[0] for line in order if line.values[1:] == (ROOT_LEVEL,)]
    places = _PlaceWords(catalogue, roots)
    made = [
        each
        for line in order
        for each in (
            _of_line(line, words) if is_rule(line) else _of_place(line, places)
        )
    ]
    # two lines may be widened to the same one: then it is beside that of the same role
    made.sort(key=_is_of_another_role)
    found: dict[LineChange, Mutant] = {}
    for mutant in made:
        if mutant.other not in order:
            found.setdefault(mutant.change, mutant)
    return tuple(sorted(found.values(), key=lambda mutant: order[mutant.line]))


def _is_of_another_role(mutant: Mutant) -> bool:
    if mutant.other is None:
        return False
    whose = _WHOSE.get(mutant.line.ptype, 0)
    return mutant.line.values[whose] != mutant.other.values[whose]


def is_rule(line: Line) -> bool:
    """Whether a line says something of a role, and not of an organisation."""
    if line.ptype == "g3":
        return line.values[0].startswith("role:")
    if line.ptype == "g4":
        return line.values[0].startswith("level:")
    return line.ptype in ("p", "p2")


def is_of_place(line: Line) -> bool:
    """Whether a line says something of an organisation."""
    return line.ptype in ("g2", "g4") and not is_rule(line)


def _of_place(line: Line, words: _PlaceWords) -> Iterator[Mutant]:
    if not is_of_place(line):
        return
    organisation, said = line.values
    is_level = said.startswith("level:")
    if said != ROOT_LEVEL and ":" in said:
        yield Mutant(Slip.DROPPED, line)
    for word in words.of(organisation, said):
        other = Line(line.ptype, (organisation, word))
        if said not in (word, ROOT_LEVEL):
            yield Mutant(Slip.SWAPPED, line, other)
        if said != word and is_level:
            yield Mutant(Slip.WIDENED, line, other)


def _of_line(line: Line, words: _Words) -> Iterator[Mutant]:
    yield Mutant(Slip.DROPPED, line)
    for place, value in enumerate(line.values):
        for word in words.of(line, place):
            if word == value:
                continue
            values = (*line.values[:place], word, *line.values[place + 1 :])
            other = Line(line.ptype, values)
            yield Mutant(Slip.SWAPPED, line, other)
            if words.can_stand_beside(line, place, word):
                yield Mutant(Slip.WIDENED, line, other)


@dataclass(frozen=True, slots=True)
class _PlaceWords:
    """The words that a line can say of an organisation, and still be loaded."""

    catalogue: Catalogue
    roots: Sequence[str]

    def of(self, organisation: str, said: str) -> Iterable[str]:
        """The words in the place of what is said."""
        if said.startswith("level:"):
            levels = (f"level:{level}" for level in self.catalogue.levels)
            return [level for level in levels if level != ROOT_LEVEL]
        if said.startswith("mode:"):
            return [f"mode:{mode}" for mode in self.catalogue.modes]
        if said.startswith("status:"):
            statuses = self.catalogue.statuses
            return [f"status:{status}" for status in statuses if status != ACTIVE]
        return [root for root in self.roots if root != organisation]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that can stand in each place of a line."""

    catalogue: Catalogue
    model: Model

    def of(self, line: Line, place: int) -> Iterable[str]:
        """The words that could stand in a place of a line, its own among them."""
        if line.ptype == "g3":
            return self._roles if place == 0 else self.catalogue.kinds
        if line.ptype == "g4":
            levels = [f"level:{level}" for level in self.catalogue.levels]
            return levels if place == 0 else self._roles
        name = self.model.fields[line.ptype][place]
        compared = sorted(self.model.words(line.ptype, name))
        if name in ("sub", "role"):
            return [*compared, *self._roles]
        if line.ptype == "p2":
            modes = [f"mode:{mode}" for mode in self.catalogue.modes]
            return [*compared, *modes] if name == "mode" else compared
        return [*compared, *self._of_rule(line, name)]

    def can_stand_beside(self, line: Line, place: int, word: str) -> bool:
        """Whether a line with another word there says more when it stands beside."""
        is_effect = line.ptype == "p" and self.model.fields[line.ptype][place] == "eft"
        return word != ANY and line.values[place] != ANY and not is_effect

    @property
    def _roles(self) -> list[str]:
        return [f"role:{role}" for role in self.catalogue.roles]

    def _of_rule(self, line: Line, name: str) -> Iterable[str]:
        """The words of a rule's column: an action is one of a resource."""
        resources = self.catalogue.resources
        resource, action = (self.model.value(line, each) for each in ("obj", "act"))
        if name == "eft":
            return [effect.value for effect in Effect]
        if name == "obj":
            return [
                each for each, known in resources.items() if action in known.actions
            ]
        if name == "act" and resource in resources:
            return resources[resource].actions
        return []
