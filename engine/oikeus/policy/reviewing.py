"""What a review looks for beside what the model says: rights that end, and conflicts.

Both are words of the catalogue: how long before its end a grant is to be looked at, and
which groups of roles one subject may not hold together below one organisation.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Problem
from .validity import Ending
from .wording import choice, did_you_mean, shown
from .yaml_source import Document

REVIEW, CONFLICTS = "review", "conflicts"
"""What the sections of the catalogue are called."""

SOON = Ending("P60D")
"""Within how long a grant ends soon where the catalogue does not say."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Groups of roles of which one subject may hold those of one only.

    Attributes:
        below: the level of the organisation below which, or at which, they conflict.
        groups: the roles of each.
    """

    below: str
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What grants are reviewed for.

    Attributes:
        ends_within: a grant that ends within it from today ends soon.
        conflicts: which roles conflict.
    """

    ends_within: Ending = SOON
    conflicts: tuple[Conflict, ...] = ()


def reviewing(value: Mapping[str, Any]) -> Reviewing:
    """Read the sections of a catalogue, whose shape its schema has checked."""
    ending = value.get(REVIEW, {}).get("ends-within")
    return Reviewing(
        SOON if ending is None else Ending.parse(ending),
        tuple(
            Conflict(each["below"], tuple(map(tuple, each["groups"])))
            for each in value.get(CONFLICTS, ())
        ),
    )


def faults(
    found: Reviewing, levels: Sequence[str], roles: Sequence[str], document: Document
) -> Iterator[Problem]:
    """Say which words of the sections are unknown, or stand in two groups."""
    for number, conflict in enumerate(found.conflicts):
        place = (CONFLICTS, number)
        yield from _unknown("level", conflict.below, levels, document, *place, "below")
        seen: set[str] = set()
        for group, names in enumerate(conflict.groups):
            for position, name in enumerate(names):
                at = (*place, "groups", group, position)
                yield from _unknown("role", name, roles, document, *at)
                yield from _repeated(name, seen, document, *at)
                seen.add(name)


def _unknown(
    what: str, name: str, known: Sequence[str], document: Document, *at: str | int
) -> Iterator[Problem]:
    if name not in known:
        hint = did_you_mean(name, known)
        text = f"unknown {what} {shown(name)}, expected {choice(known)}{hint}"
        yield document.problem(text, *at)


def _repeated(
    name: str, seen: Container[str], document: Document, *at: str | int
) -> Iterator[Problem]:
    if name in seen:
        text = f"{shown(name)} stands there already, expected each role in one group"
        yield document.problem(text, *at)
