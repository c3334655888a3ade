"""Rows of `casbin_rule` that the log does not explain, and lines of it that are gone.

What is in force decides, whoever put it there. But nobody can tell the past from it
while it is not what the log says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, or_, select

from ..errors import TamperedError
from ..terms import Line
from .lines import Stored, columns, last_change
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, casbin_rule, change
from .values import Op

_FETCHED = 5_000


def _unexplained() -> Select[Any]:
    explained = casbin_rule.outerjoin(change, last_change(casbin_rule, None))
    return (
        select(casbin_rule.c.id, *columns(casbin_rule, LINE))
        .select_from(explained)
        .where(change.c.version.is_(None))
        .order_by(casbin_rule.c.id)
    )


def _gone() -> Select[Any]:
    later = change.alias()
    # + 0: later changes are found by the row, and not through all of a version
    came_later = or_(
        later.c.version + 0 > change.c.version,
        and_(
            later.c.version + 0 == change.c.version,
            later.c.position + 0 > change.c.position,
        ),
    )
    there = (change.c[name].is_not_distinct_from(casbin_rule.c[name]) for name in LINE)
    return (
        select(change.c.rule, *columns(change, LINE), *columns(change, SOURCE))
        .where(
            change.c.op != Op.REMOVED.value,
            # first what holds of most, and is found by the row's number
            ~exists().where(casbin_rule.c.id == change.c.rule, *there),
            ~exists().where(later.c.rule == change.c.rule, came_later),
        )
        .order_by(change.c.rule)
    )


_UNEXPLAINED, _GONE = _unexplained(), _gone()


def unexplained_lines(connection: Connection) -> Iterator[Stored]:
    """The rows in force that do not hold what the log says, in their order."""
    shared = Shared()
    with connection.execute(_UNEXPLAINED.execution_options(yield_per=_FETCHED)) as rows:
        for rule, ptype, *values in rows:
            yield Stored(rule, shared.line_of(ptype, values), logged=False)


def gone_lines(connection: Connection) -> Iterator[Stored]:
    """The lines that are in force by the log, and in no row or not in theirs."""
    shared = Shared()
    with connection.execute(_GONE.execution_options(yield_per=_FETCHED)) as rows:
        for rule, ptype, *rest in rows:
            source = source_of(*rest[len(VALUES) :])
            line = shared.line_of(ptype, rest[: len(VALUES)], source)
            yield Stored(rule, line)


def check_explained(connection: Connection) -> None:
    """Refuse to tell the past while what is in force is not what the log says.

    Raises:
        TamperedError: naming the first row that differs.
    """
    for statement in (_UNEXPLAINED, _GONE):
        found = connection.execute(statement.limit(1)).first()
        if found is not None:
            message = (
                f"row {found[0]} of casbin_rule is not what the log says, and no past "
                "version can be told while that is so: `oikeus verify` names all that "
                "differs, `oikeus restore` makes it what the log says"
            )
            raise TamperedError(message)


def astray_of(connection: Connection) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines in force that the log does not explain, and those that are gone."""
    unexplained = tuple(stored.line for stored in unexplained_lines(connection))
    return unexplained, tuple(stored.line for stored in gone_lines(connection))
