"""`paths`: how somebody could come to hold a role."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

import oikeus

from ..context import Exit, Settings, example, global_options
from ..keeping import chain_view, counted
from ..output import result, write_json
from ..parameters import at_option
from ..views import bare_role

_HINT = "expected ROLE@ORGANISATION, such as ehoks-kayttaja@1.2.246.562.10.90101000000"


@click.command(
    epilog=example("paths --to ehoks-kayttaja@1.2.246.562.10.90101000000 --most 2")
)
@click.option("--to", "goal", required=True, metavar="ROLE@ORGANISATION", help=_HINT)
@click.option(
    "--from",
    "start",
    metavar="SUBJECT|ROLE",
    help="Only from the rights of this subject, or of the holders of this role.",
)
@click.option(
    "--most",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="How many ways are told.",
)
@at_option
@global_options
@click.pass_context
def paths(
    ctx: click.Context, goal: str, start: str | None, most: int, at: date | None
) -> None:
    """Say how somebody could come to hold a role at an organisation.

    By acts that the policy allows, of any number of people who work together, from
    the rights in force: the shortest ways first, each with the people that it takes.
    Blocks are left out of account, since they can be lifted. Ends with 3 where there
    is no way. Names people: it is for the owner.
    """
    settings = ctx.ensure_object(Settings)
    role, at_sign, organisation = goal.partition("@")
    if not (role and at_sign and organisation):
        message = f"`{goal}` is no goal, {_HINT}"
        raise click.UsageError(message)
    with settings.point() as point:
        day = at or point.today()
        found = oikeus.find_paths(
            point.snapshot, role, organisation, day, start=start, most=most
        )
        snapshot = point.snapshot
    if settings.json:
        write_json(_view(found))
    elif not found.chains:
        result(f"nobody can come to hold {bare_role(found.role)} there")
    else:
        for number, chain in enumerate(found.chains, 1):
            for text in _told(snapshot, number, chain):
                result(text)
    ctx.exit(Exit.YES if found.chains else Exit.NO)


def _told(snapshot: oikeus.Snapshot, number: int, chain: oikeus.Chain) -> list[str]:
    if not chain.links:
        return [f"{number}. {text}" for text in oikeus.tell_chain(snapshot, chain)]
    told = [f"   {text}" for text in oikeus.tell_chain(snapshot, chain)]
    return [f"{number}. {counted(chain)}", *told]


def _view(found: oikeus.Paths) -> dict[str, Any]:
    return {
        "role": bare_role(found.role),
        "organisation": found.organisation,
        "at": found.day.isoformat(),
        "paths": [chain_view(chain) for chain in found.chains],
    }
