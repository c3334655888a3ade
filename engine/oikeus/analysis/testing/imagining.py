"""What is imagined for a world: people, and worlds of places that no file has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from typing import Self

from ...policy.catalogue import ACTIVE, Catalogue
from ...policy.tree import ROOT_LEVEL
from ...terms import Grant, Line, Span
from .cases import CaseFile
from .mutants import is_of_place
from .world import World


@dataclass(frozen=True, slots=True)
class Imagined:
    """Subjects that nobody is: for each role, kind and place one who holds it.

    Attributes:
        held: what each of them holds.
        holders: those who hold one role at one organisation and nothing else.
        recipients: of each kind one who holds nothing, and one who holds everything
            everywhere, such as what a recipient must have been given before.
    """

    held: Mapping[str, tuple[Grant, ...]]
    holders: tuple[str, ...]
    recipients: tuple[str, ...]

    @classmethod
    def of(cls, world: World, catalogue: Catalogue, days: Sequence[date]) -> Self:
        """Imagine them, on all of these days."""
        span = Span(days[0], days[-1])
        numbers = count()
        roles = (f"role:{role}" for role in catalogue.roles)
        every = [*product(roles, world.file.places)]
        held: dict[str, tuple[Grant, ...]] = {}

        def imagine(kind: str, *roles: tuple[str, str]) -> str:
            who = f"{kind}:{world.snapshot.nobody}{next(numbers)}"
            held[who] = tuple(Grant(who, role, place, span) for role, place in roles)
            return who

        kinds = catalogue.kinds
        holders = tuple(imagine(kind, each) for kind in kinds for each in every)
        recipients = tuple(
            imagine(kind, *roles) for kind in kinds for roles in ((), every)
        )
        return cls(held, holders, recipients)

    @property
    def grants(self) -> Iterator[Grant]:
        """The grants of all of them."""
        return (grant for grants in self.held.values() for grant in grants)


def imagined_places(file: CaseFile, catalogue: Catalogue) -> CaseFile:
    """A world with an organisation for each level, mode and status that there is.

    It has the name of a file of cases, in whose world there is no such organisation.
    """
    lines: list[Line] = []
    # there is one root, in each world
    levels = [each for each in catalogue.levels if f"level:{each}" != ROOT_LEVEL]
    modes = (None, *catalogue.modes)
    for level, mode, status in product(levels, modes, catalogue.statuses):
        words = "-".join(word for word in (level, mode, status) if word)
        name = next(
            name
            for number in count(1)
            for name in (f"imagined-{words}{'' if number == 1 else f'-{number}'}",)
            if name not in file.places
        )
        lines += [Line("g2", (name, file.root)), Line("g4", (name, f"level:{level}"))]
        if mode is not None:
            lines.append(Line("g2", (name, f"mode:{mode}")))
        if status != ACTIVE:
            lines.append(Line("g2", (name, f"status:{status}")))
    return CaseFile(file.name, tuple(lines), (), file.root)


def named_places(
    file: CaseFile, lines: Iterable[Line], catalogue: Catalogue
) -> CaseFile | None:
    """A world with the organisations that the policy's lines name, and no file's does.

    Each stands where the policy says, or else directly below the root, and has the
    level that it says, or else all. There is no world where no line names one.

    Args:
        file: the file of cases whose name the world has; it lacks their names.
        lines: of the policy.
        catalogue: the levels that there are.
    """
    said: dict[str, list[Line]] = {}
    for line in lines:
        if is_of_place(line) and line.values[0] not in file.places:
            said.setdefault(line.values[0], []).append(line)
    levels = [f"level:{each}" for each in catalogue.levels]
    made: list[Line] = []
    for name, found in said.items():
        words = [line.values[1] for line in found]
        parents = [word for word in words if ":" not in word] or [file.root]
        made += [Line("g2", (name, parent)) for parent in parents]
        if not any(word in levels for word in words):
            made += [Line("g4", (name, each)) for each in levels if each != ROOT_LEVEL]
    return CaseFile(file.name, tuple(made), (), file.root) if made else None
