"""`export`: a version as files that stock Casbin loads."""

from __future__ import annotations

from pathlib import Path

import click

import oikeus

from ..context import Settings, VersionNumber, example, global_options
from ..output import result, working, write_json


@click.command(epilog=example("export ./export-of-head"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--as-of",
    "version",
    type=VersionNumber(),
    default="head",
    show_default=True,
    help="Which version: a number, or `head`.",
)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed checkpoint to put beside it.",
)
@global_options
@click.pass_obj
def export(
    settings: Settings, folder: Path, version: int | None, checkpoint: Path | None
) -> None:
    """Write a version into FOLDER, which is new or empty.

    model.conf and lines.csv are what stock Casbin loads, catalogue.yaml the words and
    names.json what organisations are called. version.json says which version it is, and
    holds its digest. All is written, or nothing.
    """
    with settings.store() as store, working("writing"):
        done = oikeus.export_version(
            store, folder, version=version, checkpoint=checkpoint
        )
    if settings.json:
        write_json(
            {
                "version": done.version.number,
                "digest": done.version.digest,
                "folder": str(folder),
                "lines": done.lines,
                "files": list(done.files),
            }
        )
    else:
        result(f"version {done.version.number}: {done.lines} lines in {folder}")
