"""Options of `serve` that say how it is observed: records, metrics, log, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeVar

import click
from click.core import ParameterSource

Command = TypeVar("Command", bound=Callable[..., Any])

_STDOUT = "-"
_MEBIBYTE = 1024 * 1024
_OF_RECORDS = (
    "records_key",
    "records_full",
    "records_waiting",
    "records_size",
    "records_keep",
)
_OPTIONS = (
    click.option(
        "--records",
        metavar="FOLDER",
        help="Record each decision in files of this folder; - is the standard output.",
    ),
    click.option(
        "--records-key",
        metavar="FILE",
        help="Hide ids of subjects in records by this key; in clear without.",
    ),
    click.option(
        "--records-full",
        type=click.Choice(["drop", "refuse"]),
        default="drop",
        show_default=True,
        help="What becomes of a decision that cannot be recorded: no record, or 503.",
    ),
    click.option(
        "--records-waiting",
        type=click.IntRange(min=1_000),  # as many as one request may ask
        metavar="N",
        default=10_000,
        show_default=True,
        help="While so many decisions wait to be recorded, no more are taken in.",
    ),
    click.option(
        "--records-size",
        type=click.IntRange(min=1),
        metavar="MIB",
        default=256,
        show_default=True,
        help="How large a file of records grows before the next one is begun.",
    ),
    click.option(
        "--records-keep",
        type=click.IntRange(min=1),
        metavar="N",
        help="How many ended files of records stay, at the start too; all without.",
    ),
    click.option(
        "--metrics-open",
        is_flag=True,
        help="Give metrics to whoever asks; else for tokens with the scope audit.",
    ),
    click.option(
        "--drain-seconds",
        type=click.FloatRange(min=0, max=3600),
        metavar="SECONDS",
        default=5.0,
        show_default=True,
        help="For how long requests are answered after SIGTERM.",
    ),
    click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How lines of the application log are written.",
    ),
    click.option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"]),
        default="info",
        show_default=True,
        help="The least that is written to it.",
    ),
    click.option("--access-log", is_flag=True, help="Log each request, without ids."),
)


def observing_options(command: Command) -> Command:
    """Add the options; the command takes them as `**options`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _check_no_records_wanted() -> None:
    """Refuse options of records where none are written.

    Raises:
        UsageError: naming the first one that was said; `--records-full refuse` alone
            would look as if nothing went out unrecorded.
    """
    ctx = click.get_current_context()
    for name in _OF_RECORDS:
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            option = "--" + name.replace("_", "-")
            message = f"{option} is about records, expected --records too"
            raise click.UsageError(message)


def observing_settings(workers: int, options: Mapping[str, Any]) -> Any:  # noqa: ANN401 # of the extra
    """What they say, as `oikeus.service.observing.ObservingSettings`."""
    records, key = options["records"], options["records_key"]
    if records == _STDOUT and workers > 1:
        message = "workers would mix their records there, expected --records FOLDER"
        raise click.UsageError(message)
    if records is None:
        _check_no_records_wanted()
    observing = import_module("oikeus.service.observing")
    return observing.ObservingSettings(
        records=records,
        ids_key=key,
        full=observing.Full(options["records_full"]),
        waiting=options["records_waiting"],
        largest=options["records_size"] * _MEBIBYTE,
        keep=options["records_keep"],
        metrics_open=options["metrics_open"],
        drain=options["drain_seconds"],
        log=observing.Form(options["log_format"]),
        level=options["log_level"].upper(),
        access_log=options["access_log"],
    )
