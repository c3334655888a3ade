"""The statements that write a version: its row, the lines, the log and the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from sqlalchemy import Connection, TextClause, delete, text

from ..errors import TamperedError
from ..terms import Line
from . import tables
from .asking import asking
from .chain import (
    GENESIS,
    Entry,
    Field,
    Row,
    chained,
    change_digests,
    names_form,
    step_form,
    version_digest,
)
from .difference import Difference
from .inserting import insert_rows, sent_together
from .listening import notify
from .rows import batches, columns_of, source_columns
from .tokens import joined
from .values import Change, Op

_DELETED = 500
_ADVANCE = "UPDATE oikeus_head SET version = version + 1"

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
    taken = _taken(difference, in_place)
    begun = _beginning(connection, number - 1, len(difference.added) - len(taken))
    places = _places(difference, taken, begun.fresh)
    # gone through twice: the version stands in the database before its rows, which may
    # be a million, and its digest is over theirs
    digests = [*change_digests(begun.parent, _changes(difference, places))]
    last = digests[-1] if digests else begun.parent
    named = _last_digest(_names(number, difference, last), last)
    row = _version_row(number, begun, change, difference)
    stepped = _last_digest(_step(number, difference, named), named)
    told = _last_digest(_token_step(number, difference, stepped), stepped)
    row["digest"] = version_digest(row, told)
    # a row that changes its place is written anew: two may change places
    for batch in batches((*difference.removed, *difference.relocated), _DELETED):
        ids = [stored.id for stored in batch]
        connection.execute(
            delete(tables.casbin_rule).where(tables.casbin_rule.c.id.in_(ids))
        )
    come = ((stored.id, stored.line) for stored in difference.relocated.values())
    placed = chain(zip(places, difference.added, strict=True), come)
    rules = ((rule, *columns_of(line)) for rule, line in placed)
    changes = zip(_changes(difference, places), digests, strict=True)
    with sent_together(connection, len(digests) + len(difference.names)):
        columns = tables.version.columns.keys()
        insert_rows(connection, tables.version, [tuple(row[name] for name in columns)])
        insert_rows(connection, tables.casbin_rule, rules)
        insert_rows(connection, tables.change, _log(number, changes))
        insert_rows(connection, tables.names, _names(number, difference, last))
        insert_rows(connection, tables.application, _step(number, difference, named))
        tokens = _token_step(number, difference, stepped)
        insert_rows(connection, tables.token, tokens)
        connection.exec_driver_sql(_ADVANCE)
        notify(connection, number)


def _taken(difference: Difference, in_place: Mapping[Line, Line]) -> dict[Line, int]:
    """The ids of added lines that take the place of others."""
    left = (*difference.removed, *difference.relocated)
    freed = {stored.line: stored.id for stored in left}
    # a place is given once, however many lines ask for it
    return {
        line: freed.pop(in_place[line])
        for line in (difference.added if in_place else ())
        if in_place.get(line) in freed
    }


def _places(
    difference: Difference, taken: Mapping[Line, int], fresh: Sequence[int]
) -> Sequence[int]:
    """The id of each added line: that of the line it replaces, or a new one."""
    if not taken:
        return fresh
    rest = iter(fresh)
    added = difference.added
    return [taken[line] if line in taken else next(rest) for line in added]


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a version begins with.

    Attributes:
        time: when it is, by the database's clock.
        parent: the digest of the version before.
        fresh: ids for the lines that are new.
    """

    time: str
    parent: str
    fresh: Sequence[int]


def _beginning(connection: Connection, number: int, count: int) -> _Beginning:
    """Ask at once for all that a version begins with: each question costs a way.

    Args:
        connection: in the transaction of the writer.
        number: of the version before.
        count: how many lines are new.
    """
    dialect = connection.dialect.name
    statement = _begins(dialect, _CLOCKS[dialect])
    asked = {"number": number, "count": count}
    ((now, before, parent, found),) = asking(connection)(statement, asked)
    if not number:
        before, parent = "", GENESIS
    if not parent:
        message = f"version {number} has no digest to go on from, run `oikeus verify`"
        raise TamperedError(message)
    fresh = range(found + 1, found + 1 + count) if dialect == "sqlite" else found
    # a clock that was set back must not make history run backwards
    return _Beginning(max(now, before), parent, fresh)


@cache
def _begins(dialect: str, clock: str) -> TextClause:
    if dialect == "sqlite":
        # nor the row of a line that went: by the log it may still be there
        fresh = (
            "max((SELECT coalesce(max(id), 0) FROM casbin_rule), "
            "(SELECT coalesce(max(rule), 0) FROM oikeus_change)) + 0 * :count"
        )
    else:
        # from the sequence, so that other tools that insert do not meet our ids
        fresh = (
            "ARRAY(SELECT nextval(pg_get_serial_sequence('casbin_rule', 'id')) "
            "FROM generate_series(1, :count))"
        )
    return text(
        f"SELECT {clock}, time, digest, {fresh} FROM oikeus_head "  # noqa: S608 # ours
        "LEFT JOIN oikeus_version ON number = :number"
    )


def _last_digest(rows: Iterable[Row], before: str) -> str:
    """The digest of the last row; the one before the first where there is none."""
    for *_, digest in rows:
        before = str(digest)
    return before


def _version_row(
    number: int, begun: _Beginning, change: Change, difference: Difference
) -> dict[str, Field]:
    """The row of the version, not yet chained."""
    return {
        "number": number,
        "time": begun.time,
        "actor": change.actor,
        "origin": change.origin,
        "message": change.message,
        "model": difference.model,
        "catalogue": difference.catalogue,
        "invariants": difference.invariants,
        "granter": change.granter,
        "power": change.power,
        "git_commit": change.git_commit,
        "approval": change.approval,
        "previous": begun.parent,
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
    return chained(before, [row], step_form)


def _token_step(number: int, difference: Difference, before: str) -> Iterator[Row]:
    """The row of `oikeus_token`, chained; none where no step is taken."""
    step = difference.token
    if step is None:
        return iter(())
    row = (
        number,
        # a new one is numbered as its version
        step.token or number,
        step.state.value,
        step.subject,
        joined(step.scopes),
        joined(step.organisations),
        step.last_day.isoformat(),
        step.label,
        step.secret_digest,
    )
    return chained(before, [row], step_form)


def _id(named: tuple[str, object]) -> str:
    return named[0]
