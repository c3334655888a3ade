"""The schema's revision: what it is, whether this program can use it, how to raise it.

A new SQLite file gets its tables by itself. Every other database is migrated by its
owner, on purpose: the program that serves it may not have the right to.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, inspect, select

from ..errors import StoreError
from . import tables
from .database import Database

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""All schemas there have been, the present one last."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATE = "run `oikeus db migrate`"
_ADVISORY_LOCK = 0x6F696B657573  # "oikeus": migrators of one database take turns

# Alembic keeps the migration that is running in a variable of the process
_one_at_a_time = Lock()


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema, or nothing when there is none of ours."""
    if not inspect(connection).has_table(tables.schema.name):
        return None
    found = connection.scalar(select(tables.schema.c.version_num))
    return None if found is None else str(found)


def check(database: Database, *, create: bool) -> str:
    """Make sure that this program and the database fit each other.

    Args:
        database: as it was opened.
        create: give an SQLite database without any table the present schema.

    Returns:
        the revision of the schema.

    Raises:
        StoreError: no schema, an older or a newer one.
    """
    with database.reading() as connection:
        revision = revision_of(connection)
        empty = not inspect(connection).get_table_names()
    if create and empty and database.is_sqlite:
        migrate(database)
        return REVISIONS[-1]
    if revision != REVISIONS[-1]:
        raise StoreError(_misfit(database, revision))
    return revision


def migrate(database: Database) -> tuple[str, ...]:
    """Raise the schema to the present one, in one transaction.

    Returns:
        the revisions that were missing.

    Raises:
        StoreError: a newer schema, or a `casbin_rule` that no version explains.
    """
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(
                f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"
            )
        before = revision_of(connection)
        if before is not None and before not in REVISIONS:
            raise StoreError(_misfit(database, before))
        if before is None and inspect(connection).has_table(tables.casbin_rule.name):
            message = (
                f"the database `{database.place.text}` has a table casbin_rule that no "
                "version explains, expected a database without it"
            )
            raise StoreError(message)
        missing = REVISIONS[REVISIONS.index(before) + 1 :] if before else REVISIONS
        if missing:
            _upgrade(connection)
    return missing


def _misfit(database: Database, revision: str | None) -> str:
    name = f"the database `{database.place.text}`"
    if revision is None:
        return f"{name} has no tables of oikeus, {_MIGRATE}"
    if revision in REVISIONS:
        return f"{name} has the old schema {revision}, {_MIGRATE}"
    return f"{name} has the newer schema {revision}, upgrade oikeus"


def _upgrade(connection: Connection) -> None:
    # here, because no other command needs it and it takes a while to import
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # a path may hold %, which this option would interpolate
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = tables.schema.name
    with _one_at_a_time:
        command.upgrade(config, "head")
