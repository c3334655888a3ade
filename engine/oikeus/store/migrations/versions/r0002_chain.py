"""The chain: digests of all that is logged, and a log that is only ever added to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from oikeus.store.chain import (
    GENESIS,
    chained,
    change_form,
    names_form,
    version_digest,
)
from oikeus.store.guards import (
    postgresql_head_statements,
    postgresql_log_statements,
    sqlite_head_guards,
    sqlite_log_guards,
)

revision = "0002"
down_revision = "0001"

_LOG = ("oikeus_version", "oikeus_change", "oikeus_names")

_VERSION = (
    "number, time, actor, origin, message, model, catalogue, "
    "granter, power, git_commit, approval, previous"
)
_CHANGE = (
    "version, position, op, rule, ptype, v0, v1, v2, v3, v4, v5, "
    "source_file, source_line, source_comment"
)
_NAMES = "organisation, version, fi, sv, en"


def upgrade() -> None:
    """Add the columns, fill them for what is there, and then guard the log."""
    for name, kind in (
        ("granter", sa.String(255)),
        ("power", sa.Text),
        ("git_commit", sa.String(255)),
        ("approval", sa.Text),
        ("previous", sa.String(64)),
    ):
        op.add_column("oikeus_version", sa.Column(name, kind))
    for table in _LOG:
        # NULL is possible only because SQLite adds no column without it
        op.add_column(table, sa.Column("digest", sa.String(64)))
    connection = op.get_bind()
    _fill(connection)
    if connection.dialect.name == "sqlite":
        guards = sqlite_log_guards(*_LOG) | sqlite_head_guards()
        statements = [str(guard.form[0]) for guard in guards.values()]
    else:
        statements = [*postgresql_head_statements(), *postgresql_log_statements(*_LOG)]
    for statement in statements:
        connection.exec_driver_sql(statement)


def _fill(connection: sa.Connection) -> None:
    """Chain the versions there are, as if each had been when it was made."""
    before = GENESIS
    numbers = sa.text("SELECT number FROM oikeus_version ORDER BY number")
    for number in connection.scalars(numbers).all():
        rows = _fill_rows(connection, number, before)
        connection.execute(
            sa.text("UPDATE oikeus_version SET previous = :previous WHERE number = :n"),
            {"previous": before, "n": number},
        )
        row = sa.text(f"SELECT {_VERSION} FROM oikeus_version WHERE number = :n")  # noqa: S608
        columns = connection.execute(row, {"n": number}).mappings().one()
        before = version_digest(dict(columns), rows)
        connection.execute(
            sa.text("UPDATE oikeus_version SET digest = :digest WHERE number = :n"),
            {"digest": before, "n": number},
        )


def _fill_rows(connection: sa.Connection, number: int, before: str) -> str:
    """Chain the rows of a version; gives the digest of the last one."""
    changes = _rows(connection, f"SELECT {_CHANGE} FROM oikeus_change", number)  # noqa: S608
    changes.sort(key=lambda row: row[1])
    names = _rows(connection, f"SELECT {_NAMES} FROM oikeus_names", number)  # noqa: S608
    names.sort(key=lambda row: row[0])
    for *row, digest in chained(before, changes, change_form):
        before = str(digest)
        connection.execute(
            sa.text(
                "UPDATE oikeus_change SET digest = :digest "
                "WHERE version = :version AND position = :position"
            ),
            {"digest": before, "version": number, "position": row[1]},
        )
    for *row, digest in chained(before, names, names_form):
        before = str(digest)
        connection.execute(
            sa.text(
                "UPDATE oikeus_names SET digest = :digest "
                "WHERE version = :version AND organisation = :organisation"
            ),
            {"digest": before, "version": number, "organisation": row[0]},
        )
    return before


def _rows(connection: sa.Connection, statement: str, number: int) -> list[Any]:
    of_it = sa.text(f"{statement} WHERE version = :number")
    return [tuple(row) for row in connection.execute(of_it, {"number": number})]
