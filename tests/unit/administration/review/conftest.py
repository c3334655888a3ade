"""The small world with people in it, a day, and a catalogue that knows conflicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from oikeus import Change, Grant, Line, Span, Store

DAY = date(2026, 3, 1)
LASTING = Span(date(2026, 1, 1), date(2030, 12, 31))
SOON = Span(date(2026, 1, 1), date(2026, 4, 15))

HEAD = Grant("person:head", "role:head", "1.1", LASTING)
CLERK = Grant("person:clerk", "role:clerk", "1.1", LASTING)
CHIEF = "person:chief"

SECTIONS = """\
review: {ends-within: P60D}
conflicts:
  - {below: school, groups: [[clerk], [head, robot]]}
"""

Give = Callable[..., None]
Say = Callable[..., None]


def soon(grant: Grant) -> Grant:
    """The same, but it ends soon."""
    return replace(grant, span=SOON)


def today() -> date:
    """The day on which everything is looked at and decided."""
    return DAY


@pytest.fixture
def say(loaded: Store) -> Say:
    """Write sections of the catalogue, and nothing else."""

    def write(text: str = SECTIONS) -> None:
        known = loaded.load().catalogue or ""
        catalogue = known.partition("review:")[0] + text
        with loaded.writing() as writer:
            writer.commit(Change("casbin", "os:t", "words", catalogue=catalogue))

    return write


@pytest.fixture
def give(loaded: Store, say: Say) -> Give:
    """Put grants into the database, maybe on somebody's power."""
    say()

    def write(*grants: Grant, granter: str | None = None) -> None:
        lines = tuple(grant.line for grant in grants)
        change = Change("grant", "os:t", "m", add=lines, granter=granter)
        with loaded.writing() as writer:
            writer.commit(change)

    return write


@pytest.fixture
def remove(loaded: Store) -> Callable[..., None]:
    """Take lines away, past everything that checks it."""

    def write(*lines: tuple[str, ...], add: tuple[tuple[str, ...], ...] = ()) -> None:
        gone, new = (
            tuple(Line(ptype, tuple(rest)) for ptype, *rest in each)
            for each in (lines, add)
        )
        with loaded.writing() as writer:
            writer.commit(Change("casbin", "os:t", "m", add=new, remove=gone))

    return write
