"""`db`: the schema of the database."""

from __future__ import annotations

import click

import oikeus

from ..context import Settings, actor, example, global_options
from ..output import can_ask, result, talk, write_json


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


@db.command(epilog=example("db accept --message 'restored from last night' --yes"))
@click.option("--message", default="", help="Why, for the history.")
@click.option("--yes", is_flag=True, help="Go on without asking.")
@global_options
@click.pass_obj
def accept(settings: Settings, message: str, yes: bool) -> None:
    """Accept the history of a database that was restored from a backup.

    Whoever decided by versions that it does not hold takes it in from then on, instead
    of deciding by those and not being ready. It is a version that changes no line.
    """
    with settings.store() as store:
        head = store.head_mark()
        if head.number:
            last = store.version(head.number)
            talk(f"the history ends with version {head.number} of {last.time}")
            talk(f"its digest: {head.digest}")
        if not yes:
            if not can_ask():
                text = "nobody can be asked here, nothing was changed: expected --yes"
                raise oikeus.StoreError(text)
            click.confirm("have every node take it in?", abort=True, err=True)
        version = oikeus.accept_history(store, head, actor=actor(), message=message)
    if settings.json:
        write_json({"version": version})
    else:
        result(f"version {version}: the history is accepted")
