"""Options of commands that work at a service too, and whom `--as` names there: nobody.

At a database its owner says on whose power an act rests; at a service the token does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from .context import Command, Settings, global_options, remember
from .service import Named, Place

Callback = Callable[[click.Context, click.Parameter, str | None], str | None]


def service_options(command: Command) -> Command:
    """Let a command take the global options, and a service in the database's place."""
    for option in (
        click.option(
            "--ca-file",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            callback=remember,
            expose_value=False,
            help="Certificates (PEM) to trust the service by; else the system's.",
        ),
        click.option(
            "--token-file",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            callback=remember,
            expose_value=False,
            help="Holds the token for the service; else OIKEUS_TOKEN does.",
        ),
        click.option(
            "--server",
            metavar="URL",
            is_eager=True,
            callback=_remember_service,
            expose_value=False,
            help="The service to ask; else OIKEUS_SERVER, else the database.",
        ),
    ):
        command = option(command)
    return global_options(command)


def _remember_service(
    ctx: click.Context, _: click.Parameter, value: str | None
) -> None:
    if value is not None:
        ctx.ensure_object(Settings).place = Place(value, Named.OPTION)


def granter_option(
    text: str, *, metavar: str = "GRANTER"
) -> Callable[[Command], Command]:
    """Let a command of the owner name on whose power it acts; a token says it itself.

    Args:
        text: what is meant; without it the act is the owner's.
        metavar: who it is.
    """
    return _as(text, metavar, _not_at_a_service)


def _as(text: str, metavar: str, callback: Callback) -> Callable[[Command], Command]:
    return click.option(
        "--as", "granter", metavar=metavar, callback=callback, help=text
    )


def _not_at_a_service(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    """Refuse to name somebody where the token says who acts."""
    del param
    if value is not None and ctx.ensure_object(Settings).server is not None:
        message = "the token says who acts at a service, expected no --as"
        raise click.UsageError(message, ctx)
    return value


def _needed_at_a_database(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    """Ask for somebody to be named where no token says who acts."""
    if value is None and ctx.ensure_object(Settings).server is None:
        raise click.MissingParameter(ctx=ctx, param=param)
    return _not_at_a_service(ctx, param, value)


as_option = _as(
    "On whose power; whoever writes the database may name anybody. With --server the "
    "token says it.",
    "GRANTER",
    _needed_at_a_database,
)

as_applicant_option = _as(
    "Who applies; whoever writes the database may name anybody. With --server the "
    "token says it.",
    "SUBJECT",
    _needed_at_a_database,
)
