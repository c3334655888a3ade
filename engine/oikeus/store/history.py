"""What the log says: the versions, and what each did."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from ..errors import StoreError
from ..terms import Line
from .applications import steps_taken
from .filtering import VersionFilter
from .lines import columns
from .past import check_number
from .reading import mark_at
from .rows import Shared, batches, source_of
from .tables import LINE, SOURCE, VALUES, change, version
from .tokens import token_steps_taken
from .values import Logged, Op, Recorded, Version

_ELSEWHERE = ("added", "removed", "application", "token")
_VERSION = [each.name for each in fields(Version) if each.name not in _ELSEWHERE]
_FETCHED = 5_000
_ASKED = 500


def versions_of(connection: Connection) -> tuple[Version, ...]:
    """All versions, the first one first."""
    rows = connection.execute(
        select(*columns(version, _VERSION)).order_by(version.c.number)
    )
    return _counted(connection, rows.mappings().all())


def logged_of(connection: Connection, only: VersionFilter, most: int) -> Logged:
    """The last versions of those asked for, the newest first.

    Args:
        connection: in a transaction.
        only: which versions.
        most: how many of them at most.

    Raises:
        StoreError: a word that no column can hold, or less than one version.
    """
    if most < 1:
        message = f"{most} versions cannot be shown, expected 1 or more"
        raise StoreError(message)
    total = func.count().over().label("total")
    found = (
        select(*columns(version, _VERSION), total)
        .where(*only.conditions(connection))
        .order_by(version.c.number.desc())
        .limit(most)
    )
    rows = [dict(row) for row in connection.execute(found).mappings()]
    count = max((row.pop("total") for row in rows), default=0)
    return Logged(_counted(connection, rows), count - len(rows))


def version_of(connection: Connection, number: int) -> Version:
    """One version.

    Raises:
        StoreError: there is no such version.
    """
    mark_at(connection, check_number(number))
    found = select(*columns(version, _VERSION)).where(version.c.number == number)
    return _counted(connection, connection.execute(found).mappings().all())[0]


def _counted(
    connection: Connection, rows: Sequence[RowMapping | dict[str, Any]]
) -> tuple[Version, ...]:
    """The versions, with how many lines each added and removed, and their steps."""
    counts: dict[tuple[int, str], int] = {}
    for batch in batches((row["number"] for row in rows), _ASKED):
        counted = (
            select(change.c.version, change.c.op, func.count())
            .where(change.c.version.in_(batch))
            .group_by(change.c.version, change.c.op)
        )
        counts |= {(number, op): n for number, op, n in connection.execute(counted)}
    numbers = [row["number"] for row in rows]
    steps = steps_taken(connection, numbers)
    token_steps = token_steps_taken(connection, numbers)
    return tuple(
        Version(
            **row,
            added=counts.get((row["number"], Op.ADDED.value), 0),
            removed=counts.get((row["number"], Op.REMOVED.value), 0),
            application=steps.get(row["number"]),
            token=token_steps.get(row["number"]),
        )
        for row in rows
    )


def changes_of(connection: Connection, number: int) -> Generator[Recorded]:
    """What a version did to the lines, in the order in which it did, as a stream.

    Raises:
        StoreError: there is no such version.
    """
    mark_at(connection, check_number(number))
    with closing(_recorded(connection, [number])) as found:
        for _, recorded in found:
            yield recorded


def changes_of_each(
    connection: Connection, numbers: Sequence[int]
) -> dict[int, tuple[Recorded, ...]]:
    """What versions did to the lines, by their numbers: of many, which did little."""
    found: dict[int, list[Recorded]] = {number: [] for number in numbers}
    for batch in batches(numbers, _ASKED):
        for number, recorded in _recorded(connection, batch):
            found[number].append(recorded)
    return {number: tuple(recorded) for number, recorded in found.items()}


def _recorded(
    connection: Connection, numbers: Sequence[int]
) -> Generator[tuple[int, Recorded]]:
    found = (
        select(
            change.c.version,
            change.c.op,
            *columns(change, LINE),
            *columns(change, SOURCE),
        )
        .where(change.c.version.in_(numbers))
        .order_by(change.c.version, change.c.position)
        .execution_options(yield_per=_FETCHED)
    )
    shared = Shared()
    with connection.execute(found) as rows:
        for number, op, ptype, *rest in rows:
            values = shared.values_of(rest[: len(VALUES)])
            line = Line(shared[ptype], values, source_of(*rest[len(VALUES) :]))
            yield number, Recorded(Op(op), line)
