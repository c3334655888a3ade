"""`token create`, `list` and `revoke`: by what the service knows its callers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

import oikeus

from ..acting import warn_of_nobody
from ..context import Settings, actor, example, global_options
from ..output import (
    check_new,
    listing,
    result,
    talk,
    write_json,
    write_new_file,
)
from ..parameters import Day
from ..version_views import good_for, token_view

_LISTED = ("id", "subject", "scopes", "organisations", "until", "state", "label")
_CREATE = example(
    "token create system:keuda-tiedonsiirto --scope evaluate",
    "--organisation 1.2.246.562.10.90100000000 --label 'the night run'",
)
_LONGEST_ID = 10


class _Id(click.ParamType[int]):
    """The id of a token; another text is not repeated, for it may be the token."""

    name = "ID"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read a number, or end with a usage error."""
        text = str(value)
        if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_ID:
            self.fail("this is no id, expected one of `oikeus token list`", param, ctx)
        return int(text)


@click.group(epilog=_CREATE)
def token() -> None:
    """Create, list and revoke tokens for callers.

    By one a service knows for whom a caller acts. A token gives no right: its bearer
    gets what the policy gives the subject.
    """


@token.command(epilog=_CREATE)
@click.argument("subject")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in oikeus.Scope]),
    multiple=True,
    required=True,
    help="What it is good for; can be given again.",
)
@click.option(
    "--organisation",
    "organisations",
    metavar="ORGANISATION",
    multiple=True,
    help="Where, with all below it; can be given again, everywhere without it.",
)
@click.option("--until", type=Day(), help="The last day; 90 days from now by default.")
@click.option(
    "--days", type=click.IntRange(0, 365), help="The same, in days from today."
)
@click.option("--label", default="", help="What it is for.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it to this new file, for its owner only, and not to the screen.",
)
@global_options
@click.pass_obj
def create(
    settings: Settings,
    subject: str,
    scopes: tuple[str, ...],
    organisations: tuple[str, ...],
    until: date | None,
    days: int | None,
    label: str,
    out: Path | None,
) -> None:
    """Create a token for SUBJECT, and show it this once.

    What is kept is a digest of it: when it is lost, create another one. It is the
    owner's act.
    """
    if until is not None and days is not None:
        message = "--until and --days are alternatives, expected one"
        raise click.UsageError(message)
    if days is not None:
        until = oikeus.today_in_finland() + timedelta(days)
    if out is not None:
        check_new(out)
    with settings.store() as store:
        made = oikeus.create_token(
            store,
            subject,
            scopes=scopes,
            organisations=organisations,
            until=until,
            label=label,
            actor=actor(),
        )
        if out is not None:
            _keep(store, made, out)
        warn_of_nobody(store, made.token.subject)
    found = made.token
    told = f"version {found.id}: token {found.id} of {found.subject}, {good_for(found)}"
    if settings.json:
        shown = {"token": made.text} if out is None else {"file": str(out)}
        write_json(token_view(found) | shown)
    elif out is None:
        result(made.text)
        talk(f"{told}; it is not shown again")
    else:
        result(f"{told}: written to {out}")


@token.command("list", epilog=example("token list"))
@global_options
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the tokens there are or were.

    The tokens themselves are kept nowhere, and cannot be shown.
    """
    with settings.store() as store:
        found = oikeus.tokens(store)
    if settings.json:
        write_json([token_view(each) for each in found])
    else:
        listing(_LISTED, map(_row, found))


@token.command(epilog=example("token revoke 4 --reason 'key leaked'"))
@click.argument("token", metavar="ID", type=_Id())
@click.option("--reason", required=True, help="Why, for the history.")
@global_options
@click.pass_obj
def revoke(settings: Settings, token: int, reason: str) -> None:
    """Make the token ID good for nothing from now on.

    A service knows it as soon as it has followed to this version. It is the owner's
    act.
    """
    with settings.store() as store:
        version = oikeus.revoke_token(store, token, reason=reason, actor=actor())
    if settings.json:
        write_json({"id": token, "version": version, "changed": version is not None})
    elif version is None:
        result(f"no change: token {token} is revoked already")
    else:
        result(f"version {version}: token {token} revoked")


def _keep(store: oikeus.Store, made: oikeus.NewToken, out: Path) -> None:
    """Write the token to a file; one that nobody got is not left active.

    Raises:
        OikeusError: it cannot be written.
    """
    try:
        write_new_file(out, f"{made.text}\n")
    except oikeus.OikeusError:
        reason = "its file could not be written"
        oikeus.revoke_token(store, made.token.id, reason=reason, actor=actor())
        raise


def _row(found: oikeus.Token) -> tuple[str, ...]:
    return (
        str(found.id),
        found.subject,
        " ".join(found.scopes),
        " ".join(found.organisations) or "everywhere",
        found.until.isoformat(),
        found.state.value,
        found.label,
    )
