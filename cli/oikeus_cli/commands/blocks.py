"""`block` and `unblock`: the emergency stop, the owner's or that of a granter."""

from __future__ import annotations

from contextlib import suppress

import click

import oikeus

from ..context import Settings, actor, example, global_options, reason_option
from ..output import result, talk, write_json

_as = click.option(
    "--as",
    "granter",
    metavar="GRANTER",
    help="On whose power; the owner's act without it.",
)


@click.command(epilog=example("block system:keuda-tiedonsiirto --reason 'key leaked'"))
@click.argument("subject")
@click.option("--reason", required=True, help="Why, for the history.")
@_as
@global_options
@click.pass_obj
def block(settings: Settings, subject: str, reason: str, granter: str | None) -> None:
    """Deny SUBJECT everything from now on.

    Its grants stay as they are, and work again when it is unblocked. It is the owner's
    act; with --as, it takes power over one of the grants that SUBJECT holds.
    """
    if granter is not None:
        with settings.administration() as administration:
            version = administration.block(subject, granter=granter, reason=reason)
        _say(settings, subject, version, "blocked", "is blocked already")
        return
    with settings.store() as store:
        version = oikeus.block(store, subject, reason=reason, actor=actor())
        warn_of_nobody(store, subject)
    _say(settings, subject, version, "blocked", "is blocked already")


@click.command(epilog=example("unblock system:keuda-tiedonsiirto --reason 'new key'"))
@click.argument("subject")
@reason_option
@_as
@global_options
@click.pass_obj
def unblock(settings: Settings, subject: str, reason: str, granter: str | None) -> None:
    """Let the grants of SUBJECT work again.

    With --as, it takes power over every grant that SUBJECT gets back by it.
    """
    if granter is not None:
        with settings.administration() as administration:
            version = administration.unblock(subject, granter=granter, reason=reason)
        _say(settings, subject, version, "no longer blocked", "is not blocked")
        return
    with settings.store() as store:
        version = oikeus.unblock(store, subject, reason=reason, actor=actor())
    _say(settings, subject, version, "no longer blocked", "is not blocked")


def warn_of_nobody(store: oikeus.Store, subject: str) -> None:
    """Say so where the subject holds no grant, as far as that can be read."""
    # what was done is done, and must not look as if it had failed
    with suppress(oikeus.StoreError), store.reading() as reader:
        if not reader.has_grant(subject):
            talk(f"warning: `{subject}` holds no grant: is this the subject you mean?")


def _say(
    settings: Settings, subject: str, version: int | None, done: str, idle: str
) -> None:
    if settings.json:
        write_json({"subject": subject, "version": version, "changed": bool(version)})
    elif version is None:
        result(f"no change: {subject} {idle}")
    else:
        result(f"version {version}: {subject} {done}")
