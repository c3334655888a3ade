"""`export`: a version as files that stock Casbin loads."""

from __future__ import annotations

from pathlib import Path

import click

import oikeus

from ..context import Settings, example, global_options
from ..output import result, working, write_json
from ..parameters import number_at


class _Moment(click.ParamType[oikeus.Moment | None]):
    """A moment on the command line; `head` becomes nothing, which stands for it."""

    name = "VERSION|DATE|TIMESTAMP"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> oikeus.Moment | None:
        """Read a moment, or end with a usage error."""
        if value == "head":
            return None
        try:
            return oikeus.parse_moment(str(value))
        except ValueError as error:
            self.fail(f"{error}, or head", param, ctx)


@click.command(epilog=example("export ./export-of-head"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--as-of",
    type=_Moment(),
    default="head",
    show_default=True,
    help="A version, or the last one at a day's end or an instant.",
)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed checkpoint of that version, or of a later one, to put beside it.",
)
@global_options
@click.pass_obj
def export(
    settings: Settings,
    folder: Path,
    as_of: oikeus.Moment | None,
    checkpoint: Path | None,
) -> None:
    """Write a version into FOLDER, which is new or empty.

    model.conf and lines.csv are what stock Casbin loads, catalogue.yaml the words,
    invariants.yaml what no delegation may lead to, and names.json what organisations
    are called. version.json says which version it is, and
    holds its digest. All is written, or nothing.
    """
    with settings.store() as store, working("writing"):
        version = number_at(store, as_of)
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
                "checkpoint": done.vouched,
            }
        )
    else:
        vouched = (
            ""
            if done.vouched is None
            else f", with a checkpoint of version {done.vouched}"
        )
        number = done.version.number
        result(f"version {number}: {done.lines} lines in {folder}{vouched}")
