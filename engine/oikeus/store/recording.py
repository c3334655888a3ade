"""The statements that write a version: its row, the lines, the log and the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from ..errors import TamperedError
from ..terms import Line
from . import tables
from .chain import (
    GENESIS,
    Entry,
    Field,
    Row,
    chained,
    change_digests,
    names_form,
    version_digest,
)
from .difference import Difference
from .inserting import insert_rows
from .rows import batches, columns_of, source_columns
from .values import Change, Op

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
    digests = [*change_digests(parent, _changes(difference, places))]
    last = digests[-1] if digests else parent
    named = _last_digest(_names(number, difference, last), last)
    row = _version_row(connection, number, change, difference)
    # a clock that was set back must not make history run backwards
    row |= {"time": max(str(row["time"]), time), "previous": parent}
    digest = version_digest(row, named)
    connection.execute(insert(tables.version).values(**row, digest=digest))
    # a row that changes its place is written anew: two may change places
    for batch in batches((*difference.removed, *difference.relocated), _DELETED):
        ids = [stored.id for stored in batch]
        connection.execute(
            delete(tables.casbin_rule).where(tables.casbin_rule.c.id.in_(ids))
        )
    come = ((stored.id, stored.line) for stored in difference.relocated.values())
    placed = chain(zip(places, difference.added, strict=True), come)
    rules = ((rule, *columns_of(line)) for rule, line in placed)
    insert_rows(connection, tables.casbin_rule, rules)
    changes = zip(_changes(difference, places), digests, strict=True)
    insert_rows(connection, tables.change, _log(number, changes))
    insert_rows(connection, tables.names, _names(number, difference, last))
    connection.execute(update(tables.head).values(version=number))


def _places(
    connection: Connection, difference: Difference, in_place: Mapping[Line, Line]
) -> Sequence[int]:
    """The id of each added line: that of the line it replaces, or a new one."""
    added = difference.added
    left = (*difference.removed, *difference.relocated)
    freed = {stored.line: stored.id for stored in left}
    # a place is given once, however many lines ask for it
    taken = {
        line: freed.pop(in_place[line])
        for line in (added if in_place else ())
        if in_place.get(line) in freed
    }
    fresh = _fresh_ids(connection, len(added) - len(taken))
    if not taken:
        return fresh
    rest = iter(fresh)
    return [taken[line] if line in taken else next(rest) for line in added]


def _fresh_ids(connection: Connection, count: int) -> Sequence[int]:
    rule = tables.casbin_rule
    if connection.dialect.name == "sqlite":
        # nor the row of a line that went: by the log it may still be there
        rows = func.max(rule.c.id), func.max(tables.change.c.rule)
        last = max(connection.scalar(select(found)) or 0 for found in rows)
        return range(last + 1, last + 1 + count)
    # from the sequence, so that other tools that insert do not meet our ids
    sequence = func.pg_get_serial_sequence(rule.name, "id")
    series = func.generate_series(1, count)
    found = select(func.nextval(sequence)).select_from(series)
    return connection.scalars(found).all()


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


def _changes(difference: Difference, places: Iterable[int]) -> Iterator[Entry]:
    """What the version does, in the order of the positions."""
    # a line that changes its place leaves one and comes to another: whoever replays the
    # log by rows finds each row where it is
    left = (*difference.removed, *difference.relocated)
    come = difference.relocated.values()
    added, removed, moved = Op.ADDED.value, Op.REMOVED.value, Op.MOVED.value
    yield from ((op.value, rule, line) for op, rule, line in difference.settled)
    yield from ((removed, stored.id, stored.line) for stored in left)
    for place, line in zip(places, difference.added, strict=True):
        yield added, place, line
    yield from ((added, stored.id, stored.line) for stored in come)
    yield from ((moved, stored.id, stored.line) for stored in difference.moved)


def _log(number: int, changes: Iterable[tuple[Entry, str]]) -> Iterator[Row]:
    """The rows of `oikeus_change`, of entries with their digests."""
    for position, ((op, rule, line), digest) in enumerate(changes, 1):
        yield (
            number,
            position,
            op,
            rule,
            *columns_of(line),
            *source_columns(line.source),
            digest,
        )


def _names(number: int, difference: Difference, before: str) -> Iterator[Row]:
    """The rows of `oikeus_names`, chained in the order of the ids."""
    rows = (
        (organisation, number, named.fi, named.sv, named.en)
        for organisation, named in sorted(difference.names.items(), key=_id)
    )
    return chained(before, rows, names_form)


def _id(named: tuple[str, object]) -> str:
    return named[0]
