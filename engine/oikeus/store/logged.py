"""The log as it stands, row by row in the order of the chain, for who checks it.

Each change comes with the text that its digest is made over, but for the digest before
it, and with whether `casbin_rule` holds its line in its row now. SQLite can write that
text itself, in a third of the time that Python needs. It may spell something otherwise,
or fail on what is no text; so only what it finds right is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from ..canonical import canonical
from .tables import LINE, SOURCE, application, casbin_rule, head, names, token, version

_FETCHED = 5_000

_FORM = ", ".join(
    f"change.{name}" for name in ("position", "op", "rule", *LINE, *SOURCE)
)
_CHANGES = (
    "SELECT change.version, change.digest, {held}, "  # names
    "change.position, change.op, change.rule, {form} FROM oikeus_change AS change "
    # LEFT: of a line that left, casbin_rule has no row
    "LEFT JOIN casbin_rule AS rule ON rule.id = change.rule "
    "ORDER BY change.version, change.position"
)


class Logged(NamedTuple):
    """A row of `oikeus_change`; any value may stand there, whatever the column is for.

    Attributes:
        version: its number.
        digest: as it stands in the row.
        held: whether `casbin_rule` has the same line in the row `rule`.
        position: within the version.
        op: what was done.
        rule: the id of the row in `casbin_rule`.
        spelt: the canonical list `[position, op, rule, ptype, …]`; nothing where a
            value is neither text nor a whole number.
    """

    version: Any
    digest: Any
    held: Any
    position: Any
    op: Any
    rule: Any
    spelt: Any


def changes_spelt_by_sqlite(connection: Connection) -> Iterator[Logged]:
    """All changes as SQLite spells them; the driver raises on what is no text."""
    driver: Any = connection.connection.driver_connection
    # the driver's rows: to make a `Logged` of each would take as long as its digest
    rows: Iterator[Logged] = driver.execute(_statement("IS", f"json_array({_FORM})"))
    return rows


def changes_spelt_here(connection: Connection) -> Iterator[Logged]:
    """All changes, spelt as the chain had them when they were written."""
    same = "IS" if connection.dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    streamed = connection.execution_options(yield_per=_FETCHED)
    rows = streamed.exec_driver_sql(_statement(same, _FORM))
    for of_it, digest, held, position, op, rule, *form in rows:
        spelt = canonical(form) if is_plain(form) else None
        yield Logged(of_it, digest, held, position, op, rule, spelt)


def is_plain(values: Iterable[object]) -> bool:
    """Whether a row of the log can hold these values: text, whole numbers and NULL."""
    # exactly: what stands for bytes that are no text is a `str` of its own class
    return all(value is None or type(value) in (str, int) for value in values)


def versions_logged(connection: Connection) -> Iterator[dict[str, Any]]:
    """All rows of `oikeus_version` by their numbers."""
    found = select(version).order_by(version.c.number)
    rows = connection.execute(found.execution_options(yield_per=_FETCHED))
    return (dict(row) for row in rows.mappings())


def names_logged(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """All rows of `oikeus_names`: version, digest, organisation, fi, sv and en."""
    key: Any = names.c.organisation
    if connection.dialect.name != "sqlite":
        # by the bytes of UTF-8, as SQLite has it by itself
        key = key.collate("C")
    columns = ("version", "digest", "organisation", "fi", "sv", "en")
    found = select(*(names.c[name] for name in columns)).order_by(names.c.version, key)
    rows = connection.execute(found.execution_options(yield_per=_FETCHED))
    return (tuple(row) for row in rows)


def steps_logged(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """All rows of `oikeus_application`, each with its digest after its version."""
    return _steps_of(connection, application)


def token_steps_logged(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """All rows of `oikeus_token`, each with its digest after its version."""
    return _steps_of(connection, token)


def _steps_of(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    columns = [column for column in table.c if column.name != "digest"]
    columns.insert(1, table.c.digest)
    found = select(*columns).order_by(table.c.version)
    rows = connection.execute(found.execution_options(yield_per=_FETCHED))
    return (tuple(row) for row in rows)


def heads_logged(connection: Connection) -> list[Any]:
    """What `oikeus_head` holds: one number, unless somebody changed that."""
    return list(connection.scalars(select(head.c.version)))


def count_in_force(connection: Connection) -> int:
    """How many rows `casbin_rule` has."""
    found = connection.exec_driver_sql(f"SELECT count(*) FROM {_rules(connection)}")  # noqa: S608
    return int(found.scalar_one())


def rules_in_force(connection: Connection) -> Iterator[Any]:
    """The ids of the rows of `casbin_rule`."""
    streamed = connection.execution_options(yield_per=_FETCHED)
    statement = f"SELECT id FROM {_rules(connection)} ORDER BY id"  # noqa: S608
    return iter(streamed.exec_driver_sql(statement).scalars())


def _rules(connection: Connection) -> str:
    """The table itself: an index can be made to lack rows of it."""
    only = " NOT INDEXED" if connection.dialect.name == "sqlite" else ""
    return f"{casbin_rule.name}{only}"


def _statement(same: str, form: str) -> str:
    # the longer name is known to SQLite from 3.39 on only
    # byte by byte, whatever collation somebody gave the table
    binary = "BINARY" if same == "IS" else '"C"'
    held = " AND ".join(
        f"rule.{name} COLLATE {binary} {same} change.{name}" for name in LINE
    )
    return _CHANGES.format(held=f"rule.id IS NOT NULL AND {held}", form=form)
