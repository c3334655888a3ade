"""The statements that write a version: its row, the lines, the log and the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    TextClause,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from ..errors import TamperedError
from ..terms import Line
from . import tables
from .chain import (
    GENESIS,
    Field,
    Row,
    application_form,
    chained,
    change_form,
    names_form,
    version_digest,
)
from .difference import Difference
from .rows import batches, columns_of, source_columns
from .values import Change, Op

_WRITTEN = 5_000
_DELETED = 500

_CLOCKS = {
    # SQLite's clock counts milliseconds; the width is the same in both
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
    # the clock and not now(): a transaction that waited for its turn began earlier
    "postgresql": (
        "to_char(clock_timestamp() AT TIME ZONE 'UTC', "
        '\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
    ),
}


def record(
    connection: Connection,
    number: int,
    change: Change,
    difference: Difference,
    in_place: Mapping[Line, Line],
) -> None:
    """Write everything that makes the version.

    Args:
        connection: in the transaction of the writer.
        number: the next one.
        change: who, why and from where.
        difference: what there is to write.
        in_place: for an added line the line whose place it takes.
    """
    places = _places(connection, difference, in_place)
    time, parent = _parent(connection, number - 1)
    # gone through twice: the version stands in the database before its rows, which may
    # be a million, and its digest is over theirs
    last = _last_digest(_log(number, difference, places, parent), parent)
    named = _last_digest(_names(number, difference, last), last)
    row = _version_row(connection, number, change, difference)
    # a clock that was set back must not make history run backwards
    row |= {"time": max(str(row["time"]), time), "previous": parent}
    stepped = _last_digest(_step(number, difference, named), named)
    digest = version_digest(row, stepped)
    connection.execute(insert(tables.version).values(**row, digest=digest))
    # a row that changes its place is written anew: two may change places
    for batch in batches((*difference.removed, *difference.relocated), _DELETED):
        ids = [stored.id for stored in batch]
        connection.execute(
            delete(tables.casbin_rule).where(tables.casbin_rule.c.id.in_(ids))
        )
    _insert(
        connection,
        tables.casbin_rule,
        ((place, *columns_of(line)) for line, place in places.items()),
    )
    _insert(
        connection,
        tables.casbin_rule,
        (
            (stored.id, *columns_of(stored.line))
            for stored in difference.relocated.values()
        ),
    )
    _insert(connection, tables.change, _log(number, difference, places, parent))
    _insert(connection, tables.names, _names(number, difference, last))
    _insert(connection, tables.application, _step(number, difference, named))
    connection.execute(update(tables.head).values(version=number))


def _places(
    connection: Connection, difference: Difference, in_place: Mapping[Line, Line]
) -> dict[Line, int]:
    """Give each added line its id: that of the line it replaces, or a new one."""
    left = (*difference.removed, *difference.relocated)
    freed = {stored.line: stored.id for stored in left}
    # a place is given once, however many lines ask for it
    taken = {
        line: freed.pop(in_place[line])
        for line in difference.added
        if in_place.get(line) in freed
    }
    fresh = _fresh_ids(connection, len(difference.added) - len(taken))
    return {
        line: taken[line] if line in taken else next(fresh) for line in difference.added
    }


def _fresh_ids(connection: Connection, count: int) -> Iterator[int]:
    rule = tables.casbin_rule
    if connection.dialect.name == "sqlite":
        # nor the row of a line that went: by the log it may still be there
        rows = func.max(rule.c.id), func.max(tables.change.c.rule)
        last = max(connection.scalar(select(found)) or 0 for found in rows)
        return iter(range(last + 1, last + 1 + count))
    # from the sequence, so that other tools that insert do not meet our ids
    sequence = func.pg_get_serial_sequence(rule.name, "id")
    series = func.generate_series(1, count)
    return iter(
        connection.scalars(select(func.nextval(sequence)).select_from(series)).all()
    )


def _parent(connection: Connection, number: int) -> tuple[str, str]:
    """The time and the digest of the version before; those before the first one."""
    if not number:
        return "", GENESIS
    version = tables.version
    found = select(version.c.time, version.c.digest).where(version.c.number == number)
    for time, digest in connection.execute(found):
        if digest:
            return time, digest
    message = f"version {number} has no digest to go on from, run `oikeus verify`"
    raise TamperedError(message)


def _last_digest(rows: Iterable[Row], before: str) -> str:
    """The digest of the last row; the one before the first where there is none."""
    for *_, digest in rows:
        before = str(digest)
    return before


def _version_row(
    connection: Connection, number: int, change: Change, difference: Difference
) -> dict[str, Field]:
    """The row of the version, by the database's clock and not yet chained."""
    clock: ColumnElement[str] = literal_column(_CLOCKS[connection.dialect.name])
    return {
        "number": number,
        "time": connection.scalars(select(clock)).one(),
        "actor": change.actor,
        "origin": change.origin,
        "message": change.message,
        "model": difference.model,
        "catalogue": difference.catalogue,
        "granter": change.granter,
        "power": change.power,
        "git_commit": change.git_commit,
        "approval": change.approval,
    }


