"""What is in force, or was: the lines, the texts and the names, at one version."""

from __future__ import annotations

from types import MappingProxyType

from sqlalchemy import Column, ColumnElement, Connection, and_, func, select

from ..errors import StoreError, TamperedError
from ..terms import Names
from .asking import Ask, asking
from .astray import check_explained
from .lines import stored_lines
from .past import check_number
from .tables import head, names, version
from .values import Contents, Mark

NO_HEAD = "the table oikeus_head is empty, expected the number of a version"

_HEAD = select(head.c.version)
_LOCKED_HEAD = _HEAD.with_for_update()
_LAST = select(head.c.version, version.c.digest, version.c.time).select_from(
    head.outerjoin(version, version.c.number == head.c.version)
)


def contents_of(connection: Connection, number: int | None = None) -> Contents:
    """All that is in force; one view of it when the transaction gives one.

    Args:
        connection: in a transaction.
        number: of an earlier version, for all that was in force at that one.

    Raises:
        StoreError: the head is missing, or there is no version of that number.
        TamperedError: an earlier version is asked for, and what is in force is not what
            the log says.
    """
    if number is not None:
        check_explained(connection)
    found = stored_lines(connection, number=number)
    return Contents(
        version=mark_at(connection, number).number,
        model=text_at(connection, "model", number),
        catalogue=text_at(connection, "catalogue", number),
        lines=tuple(stored.line for stored in found),
        names=MappingProxyType(names_at(connection, number)),
        invariants=text_at(connection, "invariants", number) or "",
    )


def head_of(connection: Connection, *, lock: bool = False) -> int:
    """The number of the last version.

    Args:
        connection: in a transaction.
        lock: let no other writer in until the transaction ends.

    Raises:
        StoreError: the head is missing.
    """
    for (number,) in asking(connection)(_LOCKED_HEAD if lock else _HEAD):
        return int(number)
    raise StoreError(NO_HEAD)


def mark_of(ask: Ask) -> Mark:
    """What tells the last version from any other, of this database or another.

    Raises:
        StoreError: the head is missing.
    """
    for number, digest, time in ask(_LAST):
        return Mark(number, digest or "", time or "")
    raise StoreError(NO_HEAD)


def mark_at(connection: Connection, number: int | None) -> Mark:
    """What tells a version from any other; the head where no number is given.

    Raises:
        StoreError: the head is missing, or there is no version of that number.
        TamperedError: an earlier version is asked for, and what is in force is not what
            the log says.
    """
    if number is None:
        return mark_of(asking(connection))
    at = version.c.number == check_number(number)
    for digest, time in connection.execute(
        select(version.c.digest, version.c.time).where(at)
    ):
        return Mark(number, digest or "", time)
    message = f"there is no version {number}, expected one of `oikeus log`"
    raise StoreError(message)


def text_at(connection: Connection, name: str, number: int | None = None) -> str | None:
    """A text of the policy, from the last version that had brought one.

    Raises:
        TamperedError: something else than text stands in its place.
    """
    brought: Column[str] = version.c[name]
    newest = version.c.number.desc()
    there: list[ColumnElement[bool]] = [brought.is_not(None)]
    if number is not None:
        there.append(version.c.number <= number)
    found: object = connection.scalar(
        select(brought).where(*there).order_by(newest).limit(1)
    )
    # exactly: what stands for bytes that are no text is a `str` of its own class
    if found is None or type(found) is str:
        return found
    message = f"what stands as the {name} in force is no text, run `oikeus verify`"
    raise TamperedError(message)


def names_at(connection: Connection, number: int | None = None) -> dict[str, Names]:
    """What each organisation is called, by its id; or was, at an earlier version."""
    brought = select(names.c.organisation, func.max(names.c.version).label("version"))
    if number is not None:
        brought = brought.where(names.c.version <= number)
    last = brought.group_by(names.c.organisation).subquery()
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
