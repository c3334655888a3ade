"""The log version by version, as whoever goes forward through it takes it in.

A step says what stands in the rows of the table after a version that did not before.
What a version did beyond what is worth telling is to be loaded instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, func, select

from ..terms import Line, Names
from .following import MOST_CHANGES, is_grant
from .lines import columns
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, change, names, version
from .values import GrantValues, Op

MOST_VERSIONS = 5_000
"""How many steps are told at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one version did.

    Attributes:
        number: of the version.
        time: when it was made.
        whole: whether it did more than is worth telling; then nothing else is told.
        added: plain grants in force now; some may have been before.
        removed: plain grants that are not in force now; none is among those added.
        rows: by its number, what other line stands in a row now; nothing where none
            does.
        model: the new text, or nothing when it is as it was.
        catalogue: the new text, or nothing when it is as it was.
        names: only the organisations whose names are new or different.
    """

    number: int
    time: datetime
    whole: bool = False
    added: tuple[GrantValues, ...] = ()
    removed: tuple[GrantValues, ...] = ()
    rows: MappingProxyType[int, Line | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    model: str | None = None
    catalogue: str | None = None
    names: MappingProxyType[str, Names] = field(
        default_factory=lambda: MappingProxyType({})
    )


def steps_of(connection: Connection, after: int, until: int) -> tuple[Step, ...]:
    """What the next versions did, in their order.

    Args:
        connection: in a transaction.
        after: the number of a version.
        until: the number of a later one.

    Returns:
        steps for some of the versions after the one and not after the other, at least
        for one; call again for those that follow.
    """
    until = min(until, after + MOST_VERSIONS)
    until, is_whole = _worth_telling(connection, after, until)
    between = version.c.number.between(after + 1, until)
    made = connection.execute(
        select(version.c.number, version.c.time, version.c.model, version.c.catalogue)
        .where(between)
        .order_by(version.c.number)
    ).all()
    if is_whole:
        ((number, time, *_),) = made
        return (Step(number, datetime.fromisoformat(time), whole=True),)
    told = _told(connection, after, until)
    named = _named(connection, after, until)
    return tuple(
        _step(told.get(number, ()), number, time, model, catalogue, named.get(number))
        for number, time, model, catalogue in made
    )


def _worth_telling(connection: Connection, after: int, until: int) -> tuple[int, bool]:
    """The last version to be told of, and whether that one is to be loaded instead."""
    counted = connection.execute(
        select(change.c.version, func.count())
        .where(change.c.version.between(after + 1, until))
        .group_by(change.c.version)
        .order_by(change.c.version)
    ).all()
    total = 0
    for number, count in counted:
        total += count
        if total > MOST_CHANGES:
            return (number, True) if number == after + 1 else (number - 1, False)
    return until, False


def _told(
    connection: Connection, after: int, until: int
) -> dict[int, list[Sequence[Any]]]:
    rows = connection.execute(
        select(
            change.c.version,
            change.c.op,
            change.c.rule,
            *columns(change, LINE),
            *columns(change, SOURCE),
        )
        .where(change.c.version.between(after + 1, until))
        .order_by(change.c.version, change.c.position)
    )
    return {number: [*found] for number, found in groupby(rows, lambda row: row[0])}


def _named(
    connection: Connection, after: int, until: int
) -> dict[int, dict[str, Names]]:
    rows = connection.execute(
        select(
            names.c.version, names.c.organisation, names.c.fi, names.c.sv, names.c.en
        )
        .where(names.c.version.between(after + 1, until))
        .order_by(names.c.version)
    )
    return {
        number: {organisation: Names(*texts) for _, organisation, *texts in found}
        for number, found in groupby(rows, lambda row: row[0])
    }


def _step(  # noqa: PLR0913, PLR0917 # what a version consists of
    told: Iterable[Sequence[Any]],
    number: int,
    time: str,
    model: str | None,
    catalogue: str | None,
    named: dict[str, Names] | None,
) -> Step:
    shared = Shared()
    grants: dict[GrantValues, str] = {}
    rows: dict[int, Line | None] = {}
    for _, op, rule, ptype, *rest in told:
        values, source = rest[: len(VALUES)], rest[len(VALUES) :]
        if _is_plain(ptype, values):
            if op != Op.MOVED:
                grant = values[0], values[1], values[2]
                # what is added again stands behind what was added meanwhile
                grants.pop(grant, None)
                grants[grant] = op
        elif op == Op.REMOVED:
            rows[rule] = None
        else:
            rows[rule] = shared.line_of(ptype, values, source_of(*source))
    return Step(
        number,
        datetime.fromisoformat(time),
        added=tuple(grant for grant, op in grants.items() if op == Op.ADDED),
        removed=tuple(grant for grant, op in grants.items() if op == Op.REMOVED),
        rows=MappingProxyType(rows),
        model=model,
        catalogue=catalogue,
        names=MappingProxyType(named or {}),
    )


def _is_plain(ptype: object, values: Sequence[object]) -> bool:
    """Whether it is a grant as a stream of them gives it: all of it text."""
    return is_grant((ptype, *values)) and all(
        type(value) is str for value in values[:3]
    )
