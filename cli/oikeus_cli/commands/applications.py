"""`request`, `requests`, `approve`, `reject` and `withdraw`: applying for roles."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

import oikeus

from ..acting import acting
from ..context import Settings, example
from ..options import as_applicant_option, as_option, service_options
from ..output import listing, result, talk, write_json
from ..parameters import Day, reason_option
from ..version_views import local_time
from ..views import bare_role, grant_view, line_view

_APPLICANT = "person:1.2.246.562.24.90100000077"
_APPROVER = "person:1.2.246.562.24.90100000012"
_SCHOOL = "1.2.246.562.10.90101000000"
_LISTED = (
    *("id", "subject", "role", "organisation", "state"),
    *("requested", "until", "decided by", "reason"),
)

_id = click.argument("application", metavar="ID", type=click.IntRange(1))


@click.command(
    epilog=example(f"request ehoks-kayttaja {_SCHOOL}", f"--as {_APPLICANT}")
)
@click.argument("role")
@click.argument("organisation")
@as_applicant_option
@reason_option
@service_options
@click.pass_obj
def request(
    settings: Settings, role: str, organisation: str, granter: str | None, reason: str
) -> None:
    """Apply for ROLE at ORGANISATION.

    Whoever has the power to grant it decides. Ends with 3 where nobody could grant it
    as things are, and says why.
    """
    with acting(settings, granter) as acts:
        made = acts.request(role, organisation, reason=reason)
    found = made.application
    if settings.json:
        more = {"granters": list(made.granters), "apply_to": made.apply_to}
        write_json(_view(found) | more)
        return
    result(
        f"version {found.id}: application {found.id} of {found.subject} for "
        f"{_wish(found)}, open until {found.until}"
    )
    result(f"  granters  {', '.join(made.granters)}")
    if made.apply_to:
        result(f"  contact   {made.apply_to}")


@click.command(epilog=example(f"requests --to {_APPROVER}"))
@click.option("--to", metavar="APPROVER", help="Open, and this subject can decide.")
@click.option("--by", metavar="SUBJECT", help="Those of this subject.")
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in oikeus.ApplicationState]),
    multiple=True,
    help="Those in this state; can be given again.",
)
@service_options
@click.pass_obj
def requests(
    settings: Settings, to: str | None, by: str | None, states: tuple[str, ...]
) -> None:
    """List the applications there are, the oldest first.

    Names people: it is for the owner, and for approvers and applicants of their own.
    """
    wanted = [oikeus.ApplicationState(state) for state in states] or None
    with acting(settings) as acts:
        found = acts.applications(to=to, by=by, states=wanted)
    if settings.json:
        write_json([_view(application) for application in found])
    else:
        listing(_LISTED, map(_row, found))


@click.command(epilog=example(f"approve 5 --as {_APPROVER}"))
@_id
@as_option
@click.option("--from", "first", type=Day(), help="The first day; today by default.")
@click.option(
    "--until", "last", type=Day(), help="The last day; as the catalogue has it."
)
@reason_option
@service_options
@click.pass_obj
def approve(
    settings: Settings,
    application: int,
    granter: str | None,
    first: date | None,
    last: date | None,
    reason: str,
) -> None:
    """Grant what the application ID asks for.

    It is a grant, and passes every rule of granting on this day. Ends with 3 where it
    is refused; then the application stays as it is.
    """
    with acting(settings, granter) as acts:
        done = acts.approve(application, first=first, last=last, reason=reason)
    granted = done.granted
    for warning in granted.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        more = {
            "granted": grant_view(granted.grant),
            "replaced": grant_view(granted.replaced),
            "power": line_view(granted.power),
            "warnings": list(granted.warnings),
        }
        write_json(_view(done.application) | more)
        return
    span = granted.grant.span
    result(
        f"{_decided(done.application)}: {_wish(done.application)}, {span.first} until "
        f"{span.last}"
    )


@click.command(
    epilog=example(f"reject 5 --as {_APPROVER}", "--reason 'not at this school'")
)
@_id
@as_option
@click.option("--reason", required=True, help="Why, for the applicant.")
@service_options
@click.pass_obj
def reject(
    settings: Settings, application: int, granter: str | None, reason: str
) -> None:
    """Refuse what the application ID asks for.

    It takes the power to grant the role there, whatever level, transfer mode and
    status the organisation has by now.
    """
    with acting(settings, granter) as acts:
        done = acts.reject(application, reason=reason)
    _say(settings, done)


@click.command(epilog=example(f"withdraw 5 --as {_APPLICANT}"))
@_id
@as_applicant_option
@reason_option
@service_options
@click.pass_obj
def withdraw(
    settings: Settings, application: int, granter: str | None, reason: str
) -> None:
    """Take back the application ID, which is one's own."""
    with acting(settings, granter) as acts:
        done = acts.withdraw(application, reason=reason)
    _say(settings, done)


def _say(settings: Settings, done: oikeus.Application) -> None:
    if settings.json:
        write_json(_view(done))
    else:
        result(f"{_decided(done)}: {_wish(done)}")


def _wish(found: oikeus.Application) -> str:
    return f"{bare_role(found.role)} at {found.organisation}"


def _decided(found: oikeus.Application) -> str:
    return (
        f"version {found.version}: application {found.id} of {found.subject} "
        f"{found.state.value}"
    )


def _view(found: oikeus.Application) -> dict[str, Any]:
    """An application for programs; times as the log has them, in UTC."""
    return {
        "id": found.id,
        "subject": found.subject,
        "role": bare_role(found.role),
        "organisation": found.organisation,
        "state": found.state.value,
        "requested": found.requested,
        "until": found.until.isoformat(),
        "reason": found.reason,
        "decided": found.decided,
        "decided_by": found.decided_by,
        "decision": found.decision,
        "version": found.version,
    }


def _row(found: oikeus.Application) -> tuple[str, ...]:
    reasons = (found.reason, found.decision)
    return (
        str(found.id),
        found.subject,
        bare_role(found.role),
        found.organisation,
        found.state.value,
        local_time(found.requested),
        found.until.isoformat(),
        found.decided_by or "",
        " / ".join(filter(None, reasons)),
    )
