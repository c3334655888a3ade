"""What the log says: the versions, and what each did."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ..errors import StoreError
from ..terms import Line
from .lines import columns
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, change, version
from .values import Op, Recorded, Version

_LAST_NUMBER = 2**31 - 1


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
        select(
            version.c.number,
            version.c.time,
            version.c.actor,
            version.c.origin,
            version.c.message,
        ).order_by(version.c.number)
    )
    return tuple(
        Version(
            **row,
            added=counted.get((row["number"], Op.ADDED.value), 0),
            removed=counted.get((row["number"], Op.REMOVED.value), 0),
        )
        for row in rows.mappings()
    )


def changes_of(connection: Connection, number: int) -> tuple[Recorded, ...]:
    """What a version did to the lines, in the order in which it did.

    Raises:
        StoreError: there is no such version.
    """
    if type(number) is not int:
        message = f"the number of a version is {number!a}, expected a whole number"
        raise StoreError(message)
    if not 0 < number <= _LAST_NUMBER:
        # not repeated: it may have any number of digits
        message = "there is no version of that number, expected 1 or a later one"
        raise StoreError(message)
    if connection.scalar(select(version.c.number).filter_by(number=number)) is None:
        message = f"there is no version {number}"
        raise StoreError(message)
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
