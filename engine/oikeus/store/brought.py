"""What the log alone says of lines, whatever was done to `casbin_rule` behind it."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from sqlalchemy import Connection, func, or_, select

from ..terms import Line
from .lines import columns
from .reading import text_at
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, change, version
from .values import Contents, Op


def logged_at(connection: Connection, number: int) -> Contents:
    """What the versions up to one brought, without names and grants of no file."""
    return Contents(
        number,
        text_at(connection, "model", number),
        text_at(connection, "catalogue", number),
        _lines(connection, number),
        MappingProxyType({}),
        text_at(connection, "invariants", number) or "",
    )


def left_by(connection: Connection, origins: Collection[str]) -> Contents:
    """What the last version of these origins left; nothing where there is none."""
    found = select(func.max(version.c.number)).where(version.c.origin.in_(origins))
    return logged_at(connection, connection.scalar(found) or 0)


def _lines(connection: Connection, number: int) -> tuple[Line, ...]:
    # grants that never came from a file are left out: they may be a million
    rows = connection.execute(
        select(change.c.op, *columns(change, LINE), *columns(change, SOURCE))
        .where(
            change.c.version <= number,
            or_(change.c.ptype != "g", change.c.source_file.is_not(None)),
        )
        .order_by(change.c.version, change.c.position)
    )
    shared = Shared()
    found: dict[Line, Line] = {}
    for op, ptype, *rest in rows:
        values = shared.values_of(rest[: len(VALUES)])
        line = Line(shared[ptype], values, source_of(*rest[len(VALUES) :]))
        found.pop(line, None)
        if op != Op.REMOVED.value:
            found[line] = line
    return tuple(found)
