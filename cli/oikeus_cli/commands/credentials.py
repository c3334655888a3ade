"""`credential create`: registering a data-transfer credential."""

from __future__ import annotations

import click

from ..acting import acting
from ..context import Settings, example
from ..options import as_option, service_options
from ..output import result
from ..parameters import reason_option
from .delegation import say_granted, say_revoked

_EXAMPLE = example(
    "credential create keuda-uusi --at 1.2.246.562.10.90100000000",
    "--as person:1.2.246.562.24.90100000011",
)


@click.group(epilog=_EXAMPLE)
def credential() -> None:
    """Register credentials of systems, and remove them."""


@credential.command(epilog=_EXAMPLE)
@click.argument("name")
@click.option(
    "--at",
    "organisation",
    metavar="ORGANISATION",
    required=True,
    help="Where; it can be granted rights there and below only.",
)
@as_option
@reason_option
@service_options
@click.pass_obj
def create(
    settings: Settings, name: str, organisation: str, granter: str | None, reason: str
) -> None:
    """Register the credential system:NAME at an organisation.

    That gives it no right yet: grant it one next, for which it must be registered.
    """
    with acting(settings, granter) as acts:
        done = acts.create_credential(name, organisation, reason=reason)
    if settings.json:
        say_granted(settings, done)
        return
    registered = done.grant
    result(
        f"version {done.version}: registered {registered.subject} at "
        f"{registered.organisation}, {registered.span.first} until "
        f"{registered.span.last}; it has no right yet"
    )


@credential.command(
    epilog=example(
        "credential remove keuda-vanha --at 1.2.246.562.10.90100000000",
        "--as person:1.2.246.562.24.90100000011",
    )
)
@click.argument("name")
@click.option(
    "--at",
    "organisation",
    metavar="ORGANISATION",
    required=True,
    help="Where it is registered.",
)
@as_option
@reason_option
@service_options
@click.pass_obj
def remove(
    settings: Settings, name: str, organisation: str, granter: str | None, reason: str
) -> None:
    """Remove the credential system:NAME from an organisation.

    Its rights are revoked before that. The name can be used again then.
    """
    with acting(settings, granter) as acts:
        done = acts.remove_credential(name, organisation, reason=reason)
    say_revoked(settings, done)
