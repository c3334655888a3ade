"""Grants and who gave them, and grants that went with a change of something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, func, select

from ..terms import Line
from .lines import columns
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, casbin_rule, change, version
from .values import Op

_FETCHED = 5_000


class Gone(NamedTuple):
    """A grant that is not in force, and the version that removed it.

    Attributes:
        line: without a source: no policy file stated it.
        version: the number of that version.
        origin: what sort of act it was.
    """

    line: Line
    version: int
    origin: str


def granters_of(connection: Connection) -> dict[Line, str]:
    """The grants in force that rest on somebody's power, each with that granter.

    A row that is not as the log has it is left out: what brought it is not known.
    """
    later = change.alias()
    same = (change.c[name].is_not_distinct_from(casbin_rule.c[name]) for name in LINE)
    found = (
        select(*columns(casbin_rule, LINE), version.c.granter)
        .select_from(version)
        .join(change, change.c.version == version.c.number)
        .join(casbin_rule, casbin_rule.c.id == change.c.rule)
        .where(
            version.c.granter.is_not(None),
            casbin_rule.c.ptype == "g",
            change.c.op == Op.ADDED.value,
            *same,
            ~exists().where(
                later.c.rule == change.c.rule,
                later.c.op == Op.ADDED.value,
                # + 0: found by the row, and not through all that a version did
                later.c.version + 0 > change.c.version,
            ),
        )
    )
    shared = Shared()
    return {
        shared.line_of(ptype, values): granter
        for ptype, *values, granter in connection.execute(found)
    }


def gone_since(
    connection: Connection, number: int, origins: Sequence[str]
) -> tuple[Gone, ...]:
    """The grants that versions after one removed, by acts of these origins.

    Only those that nothing happened to since, and that no policy file stated: what a
    file does not say any more, it took back itself.
    """
    every = and_(version.c.number > number, version.c.origin.in_(origins))
    first = connection.scalar(select(func.min(version.c.number)).where(every))
    if first is None:
        return ()
    # gone through once: no index leads from a line to all that happened to it
    found = (
        select(*columns(change, LINE), *columns(change, SOURCE))
        .add_columns(change.c.op, version.c.number, version.c.origin)
        .join(version, version.c.number == change.c.version)
        .where(change.c.version >= first, change.c.ptype == "g")
        .order_by(change.c.version, change.c.position)
        .execution_options(yield_per=_FETCHED)
    )
    shared, gone = Shared(), dict[Line, Gone]()
    for ptype, *rest, op, at, origin in connection.execute(found):
        line = shared.line_of(ptype, rest[: len(VALUES)])
        gone.pop(line, None)
        stated = source_of(*rest[len(VALUES) :]) is not None
        if op == Op.REMOVED.value and origin in origins and not stated:
            gone[line] = Gone(line, at, origin)
    return tuple(gone.values())
