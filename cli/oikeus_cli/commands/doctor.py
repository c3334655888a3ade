"""`doctor`: whether everything that decisions stand on is as it should be."""

from __future__ import annotations

import platform
from typing import Any

import click

import oikeus

from ..context import Exit, Settings, example, global_options
from ..output import result, talk, write_json


@click.command(epilog=example("doctor"))
@global_options
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Look whether all that decisions stand on is as it should be.

    Shows the versions of the parts, the database's schema and head, and inert rows.
    Ends with 3 when there are rows in force that decide nothing, and with 1 when the
    database cannot be decided by. Whether the history is as it was written is another
    question: run `oikeus verify`.
    """
    settings = ctx.ensure_object(Settings)
    found: dict[str, Any] = {
        "parts": {"python": platform.python_version()}
        | {name: oikeus.installed(name) or "not installed" for name in oikeus.PARTS}
    }
    failure = _examine(settings, found)
    if settings.json:
        write_json(found)
    else:
        inert = found.get("inert", ())
        facts = {name: found[name] for name in found if name not in ("parts", "inert")}
        for name, value in (found["parts"] | facts).items():
            result(f"{name:20} {value}")
        if not failure:
            result(f"{'inert rows':20} {len(inert)}")
        for row in inert:
            result(f"  {row['line']}: {row['reason']}")
    if failure:
        talk(f"error: {failure}")
        ctx.exit(Exit.ERROR)
    if found["inert"]:
        talk("inert rows decide nothing: remove them, or mend what they name")
        ctx.exit(Exit.NO)


def _examine(settings: Settings, found: dict[str, Any]) -> str:
    """Find out about the database; gives what it fails on, if it does."""
    try:
        with settings.store() as store:
            found["database"] = store.database.place.text
            found["schema"] = store.schema_revision
            found["head"] = store.head()
            snapshot = oikeus.snapshot_of(store.load())
    except oikeus.OikeusError as error:
        return str(error)
    found["inert"] = [
        {"line": str(row.line), "reason": row.reason} for row in snapshot.inert
    ]
    return ""
