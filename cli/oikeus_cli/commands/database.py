"""`db`: the schema of the database."""

from __future__ import annotations

import click

import oikeus

from ..context import Settings, example, global_options
from ..output import result, write_json


@click.group(epilog=example("--db postgresql://localhost/oikeus db migrate"))
def db() -> None:
    """Look after the database itself."""


@db.command(epilog=example("--db postgresql://localhost/oikeus db migrate"))
@global_options
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the schema to the form that this program needs."""
    applied = oikeus.Store.migrate(settings.db)
    if settings.json:
        write_json({"applied": list(applied)})
    elif applied:
        result(f"migrated: {', '.join(applied)}")
    else:
        result("no change: the schema is the one that this program needs")
