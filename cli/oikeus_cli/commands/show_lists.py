"""`show grants` and `show organisations`: of a database, or of a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

import oikeus

from ..context import Settings, example
from ..options import service_options
from ..output import table, talk, write_json
from ..parameters import shown_as_of_option
from ..unknown import unknown_to
from ..views import bare_role


def write_rows(
    settings: Settings,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    nothing: str = "none",
) -> None:
    """Write a table for people, or objects for programs; or that there is nothing."""
    if settings.json:
        write_json([dict(zip(headings, row, strict=True)) for row in rows])
    elif rows:
        table(headings, rows)
    else:
        talk(nothing)


@click.command(epilog=example("show organisations"))
@shown_as_of_option
@service_options
@click.pass_obj
def organisations(settings: Settings, as_of: oikeus.Moment | None) -> None:
    """Show the tree of organisations.

    With their names, levels, transfer mode and status; the last two are inherited. At a
    service: those at which the token's subject holds a role, and all below; with the
    scope `audit`, all that the token reaches.
    """
    with settings.asking(as_of) as point:
        if isinstance(point, oikeus.RemotePoint):
            found = point.administration.organisations()
        else:
            found = oikeus.list_organisations(point.snapshot)
    rows = [
        (
            each.id if settings.json else f"{'  ' * depth}{each.id}",
            each.name,
            ", ".join(each.levels),
            ", ".join(each.modes),
            ", ".join(each.statuses) or "active",
        )
        for depth, each in _in_tree_order(found)
    ]
    headings = ("organisation", "name", "levels", "mode", "status")
    write_rows(settings, headings, rows)


def _in_tree_order(
    found: Sequence[oikeus.ListedOrganisation],
) -> Iterator[tuple[int, oikeus.ListedOrganisation]]:
    """Each organisation directly followed by those below it, with how deep it is."""
    children: dict[str, list[oikeus.ListedOrganisation]] = {}
    for each in sorted(found, key=_id, reverse=True):
        for parent in each.parents:
            children.setdefault(parent, []).append(each)
    left = {each.id: each for each in found}
    tops = [each for each in found if not each.parents]
    # where lines lead in a circle there is no top
    for top in (*tops, *found):
        stack = [(0, top)]
        while stack:
            depth, each = stack.pop()
            if left.pop(each.id, None) is not None:
                yield depth, each
                stack += [(depth + 1, below) for below in children.get(each.id, ())]


def _id(listed: oikeus.ListedOrganisation) -> str:
    return listed.id


@click.command(epilog=example("show grants --organisation 1.2.246.562.10.90100000000"))
@click.option("--subject", help="Only this subject's.")
@click.option("--role", help="Only of this role.")
@click.option("--organisation", help="Only at this organisation or below it.")
@shown_as_of_option
@service_options
@click.pass_obj
def grants(
    settings: Settings,
    subject: str | None,
    role: str | None,
    organisation: str | None,
    as_of: oikeus.Moment | None,
) -> None:
    """Show who holds what, and where.

    From when until when, and whether it decides: inert and blocked ones are noted. At a
    service: those that have not ended and are the token's subject's own, or that this
    subject could revoke; with the scope `audit`, all that the token reaches.
    """
    with settings.asking(as_of) as point:
        if isinstance(point, oikeus.RemotePoint):
            found = point.administration.grants(
                subject=subject, role=role, organisation=organisation
            )
        else:
            found = oikeus.list_grants(
                point.snapshot, subject=subject, role=role, organisation=organisation
            )
        why = unknown_to(point, role=role, organisation=organisation)
    if why:
        raise oikeus.OikeusError(*why)
    headings = ("subject", "role", "organisation", "from", "until", "note")
    wanted = {"subject": subject, "role": role, "organisation": organisation}
    looked_for = [f"{name} `{value}`" for name, value in wanted.items() if value]
    nothing = " with ".join(("none", *([", ".join(looked_for)] if looked_for else [])))
    write_rows(settings, headings, [*map(_row, found)], nothing=nothing)


def _row(listed: oikeus.ListedGrant) -> tuple[str, ...]:
    grant, notes = listed.grant, []
    if listed.is_blocked:
        notes.append("blocked")
    if listed.inert is not None:
        notes.append(f"inert: {listed.inert}")
    return (
        grant.subject,
        bare_role(grant.role),
        grant.organisation,
        grant.span.first.isoformat(),
        grant.span.last.isoformat(),
        "; ".join(notes),
    )
