"""What is in force: the lines, the texts and the names, and at which version."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from sqlalchemy import Column, Connection, and_, func, select

from ..errors import StoreError
from ..terms import Names
from .asking import Ask
from .lines import stored_lines
from .tables import head, names, version
from .values import Contents, Mark

NO_HEAD = "the table oikeus_head is empty, expected the number of a version"

MARKED = ("time", "actor", "message")
"""What tells a version from any other of its number."""

_LAST = select(head.c.version, *(version.c[name] for name in MARKED)).select_from(
    head.outerjoin(version, version.c.number == head.c.version)
)


def contents_of(connection: Connection) -> Contents:
    """All that is in force; one view of it when the transaction gives one.

    Raises:
        StoreError: the head is missing.
    """
    return Contents(
        version=head_of(connection),
        model=present_text(connection, "model"),
        catalogue=present_text(connection, "catalogue"),
        lines=tuple(stored.line for stored in stored_lines(connection)),
        names=MappingProxyType(present_names(connection)),
    )


def head_of(connection: Connection, *, lock: bool = False) -> int:
    """The number of the last version.

    Args:
        connection: in a transaction.
        lock: let no other writer in until the transaction ends.

    Raises:
        StoreError: the head is missing.
    """
    statement = select(head.c.version)
    number: int | None = connection.scalar(
        statement.with_for_update() if lock else statement
    )
    if number is None:
        raise StoreError(NO_HEAD)
    return number


def mark_of(ask: Ask) -> Mark:
    """What tells the last version from any other, of this database or another.

    Raises:
        StoreError: the head is missing.
    """
    for number, *version_row in ask(_LAST):
        return mark_with(number, version_row)
    raise StoreError(NO_HEAD)


def mark_with(number: int, row: Sequence[str | None]) -> Mark:
    """The mark of a version with this time, actor and message; NULL when it is none."""
    return Mark(number, *(value or "" for value in row))


def present_text(connection: Connection, name: str) -> str | None:
    """The model or the catalogue, from the last version that brought one."""
    brought: Column[str] = version.c[name]
    newest = version.c.number.desc()
    return connection.scalar(
        select(brought).where(brought.is_not(None)).order_by(newest).limit(1)
    )


def present_names(connection: Connection) -> dict[str, Names]:
    """What each organisation is called, by its id."""
    last = (
        select(names.c.organisation, func.max(names.c.version).label("version"))
        .group_by(names.c.organisation)
        .subquery()
    )
    is_last = and_(
        names.c.organisation == last.c.organisation,
        names.c.version == last.c.version,
    )
    rows = connection.execute(
        select(names.c.organisation, names.c.fi, names.c.sv, names.c.en)
        .join(last, is_last)
        .order_by(names.c.organisation)
    )
    return {organisation: Names(fi, sv, en) for organisation, fi, sv, en in rows}
