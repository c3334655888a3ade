"""Where imported organisations belong in the tree, and what that changes.

An import is an update. It owns three shapes of line and touches no other:
`g2, ORGANISATION, PARENT`, `g4, ORGANISATION, level:…` and
`g2, ORGANISATION, status:…`. Of these it leaves alone

- all of an organisation that the import does not name: extracts never delete;
- those of the root, which policy files describe;
- those that a policy file states (they have a source): a file is changed by people.

An organisation that moves takes the rights over it along, so a move needs to be
accepted. Any fault refuses the whole import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..errors import Problem, RegisterError
from ..policy.wording import shown
from ..terms import Line, Names
from .register import Organisation
from .register_modes import mixed_modes
from .register_tree import (
    by_organisation,
    levels,
    lines_of,
    misplaced,
    parents,
    statuses,
)


@dataclass(frozen=True, slots=True)
class Alteration:
    """What an import changes about one organisation, for people to read.

    Attributes:
        organisation: its id.
        name: its name; empty where it has none.
        before: what was; empty where nothing was.
        after: what will be.
    """

    organisation: str
    name: str
    before: str
    after: str

    def __str__(self) -> str:
        change = f"{self.before} -> {self.after}" if self.before else self.after
        return f"{f'{self.organisation} {self.name}'.strip()}: {change}"


@dataclass(frozen=True, slots=True)
class Placement:
    """What an import changes.

    Attributes:
        add: lines that are new, sorted.
        remove: lines that no longer hold, sorted.
        names: of the organisations whose names are new or have changed.
        added: new organisations, with what they stand under.
        renamed: with their names per language.
        moved: with their parents.
        levels: organisations whose levels changed.
        statuses: organisations whose status changed.
        unchanged: how many organisations the import restates as they were.
    """

    add: tuple[Line, ...]
    remove: tuple[Line, ...]
    names: Mapping[str, Names]
    added: tuple[Alteration, ...]
    renamed: tuple[Alteration, ...]
    moved: tuple[Alteration, ...]
    levels: tuple[Alteration, ...]
    statuses: tuple[Alteration, ...]
    unchanged: int

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.add or self.remove or self.names)

    def after(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """What is in force after the import, where these lines were before it."""
        gone = frozenset(self.remove)
        return (*(line for line in lines if line not in gone), *self.add)


def place_organisations(
    organisations: Sequence[Organisation],
    current_lines: Iterable[Line],
    current_names: Mapping[str, Names],
    root: str,
    *,
    accept_moves: bool,
) -> Placement:
    """Work out what an import changes.

    Args:
        organisations: all that the import brings, each once.
        current_lines: the lines in force; those of policy files have their source.
        current_names: the names that are known.
        root: the id of the root.
        accept_moves: whether an organisation may change its parent.

    Raises:
        RegisterError: an unknown parent, a cycle, a move that is not accepted, or one
            that a policy file contradicts; a second transfer mode for a subtree. Every
            problem is listed.
    """
    lines = tuple(current_lines)
    current = by_organisation(lines)
    steps = [
        _Step(each, current.get(each.id, frozenset()), is_root=each.id == root)
        for each in sorted(organisations, key=lambda each: each.id)
    ]
    problems = [
        *misplaced(organisations, current, root),
        *(problem for step in steps for problem in step.refusals(accept=accept_moves)),
    ]
    if problems:
        raise RegisterError(problems)
    placement = _placement(steps, current_names)
    mixed = tuple(mixed_modes(organisations, placement.after(lines)))
    if mixed:
        raise RegisterError(mixed)
    return placement


@dataclass(frozen=True, slots=True)
class _Step:
    """One organisation of an import, with the lines that it has before it."""

    organisation: Organisation
    before: frozenset[Line]
    is_root: bool

    @property
    def after(self) -> frozenset[Line]:
        """The lines that it will have; the root keeps those that it has."""
        if self.is_root:
            return self.before
        return self.stated | lines_of(self.organisation)

    @property
    def stated(self) -> frozenset[Line]:
        """The lines that policy files state."""
        return frozenset(line for line in self.before if line.source)

    @property
    def is_new(self) -> bool:
        return not self.is_root and not parents(self.before)

    def refusals(self, *, accept: bool) -> Iterator[Problem]:
        """Say why the organisation cannot move, if it does."""
        before, after = parents(self.before), parents(self.after)
        if self.is_new or before == after:
            return
        name, goal = shown(self.organisation.id), shown(self.organisation.parent)
        if len(after) > 1:
            place = next(line for line in self.stated if parents([line]))
            text = f"{place.source} says `{place}`, expected the same"
            yield self.organisation.problem(f"{name} moves to {goal}, but {text}")
        elif not accept:
            text = f"moves from {_words(map(shown, before))} to {goal}"
            text += ", which needs to be accepted with --accept-moves"
            yield self.organisation.problem(f"{name} {text}")

    def alteration(self, before: str, after: str) -> Alteration:
        named = self.organisation
        return Alteration(named.id, named.names.best, before, after)

    def change(
        self, part: Callable[[Iterable[Line]], tuple[str, ...]]
    ) -> Iterator[Alteration]:
        """Say how a part of what the lines say changes, if it does."""
        before, after = part(self.before), part(self.after)
        if not self.is_new and before != after:
            yield self.alteration(_words(before), _words(after))

    def naming(self, known: Names) -> Iterator[Alteration]:
        """Say how the names change, if they do; no names erase none."""
        names = self.organisation.names
        if names not in (known, Names()):
            yield self.alteration(_named(known), _named(names))


def _placement(steps: Sequence[_Step], current_names: Mapping[str, Names]) -> Placement:
    named = [
        change
        for step in steps
        for change in step.naming(current_names.get(step.organisation.id, Names()))
    ]
    names = {step.organisation.id: step.organisation.names for step in steps}
    new = {step.organisation.id for step in steps if step.is_new}
    added = [
        step.alteration("", f"under {_words(parents(step.after))}")
        for step in steps
        if step.is_new
    ]
    renamed = [change for change in named if change.organisation not in new]
    moved, levelled, restated = (
        [change for step in steps for change in step.change(part)]
        for part in (parents, levels, statuses)
    )
    altered = {
        change.organisation
        for change in (*added, *renamed, *moved, *levelled, *restated)
    }
    return Placement(
        add=_sorted(line for step in steps for line in step.after - step.before),
        remove=_sorted(line for step in steps for line in step.before - step.after),
        names=MappingProxyType(
            {change.organisation: names[change.organisation] for change in named}
        ),
        added=tuple(added),
        renamed=tuple(renamed),
        moved=tuple(moved),
        levels=tuple(levelled),
        statuses=tuple(restated),
        unchanged=len(steps) - len(altered),
    )


def _sorted(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.ptype, line.values)))


def _words(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _named(names: Names) -> str:
    given = {"fi": names.fi, "sv": names.sv, "en": names.en}
    return _words(f"{language} {name}" for language, name in given.items() if name)
