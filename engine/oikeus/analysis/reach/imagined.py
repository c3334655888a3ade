"""Imagined organisations, beside those that a register has brought.

A statement may hold only because no organisation is of some sort today, or because no
register is there: files alone name none but the root. So it is judged over those of
every sort as well: each transfer mode, or none, with each status, at each level, at the
organisation itself or above it.

INVARIANT: each is of its own. Were its name one that a line knows, or one of two, it
would be of several sorts, and a statement could hold because there is none of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, permutations, product
from typing import TypeAlias

from ...decide.snapshot import Snapshot
from ...policy.catalogue import ACTIVE, Catalogue
from ...policy.tree import ROOT_LEVEL
from ...terms import Line

_ROOT = ROOT_LEVEL.partition(":")[2]

_Taken: TypeAlias = dict[str, tuple[str, ...] | None]
"""The names that there are, and what the imagined organisation is that has one."""


def with_organisations(snapshot: Snapshot) -> Snapshot:
    """A snapshot in which there are organisations of every sort.

    They come after all others, so that a chain goes through them only where it would be
    longer without; and they share the grants, which may be a million.
    """
    roots, catalogue = snapshot.tree.roots, snapshot.catalogue
    if catalogue is None or not roots:
        return snapshot
    known = [*snapshot.facts.lines_but_grants()]
    taken: _Taken = {word: None for line in known for word in line.values}
    lines = dict.fromkeys([*known, *_lines(catalogue, roots[0], taken)])
    return snapshot.following(snapshot.version, lines=lines)


def _lines(catalogue: Catalogue, root: str, taken: _Taken) -> Iterator[Line]:
    levels = [level for level in catalogue.levels if level != _ROOT]
    statuses = [status for status in catalogue.statuses if status != ACTIVE]
    modes, marks = [None, *catalogue.modes], [None, *statuses]
    for row in _rows(levels):
        for mode, top, low in product(modes, marks, marks):
            if low is None or len(row) > 1:
                name = "-".join(("imagined", mode or "no-mode", *filter(None, [top])))
                below = [f"status:{low}"] if low else []
                hung = [f"mode:{mode}"] if mode else []
                hung += [f"status:{top}"] if top else []
                name += f"-over-{low}" if low else ""
                yield from _row((root, name), row, hung, below, taken)


def _rows(levels: Sequence[str]) -> Iterator[Sequence[Sequence[str]]]:
    """The levels of organisations one below the other, the highest first."""
    yield from ([[one]] for one in levels)
    yield from ([[one], [other]] for one, other in permutations(levels, 2))
    yield [[level] for level in levels]
    yield [levels]  # one organisation with all of them


def _row(
    over: tuple[str, str],
    levels: Iterable[Sequence[str]],
    top: Sequence[str],
    low: Sequence[str],
    taken: _Taken,
) -> Iterator[Line]:
    """Organisations one below the other.

    Args:
        over: what is above them, and how their ids begin.
        levels: of each, the highest first.
        top: what is hung on the highest.
        low: what is hung on each of the others.
        taken: the names that there are.
    """
    (above, name), marks = over, top
    for some in levels:
        name = _free("-".join((name, *some)), (above, *some, *marks), taken)
        yield Line("g2", (name, above))
        yield from (Line("g4", (name, f"level:{level}")) for level in some)
        yield from (Line("g2", (name, mark)) for mark in marks)
        above, marks = name, low


def _free(name: str, sort: tuple[str, ...], taken: _Taken) -> str:
    """A name that nothing of another sort has."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in names if taken.setdefault(each, sort) == sort)
