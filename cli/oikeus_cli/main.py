"""The command line's entry: the group of all commands, and how errors end."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path
from typing import TextIO

import click
from click.core import ParameterSource

import oikeus

from .commands import (
    applications,
    blocks,
    credentials,
    database,
    decisions,
    delegation,
    diff,
    doctor,
    export,
    history,
    imports,
    openapi,
    outside,
    paths,
    periods,
    plans,
    policies,
    proofs,
    replay,
    restoring,
    reverse,
    review,
    serve,
    show,
    signing,
    testing,
    tokens,
)
from .context import DEFAULT_DB, Exit, Settings, example
from .output import problems, talk
from .service import Named, Place


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "obj": None},
    epilog=example("apply policies/ --yes && oikeus show roles"),
)
@click.version_option(oikeus.installed("oikeus") or "not installed")
@click.option(
    "--db",
    metavar="URL",
    envvar="OIKEUS_DB",
    default=DEFAULT_DB,
    show_default=True,
    help="The database; OIKEUS_DB names it too.",
)
@click.option(
    "--server",
    metavar="URL",
    envvar="OIKEUS_SERVER",
    help="A service to ask in the place of the database; OIKEUS_SERVER names it too.",
)
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Holds the token for the service; else OIKEUS_TOKEN does.",
)
@click.option(
    "--ca-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificates (PEM) to trust the service by, in the place of the system's.",
)
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How results are written.",
)
@click.pass_context
def cli(
    ctx: click.Context,
    db: str,
    server: str | None,
    token_file: Path | None,
    ca_file: Path | None,
    format: str,  # noqa: A002
) -> None:
    """Who may do what, where, and who may pass which right on.

    Exit codes: 0 yes, 1 error, 2 usage, 3 a negative answer. Whoever can write the
    database is its owner; these commands are for the owner. With --server, those that
    ask, act and look at the log work at a service, for whom its token says.
    """
    place = None if server is None else Place(server, _named(ctx, "server"))
    ctx.obj = Settings(Place(db, _named(ctx, "db")), place, token_file, format, ca_file)


def _named(ctx: click.Context, option: str) -> Named:
    """What gave an option its value."""
    match ctx.get_parameter_source(option):
        case ParameterSource.COMMANDLINE:
            return Named.OPTION
        case ParameterSource.ENVIRONMENT:
            return Named.ENVIRONMENT
        case _:
            return Named.NOWHERE


for command in (
    plans.plan,
    plans.apply,
    plans.rollback,
    signing.sign,
    diff.diff,
    policies.check,
    testing.test,
    imports.import_,
    decisions.decide,
    decisions.explain,
    reverse.who_can,
    reverse.what_can,
    reverse.where_can,
    decisions.may_grant,
    periods.who_could,
    periods.what_could,
    paths.paths,
    delegation.grant,
    delegation.renew,
    delegation.revoke,
    credentials.credential,
    applications.request,
    applications.requests,
    applications.approve,
    applications.reject,
    applications.withdraw,
    review.review,
    show.show,
    history.log,
    history.blame,
    replay.replay,
    export.export,
    blocks.block,
    blocks.unblock,
    proofs.verify,
    restoring.restore,
    proofs.checkpoint,
    proofs.key,
    tokens.token,
    serve.serve,
    openapi.openapi,
    doctor.doctor,
    database.db,
):
    cli.add_command(command)

for of_import in (outside.kayttooikeus, outside.cas):
    imports.import_.add_command(of_import)


def main() -> None:
    """Run the command; an error of the library ends with its text and code 1."""
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_letters(stream)
    try:
        oikeus.check_installation()
        sys.exit(cli(prog_name="oikeus", standalone_mode=False) or Exit.YES)
    except oikeus.ProblemsError as error:
        problems(error.problems)
        sys.exit(Exit.ERROR)
    except oikeus.OikeusError as error:
        talk(f"error: {error}")
        sys.exit(Exit.ERROR)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        talk("stopped")
        sys.exit(Exit.ERROR)
    except OSError as error:
        # what is read is wrapped where it is read, so the result went nowhere
        if error.errno != errno.EPIPE:
            talk(f"error: cannot write the result: {error.strerror}".lower())
        sys.exit(Exit.ERROR)


def _never_fail_on_letters(stream: TextIO | None) -> None:
    """Escape what the terminal's character set lacks: names are in three languages."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
