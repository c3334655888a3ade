"""`serve`: the HTTP decision point."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from ..context import Settings, example, global_options
from .serve_auth import auth_options, auth_settings
from .serve_observing import observing_options, observing_settings

_EXTRA = "install the service with `pip install 'oikeus[service]'`"


@click.command(epilog=example("serve --insecure-no-auth"))
@global_options
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address or name to listen on.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="0 for any that is free.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes, each with the policy in its memory.",
)
@click.option(
    "--under",
    metavar="ORGANISATION",
    help="Decide about this organisation and those below it only.",
)
@click.option(
    "--max-stale",
    type=click.FloatRange(min=1, max=604_800),
    metavar="SECONDS",
    default=3600.0,
    show_default=True,
    help="For how long it decides without its database; then it answers 503.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Remember the version decided by, and go back to none after a restart.",
)
@click.option(
    "--public-url",
    metavar="URL",
    help="What callers call the service; where it listens by default.",
)
@auth_options
@observing_options
@click.pass_context
def serve(
    ctx: click.Context,
    /,
    host: str,
    port: int,
    workers: int,
    under: str | None,
    max_stale: float,
    state: Path | None,
    public_url: str | None,
    **options: Any,  # noqa: ANN401 # whatever the options are
) -> None:
    """Answer questions over HTTP, as OpenID AuthZEN 1.0 says.

    It takes the extra `service`. Callers bring a token (`oikeus token create`).
    """
    settings = ctx.ensure_object(Settings)
    if public_url is not None and not _is_base(public_url):
        message = "--public-url is no address, expected one such as https://HOST"
        raise click.UsageError(message)
    try:
        serving = import_module("oikeus.service.serving")
    except ModuleNotFoundError as error:
        message = f"`{error.name}` is not installed: {_EXTRA}"
        raise click.ClickException(message) from error
    serving.serve(
        serving.Serving(
            db=settings.db,
            auth=auth_settings(host, options),
            port=port,
            workers=workers,
            under=under,
            max_stale=max_stale,
            state=state,
            public_url=public_url,
            observing=observing_settings(workers, options),
        )
    )


def _is_base(url: str) -> bool:
    """Whether endpoints can stand below it."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
