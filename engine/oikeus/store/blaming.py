"""The lines in force with the versions that brought them."""

from __future__ import annotations

from collections.abc import Generator

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, select

from ..terms import Line
from .filtering import LineFilter
from .lines import columns, last_change
from .rows import Shared, source_of
from .tables import LINE, SOURCE, VALUES, casbin_rule, change, version
from .values import Blamed, Op

_FETCHED = 5_000
_TOLD = ("number", "time", "actor", "granter", "origin", "message")


def blamed_of(connection: Connection, only: LineFilter) -> Generator[Blamed]:
    """The lines asked for in their order, as a stream.

    A line whose last change is not what stands there has no version: what brought it
    went past the log. One that is only written elsewhere now keeps its version.

    Raises:
        StoreError: a word that no column can hold.
    """
    brought = change.alias()
    # only where the line is as the log has it
    came = and_(change.c.version.is_not(None), _brought(brought))
    found = (
        select(*columns(casbin_rule, LINE), *columns(change, SOURCE))
        .add_columns(*columns(version, _TOLD))
        .select_from(
            casbin_rule.outerjoin(change, last_change(casbin_rule, None))
            .outerjoin(brought, came)
            .outerjoin(version, version.c.number == brought.c.version)
        )
        .where(*only.conditions(connection, casbin_rule))
        .order_by(casbin_rule.c.id)
        .execution_options(yield_per=_FETCHED)
    )
    shared = Shared()
    with connection.execute(found) as rows:
        for ptype, *rest in rows:
            values, source = rest[: len(VALUES)], rest[len(VALUES) : -len(_TOLD)]
            line = shared.line_of(ptype, values, source_of(*source))
            number, *told = rest[-len(_TOLD) :]
            yield Blamed(line) if number is None else Blamed(line, number, *told)


def grants_of_origin(connection: Connection, origin: str) -> tuple[Line, ...]:
    """The grants in force that versions of this origin brought, and no file holds."""
    brought = change.alias()
    found = (
        select(*columns(casbin_rule, LINE))
        .select_from(
            casbin_rule.join(change, last_change(casbin_rule, None))
            .join(brought, _brought(brought))
            .join(version, version.c.number == brought.c.version)
        )
        .where(
            casbin_rule.c.ptype == "g",
            change.c.source_file.is_(None),
            version.c.origin == origin,
        )
        .order_by(casbin_rule.c.id)
        .execution_options(yield_per=_FETCHED)
    )
    shared = Shared()
    with connection.execute(found) as rows:
        return tuple(shared.line_of(ptype, values) for ptype, *values in rows)


def _brought(brought: FromClause) -> ColumnElement[bool]:
    """Join a row with the change that last added it."""
    earlier = change.alias()
    last = select(func.max(earlier.c.version)).where(
        earlier.c.rule == casbin_rule.c.id, earlier.c.op == Op.ADDED.value
    )
    return and_(
        brought.c.rule == casbin_rule.c.id,
        brought.c.version == last.scalar_subquery(),
        brought.c.op == Op.ADDED.value,
    )
