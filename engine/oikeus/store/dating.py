"""Which version was in force when, and which one a line came with.

INVARIANT: times never run backwards (`recording`), so that the versions are in the
order of their times, and numbers can be halved until the one that is sought is found.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from ..moments import time_text
from ..terms import Line
from .past import check_number
from .reading import head_of, mark_at
from .rows import can_be_asked, columns_of
from .tables import LINE, casbin_rule, change, version
from .values import Op

_TIME = select(version.c.time).where(version.c.number == bindparam("number"))


def version_at(connection: Connection, instant: datetime) -> int:
    """The last version whose time is not after an instant; 0 before the first one.

    Raises:
        StoreError: the head is missing.
    """
    sought = time_text(instant)
    known, above = 0, head_of(connection) + 1
    while above - known > 1:
        middle = (known + above) // 2
        if connection.execute(_TIME, {"number": middle}).scalar_one() <= sought:
            known = middle
        else:
            above = middle
    return known


def brought_by(connection: Connection, line: Line, number: int) -> int | None:
    """The version that brought a line that was in force at this one.

    It costs what was changed since, and what the line's row went through.

    Returns:
        nothing where the log does not tell: the line was not in force, or was put there
        behind the log.

    Raises:
        StoreError: there is no such version.
    """
    mark_at(connection, check_number(number))
    if not can_be_asked(line):
        return None
    rule = _row_at(connection, line, number)
    while rule is not None:
        number, came = _came(connection, line, rule, number)
        if not came:
            return None
        # a line that only changed its place left another row in the same version
        rule = connection.scalar(
            select(change.c.rule).where(
                change.c.version == number,
                change.c.op == Op.REMOVED.value,
                *_is(line, change.c),
            )
        )
        if rule is None:
            return number
        number -= 1
    return None


def _row_at(connection: Connection, line: Line, number: int) -> int | None:
    """The row in which a line stood at a version, if it was in force."""
    touched = connection.execute(
        select(change.c.rule, change.c.op)
        .where(change.c.version > number, *_is(line, change.c))
        .order_by(change.c.version, change.c.position)
        .limit(1)
    ).first()
    if touched is not None:
        # the first that happened to it since; what came then had not been there
        return None if touched.op == Op.ADDED.value else touched.rule
    return connection.scalar(select(casbin_rule.c.id).where(*_is(line, casbin_rule.c)))


def _came(
    connection: Connection, line: Line, rule: int, number: int
) -> tuple[int, bool]:
    """The last version up to this one that put the line into this row."""
    found = connection.scalar(
        select(change.c.version)
        .where(
            change.c.rule == rule,
            change.c.version <= number,
            change.c.op == Op.ADDED.value,
            *_is(line, change.c),
        )
        .order_by(change.c.version.desc())
        .limit(1)
    )
    return (number, False) if found is None else (found, True)


def _is(line: Line, table: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 # columns
    """The condition that a row holds a line."""
    pairs = zip(LINE, columns_of(line), strict=True)
    return [
        table[name].is_(None) if value is None else table[name] == value
        for name, value in pairs
    ]
