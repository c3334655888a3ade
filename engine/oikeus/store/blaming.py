"""The lines in force, each with the version that brought it."""

from __future__ import annotations

from collections.abc import Generator

from sqlalchemy import Connection, and_, func, select

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
    brought, earlier = change.alias(), change.alias()
    last = select(func.max(earlier.c.version)).where(
        earlier.c.rule == casbin_rule.c.id, earlier.c.op == Op.ADDED.value
    )
    came = and_(
        # only where the line is as the log has it
        change.c.version.is_not(None),
        brought.c.rule == casbin_rule.c.id,
        brought.c.version == last.scalar_subquery(),
        brought.c.op == Op.ADDED.value,
    )
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
