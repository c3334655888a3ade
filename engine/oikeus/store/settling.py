"""What a version records of rows that were changed behind the log, before it goes on.

A row that holds another line than the log says, or a line that the log has and the
table lacks, is told as what it is: one line left the row, another one came. Replayed,
the log gives `casbin_rule` again then, and shows in which version that was found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from sqlalchemy import Connection, select

from ..terms import Line
from .lines import Stored, columns
from .rows import Shared, batches, columns_of, source_of
from .tables import LINE, SOURCE, VALUES, change
from .values import Op

Entry: TypeAlias = tuple[Op, int, Line]
"""What happened to a line, and in which row of `casbin_rule`."""

_ASKED = 500


def settled(
    connection: Connection, touched: Iterable[Stored], lost: Collection[Line]
) -> Iterator[Entry]:
    """Tell what became of rows that the log does not explain.

    Args:
        connection: in the transaction of the writer.
        touched: the rows that the version touches, as they stand.
        lost: lines that are not in force, whatever the log says of them.
    """
    astray = {stored.id: stored.line for stored in touched if not stored.logged}
    missed = [rule for line in lost for rule in _rows_of(connection, line)]
    held = _held(connection, dict.fromkeys((*astray, *missed)))
    known = {line: line for line in held.values()}
    for rule in dict.fromkeys((*astray, *missed)):
        line = held.get(rule)
        if line is not None and (rule in astray or line in lost):
            yield Op.REMOVED, rule, line
        if rule in astray:
            there = astray[rule]
            # where it was written is known only of one that left another row
            yield Op.ADDED, rule, known.get(there, Line(there.ptype, there.values))


def _rows_of(connection: Connection, line: Line) -> list[int]:
    """The rows that the line ever came into."""
    values = zip(LINE, columns_of(line), strict=True)
    is_it = (change.c[name].is_not_distinct_from(value) for name, value in values)
    found = select(change.c.rule).where(change.c.op == Op.ADDED.value, *is_it)
    return list(connection.scalars(found.distinct().order_by(change.c.rule)))


def _held(connection: Connection, rules: Iterable[int]) -> dict[int, Line]:
    """The lines that these rows hold by the log."""
    shared = Shared()
    held: dict[int, Line] = {}
    for batch in batches(rules, _ASKED):
        found = (
            select(
                change.c.rule,
                change.c.op,
                *columns(change, LINE),
                *columns(change, SOURCE),
            )
            .where(change.c.rule.in_(batch))
            .order_by(change.c.version, change.c.position)
        )
        for rule, op, ptype, *rest in connection.execute(found):
            held.pop(rule, None)
            if op != Op.REMOVED.value:
                source = source_of(*rest[len(VALUES) :])
                held[rule] = shared.line_of(ptype, rest[: len(VALUES)], source)
    return held
