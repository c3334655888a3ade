"""`grant`, `renew` and `revoke`: rights that people pass on, on the power they hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

import oikeus

from ..acting import acting
from ..context import Command, Settings, example
from ..options import as_option, granter_option, service_options
from ..output import result, talk, write_json
from ..parameters import Day, reason_option
from ..views import bare_role, grant_view, line_view

_SUBJECT = "person:1.2.246.562.24.90100000077"
_HOLDER = "person:1.2.246.562.24.90100000013"
_SCHOOL = "1.2.246.562.10.90101000000"
_GRANTER = "person:1.2.246.562.24.90100000012"

_subject = click.argument("subject")
_role = click.argument("role")
_organisation = click.argument("organisation")


def _until(text: str) -> Callable[[Command], Command]:
    return click.option("--until", "last", type=Day(), help=text)


@click.command(
    epilog=example(f"grant {_SUBJECT} ehoks-kayttaja {_SCHOOL}", f"--as {_GRANTER}")
)
@_subject
@_role
@_organisation
@as_option
@click.option("--from", "first", type=Day(), help="The first day; today by default.")
@_until("The last day; as the catalogue has it by default.")
@reason_option
@service_options
@click.pass_obj
def grant(
    settings: Settings,
    subject: str,
    role: str,
    organisation: str,
    granter: str | None,
    first: date | None,
    last: date | None,
    reason: str,
) -> None:
    """Give SUBJECT the ROLE at ORGANISATION.

    Only what the policy lets the granter give today. An equal right in force is
    renewed. Ends with 3 where it is refused, and says what would be allowed.
    """
    with acting(settings, granter) as acts:
        done = acts.grant(
            subject, role, organisation, first=first, last=last, reason=reason
        )
    say_granted(settings, done)


@click.command(
    epilog=example(f"renew {_SUBJECT} ehoks-kayttaja {_SCHOOL}", f"--as {_GRANTER}")
)
@_subject
@_role
@_organisation
@as_option
@_until("The new last day; as of a grant that begins today by default.")
@reason_option
@service_options
@click.pass_obj
def renew(
    settings: Settings,
    subject: str,
    role: str,
    organisation: str,
    granter: str | None,
    last: date | None,
    reason: str,
) -> None:
    """Give a grant that has not ended another last day.

    It is judged as a new grant, and begins today where the old one had begun.
    """
    with acting(settings, granter) as acts:
        done = acts.renew(subject, role, organisation, last=last, reason=reason)
    say_granted(settings, done)


@click.command(
    epilog=example(f"revoke {_HOLDER} ehoks-kayttaja {_SCHOOL}", f"--as {_GRANTER}")
)
@_subject
@_role
@_organisation
@granter_option("On whose power; the owner's act without it. Not with --server.")
@reason_option
@service_options
@click.pass_obj
def revoke(
    settings: Settings,
    subject: str,
    role: str,
    organisation: str,
    granter: str | None,
    reason: str,
) -> None:
    """Take ROLE at ORGANISATION from SUBJECT at once.

    It takes the power to grant the role there, whatever level, transfer mode and
    status the organisation has by now. SUBJECT may give it up: --as SUBJECT. Without
    --as it is the owner's act, with a --reason: some rights are in nobody's power.
    """
    with acting(settings, granter) as acts:
        done = acts.revoke(subject, role, organisation, reason=reason)
    say_revoked(settings, done)


def say_revoked(settings: Settings, done: oikeus.Revoked) -> None:
    """Say what is gone, and what will say it again."""
    for warning in done.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        write_json(
            {
                "version": done.version,
                "revoked": [grant_view(grant) for grant in done.grants],
                "power": line_view(done.power),
                "warnings": list(done.warnings),
            }
        )
        return
    for gone in done.grants:
        result(f"version {done.version}: revoked {_text(gone, 'from')}")


def say_granted(settings: Settings, done: oikeus.Granted) -> None:
    """Say what was granted, and what that took the place of."""
    for warning in done.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        write_json(
            {
                "version": done.version,
                "changed": done.changed,
                "granted": grant_view(done.grant),
                "replaced": grant_view(done.replaced),
                "power": line_view(done.power),
                "warnings": list(done.warnings),
            }
        )
    elif not done.changed:
        result(f"no change: {_text(done.grant)} is in force")
    elif done.replaced:
        is_longer = done.grant.span.last > done.replaced.span.last
        done_so = "renewed" if is_longer else "shortened"
        result(
            f"version {done.version}: {done_so} {_text(done.grant)} "
            f"(was until {done.replaced.span.last})"
        )
    else:
        result(f"version {done.version}: granted {_text(done.grant)}")


def _text(grant: oikeus.Grant, whom: str = "to") -> str:
    return (
        f"{bare_role(grant.role)} {whom} {grant.subject} at {grant.organisation}, "
        f"{grant.span.first} until {grant.span.last}"
    )
