"""`who-can`, `what-can` and `where-can`: the reverse questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

import oikeus

from ..context import Exit, Settings, example
from ..options import service_options
from ..output import result, talk, write_json
from ..parameters import as_of_option, at_option, attribute_option
from ..unknown import unknown_to
from ..views import places_of


@click.command(
    name="who-can",
    epilog=example("who-can read hoks 1.2.246.562.10.90101000000 --at 2026-11-02"),
)
@click.argument("action")
@click.argument("resource")
@click.argument("organisation")
@attribute_option
@at_option
@as_of_option
@service_options
@click.pass_context
def who_can(
    ctx: click.Context,
    action: str,
    resource: str,
    organisation: str,
    attributes: oikeus.Attributes,
    at: date | None,
    as_of: oikeus.Moment | None,
) -> None:
    """List who may do ACTION on RESOURCE at ORGANISATION.

    Ends with 3 when there are none.
    """
    settings = ctx.ensure_object(Settings)
    with settings.asking(as_of) as point:
        found = point.who_can(action, resource, organisation, at, attributes=attributes)
        why = unknown_to(point, deed=(action, resource), organisation=organisation)
    _answer(ctx, settings, list(found), list(found), ("nobody", *why))


@click.command(
    name="what-can",
    epilog=example("what-can person:1.2.246.562.24.90100000003 --at 2026-11-02"),
)
@click.argument("subject")
@click.argument("organisation", required=False)
@attribute_option
@at_option
@as_of_option
@service_options
@click.pass_context
def what_can(
    ctx: click.Context,
    subject: str,
    organisation: str | None,
    attributes: oikeus.Attributes,
    at: date | None,
    as_of: oikeus.Moment | None,
) -> None:
    """List what SUBJECT may do, at ORGANISATION or anywhere.

    Ends with 3 when that is nothing.
    """
    settings = ctx.ensure_object(Settings)
    with settings.asking(as_of) as point:
        found = point.what_can(subject, organisation, at, attributes=attributes)
        lines = [
            f"{item.action} {item.resource} at {place}"
            for item in found
            for place in places_of(point, item.organisations)
        ]
        why = unknown_to(point, subject=subject, organisation=organisation)
    view = [
        {
            "action": item.action,
            "resource": item.resource,
            "organisations": list(item.organisations),
        }
        for item in found
    ]
    _answer(ctx, settings, lines, view, ("nothing", *why))


@click.command(
    name="where-can",
    epilog=example(
        "where-can person:1.2.246.562.24.90100000003 read hoks", "--at 2026-11-02"
    ),
)
@click.argument("subject")
@click.argument("action")
@click.argument("resource")
@attribute_option
@at_option
@as_of_option
@service_options
@click.pass_context
def where_can(
    ctx: click.Context,
    subject: str,
    action: str,
    resource: str,
    attributes: oikeus.Attributes,
    at: date | None,
    as_of: oikeus.Moment | None,
) -> None:
    """List where SUBJECT may do ACTION on RESOURCE.

    Text names the highest of them and how many stand below; JSON names each. Ends with
    3 when there are none.
    """
    settings = ctx.ensure_object(Settings)
    with settings.asking(as_of) as point:
        found = point.where_can(subject, action, resource, at, attributes=attributes)
        lines = list(places_of(point, found))
        why = unknown_to(point, deed=(action, resource), subject=subject)
    _answer(ctx, settings, lines, list(found), ("nowhere", *why))


def _answer(
    ctx: click.Context,
    settings: Settings,
    lines: Sequence[str],
    view: Sequence[Any],
    nothing: Sequence[str],
) -> None:
    if settings.json:
        write_json(view)
    else:
        for line in lines:
            result(line)
    if not view:
        talk(": ".join(nothing))
    ctx.exit(Exit.YES if view else Exit.NO)