def _log(
    number: int, difference: Difference, places: Mapping[Line, int], before: str
) -> Iterator[Row]:
    """The rows of `oikeus_change`, chained."""
    return chained(before, _changes(number, difference, places), change_form)


def _changes(
    number: int, difference: Difference, places: Mapping[Line, int]
) -> Iterator[Row]:
    # a line that changes its place leaves one and comes to another: whoever replays the
    # log by rows finds each row where it is
    left = (*difference.removed, *difference.relocated)
    come = difference.relocated.values()
    removed = ((Op.REMOVED, stored.id, stored.line) for stored in left)
    added = ((Op.ADDED, place, line) for line, place in places.items())
    relocated = ((Op.ADDED, stored.id, stored.line) for stored in come)
    moved = ((Op.MOVED, stored.id, stored.line) for stored in difference.moved)
    position = 0
    for part in (difference.settled, removed, added, relocated, moved):
        for op, rule, line in part:
            position += 1
            yield (
                number,
                position,
                op.value,
                rule,
                *columns_of(line),
                *source_columns(line.source),
            )


def _names(number: int, difference: Difference, before: str) -> Iterator[Row]:
    """The rows of `oikeus_names`, chained in the order of the ids."""
    rows = (
        (organisation, number, named.fi, named.sv, named.en)
        for organisation, named in sorted(difference.names.items(), key=_id)
    )
    return chained(before, rows, names_form)


def _step(number: int, difference: Difference, before: str) -> Iterator[Row]:
    """The row of `oikeus_application`, chained; none where no step is taken."""
    step = difference.application
    if step is None:
        return iter(())
    row = (
        number,
        # a request is numbered as its version
        step.application or number,
        step.state.value,
        step.subject,
        step.role,
        step.organisation,
        step.last_day.isoformat(),
        step.reason,
    )
    return chained(before, [row], application_form)


def _id(named: tuple[str, object]) -> str:
    return named[0]


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    # SQLAlchemy would make a dictionary of each row, and a server answer each
    for batch in batches(rows, _WRITTEN):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_from_rows(table), batch)
        else:
            columns = zip(table.columns.keys(), zip(*batch, strict=True), strict=True)
            asked = {name: list(values) for name, values in columns}
            connection.execute(_from_arrays(table), asked)


@cache
def _from_rows(table: Table) -> str:
    """Insert rows as they are, each by a statement of its own, as SQLite has it."""
    marks = ", ".join("?" for _ in table.columns)
    return f"{_into(table)} VALUES ({marks})"


@cache
def _from_arrays(table: Table) -> TextClause:
    """Insert rows that come column by column, each an array of as many values."""
    # as text, for a cast to the column's own type would cut what is too long
    arrays = ", ".join(
        f"CAST(:{name} AS {'INTEGER' if column.type.python_type is int else 'TEXT'}[])"
        for name, column in table.columns.items()
    )
    return text(f"{_into(table)} SELECT * FROM unnest({arrays})")  # noqa: S608 # ours


def _into(table: Table) -> str:
    return f"INSERT INTO {table.name} ({', '.join(table.columns.keys())})"
