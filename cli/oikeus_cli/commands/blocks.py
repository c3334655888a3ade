"""`block` and `unblock`: the emergency stop, the owner's or that of a granter."""

from __future__ import annotations

import click

from ..acting import acting
from ..context import Settings, example
from ..options import granter_option, service_options
from ..output import result, write_json
from ..parameters import reason_option

_as = granter_option("On whose power; the owner's act without it. Not with --server.")


@click.command(epilog=example("block system:keuda-tiedonsiirto --reason 'key leaked'"))
@click.argument("subject")
@click.option("--reason", required=True, help="Why, for the history.")
@_as
@service_options
@click.pass_obj
def block(settings: Settings, subject: str, reason: str, granter: str | None) -> None:
    """Deny SUBJECT everything from now on.

    Its grants stay as they are, and work again when it is unblocked. It is the owner's
    act; with --as, it takes power over one of the grants that SUBJECT holds.
    """
    with acting(settings, granter) as acts:
        version = acts.block(subject, reason=reason)
    _say(settings, subject, version, "blocked", "is blocked already")


@click.command(epilog=example("unblock system:keuda-tiedonsiirto --reason 'new key'"))
@click.argument("subject")
@reason_option
@_as
@service_options
@click.pass_obj
def unblock(settings: Settings, subject: str, reason: str, granter: str | None) -> None:
    """Let the grants of SUBJECT work again.

    With --as, it takes standing above every grant that SUBJECT gets back by it.
    """
    with acting(settings, granter) as acts:
        version = acts.unblock(subject, reason=reason)
    _say(settings, subject, version, "no longer blocked", "is not blocked")


def _say(
    settings: Settings, subject: str, version: int | None, done: str, idle: str
) -> None:
    if settings.json:
        write_json({"subject": subject, "version": version, "changed": bool(version)})
    elif version is None:
        result(f"no change: {subject} {idle}")
    else:
        result(f"version {version}: {subject} {done}")
