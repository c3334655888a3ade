"""The lines in force: all of them, those that meet a condition, or those named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    TextClause,
    and_,
    exists,
    func,
    select,
    text,
)

from ..terms import Line
from .asking import asking
from .past import table_at
from .rows import Shared, batches, can_be_asked, identity_of, source_of
from .tables import IDENTITY, LINE, SOURCE, VALUES, casbin_rule, change
from .values import Op

_FETCHED = 5_000
_ASKED = 100
_FEW = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A line as it stands in the table.

    Attributes:
        logged: whether the log says that the row holds it.
    """

    id: int
    line: Line
    logged: bool = True


def columns(table: FromClause, wanted: Iterable[str]) -> list[ColumnElement[str]]:
    """The columns of these names."""
    return [table.c[name] for name in wanted]


def last_change(rules: FromClause, number: int | None) -> ColumnElement[bool]:
    """Join each row with the last change of it, from which it has its source.

    A row that does not hold what was logged was changed behind the log: it has none.
    """
    other = change.alias()
    last = select(func.max(other.c.version)).where(other.c.rule == rules.c.id)
    if number is not None:
        last = last.where(other.c.version <= number)
    same = change.alias()
    return and_(
        change.c.rule == rules.c.id,
        change.c.version == last.scalar_subquery(),
        # one version can do several things to a row; + 0: it is found by the row, and
        # not through all that the version did, which may be a million
        ~exists().where(
            same.c.rule == change.c.rule,
            same.c.version + 0 == change.c.version,
            same.c.position + 0 > change.c.position,
        ),
        change.c.op != Op.REMOVED.value,
        *(change.c[name].is_not_distinct_from(rules.c[name]) for name in LINE),
    )


PLAIN = select(*columns(casbin_rule, LINE)).order_by(casbin_rule.c.id)
"""The lines in force, in their order, without their sources."""


def _with_sources(number: int | None = None) -> Select[Any]:
    rules = table_at(number)
    return (
        select(
            rules.c.id,
            *columns(rules, LINE),
            *columns(change, SOURCE),
            change.c.version,
        )
        .select_from(rules.outerjoin(change, last_change(rules, number)))
        .order_by(rules.c.id)
    )


_STORED = _with_sources()


def stored_lines(
    connection: Connection,
    condition: TextClause | None = None,
    *,
    number: int | None = None,
) -> Iterator[Stored]:
    """The lines in force, or those that meet the condition, with their sources.

    Args:
        connection: in a transaction.
        condition: about `casbin_rule`.
        number: of the version at which they were in force; nothing stands for the head.
    """
    wanted = _STORED if number is None else _with_sources(number)
    if condition is not None:
        wanted = wanted.where(condition)
    return _stored(connection, wanted.execution_options(yield_per=_FETCHED))


def plain_lines(
    connection: Connection, conditions: Sequence[ColumnElement[bool]] = ()
) -> Iterator[Line]:
    """The lines that meet the conditions, in their order, without their sources."""
    shared = Shared()
    streamed = PLAIN.where(*conditions).execution_options(yield_per=_FETCHED)
    for ptype, *values in connection.execute(streamed):
        yield shared.line_of(ptype, values)


def find_lines(connection: Connection, lines: Iterable[Line]) -> dict[Line, Stored]:
    """Which of these lines are in force, and where they stand."""
    wanted = dict.fromkeys(lines)
    if len(wanted) > _FEW or not all(map(can_be_asked, wanted)):
        # the whole table in one go is then faster than any index, and always as fast
        everything = stored_lines(connection)
    else:
        batched = (_ask(connection, batch) for batch in batches(wanted, _ASKED))
        everything = chain.from_iterable(batched)
    return {stored.line: stored for stored in everything if stored.line in wanted}


def _ask(connection: Connection, lines: list[Line]) -> Iterator[Stored]:
    asked = {
        f"part_{number}_{position}": part
        for number, line in enumerate(lines)
        for position, part in enumerate(identity_of(line))
    }
    return _read(asking(connection)(_stored_of(len(lines)), asked))


@cache
def _stored_of(count: int) -> Select[Any]:
    return _STORED.where(_any_of(count))


def _any_of(count: int) -> TextClause:
    """The condition that a row is one of so many lines, in the words of the index."""
    alternatives = (
        " AND ".join(
            f"{part} = :part_{number}_{position}"
            for position, part in enumerate(IDENTITY)
        )
        for number in range(count)
    )
    return text("(" + ") OR (".join(alternatives) + ")")


def _stored(connection: Connection, statement: Select[Any]) -> Iterator[Stored]:
    with connection.execute(statement) as rows:
        yield from _read(rows)


def _read(rows: Iterable[Sequence[Any]]) -> Iterator[Stored]:
    shared = Shared()
    for rule, ptype, *rest, told in rows:
        source = source_of(*rest[len(VALUES) :])
        line = shared.line_of(ptype, rest[: len(VALUES)], source)
        yield Stored(rule, line, logged=told is not None)
