"""What the log says: the versions, and what each did."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, func, select

from ..errors import StoreError
from ..terms import Line
from .lines import columns
from .past import check_number
from .reading import mark_at
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, change, version
from .values import Op, Recorded, Version

_COUNTED = ("added", "removed")
_VERSION = [each.name for each in fields(Version) if each.name not in _COUNTED]


def versions_of(connection: Connection) -> tuple[Version, ...]:
    """All versions, the first one first."""
    counted = {
        (number, op): count
        for number, op, count in connection.execute(
            select(change.c.version, change.c.op, func.count()).group_by(
                change.c.version, change.c.op
            )
        )
    }
    rows = connection.execute(
        select(*columns(version, _VERSION)).order_by(version.c.number)
    )
    return tuple(
        Version(
            **row,
            added=counted.get((row["number"], Op.ADDED.value), 0),
            removed=counted.get((row["number"], Op.REMOVED.value), 0),
        )
        for row in rows.mappings()
    )


def version_of(connection: Connection, number: int) -> Version:
    """One version.

    Raises:
        StoreError: there is no such version.
    """
    found = connection.execute(
        select(*columns(version, _VERSION)).where(
            version.c.number == check_number(number)
        )
    )
    for row in found.mappings():
        counts = connection.execute(
            select(change.c.op, func.count())
            .where(change.c.version == number)
            .group_by(change.c.op)
        )
        counted = {each.op: each[1] for each in counts}
        added, removed = (counted.get(op.value, 0) for op in (Op.ADDED, Op.REMOVED))
        return Version(**row, added=added, removed=removed)
    message = f"there is no version {number}"
    raise StoreError(message)


def changes_of(connection: Connection, number: int) -> tuple[Recorded, ...]:
    """What a version did to the lines, in the order in which it did.

    Raises:
        StoreError: there is no such version.
    """
    mark_at(connection, check_number(number))
    rows = connection.execute(
        select(change.c.op, *columns(change, LINE), *columns(change, SOURCE))
        .where(change.c.version == number)
        .order_by(change.c.position)
    )
    shared = Shared()
    recorded = []
    for op, ptype, *rest in rows:
        values = shared.values_of(rest[: len(VALUES)])
        line = Line(shared[ptype], values, source_of(*rest[len(VALUES) :]))
        recorded.append(Recorded(Op(op), line))
    return tuple(recorded)
