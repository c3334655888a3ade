"""`restore`: the lines in force become those of the log again."""

from __future__ import annotations

import click

import oikeus

from ..context import Settings, actor, example, global_options
from ..output import can_ask, result, talk, working, write_json


@click.command(epilog=example("restore --message 'ticket 1234' --yes"))
@click.option("--message", default="", help="Why, for the history.")
@click.option("--yes", is_flag=True, help="Go on without asking.")
@global_options
@click.pass_obj
def restore(settings: Settings, message: str, yes: bool) -> None:
    """Make the lines in force what the log says.

    For a database that was written past the log, as `oikeus verify` finds it. Lines
    that no version brought go, and those that are missing come back: grants as well as
    rules. It is a version of its own, which tells what was found.
    """
    with settings.store() as store:
        with working("holding the lines in force against the log"):
            found = oikeus.find_astray(store)
        for sign, lines in (("-", found.extra), ("+", found.missing)):
            for line in lines:
                talk(f"{sign} {line}")
        if found and not yes:
            if not can_ask():
                text = "nobody can be asked here, nothing was changed: expected --yes"
                raise oikeus.StoreError(text)
            click.confirm("carry it out?", abort=True, err=True)
        version = oikeus.restore(store, found, actor=actor(), message=message)
    removed, added = len(found.extra), len(found.missing)
    if settings.json:
        view = {"version": version, "removed": removed, "added": added}
        write_json(view | {"changed": version is not None})
    elif version is None:
        result("no change: the lines in force are those of the log")
    else:
        result(f"version {version}: {removed} removed, {added} added again")
