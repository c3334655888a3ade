"""`test`: the cases of a policy, run against it."""

from __future__ import annotations

from pathlib import Path

import click

import oikeus

from ..context import (
    Exit,
    Settings,
    example,
    folder_argument,
    global_options,
    model_option,
)
from ..junit import write_junit
from ..output import result, write_json
from ..testing_views import failure_lines, summary, tested_view


@click.command(epilog=example("test policies/"))
@folder_argument
@model_option
@click.option(
    "-k",
    "text",
    metavar="TEXT",
    help="Only the cases of this rule number, or with this in their file or reason.",
)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what came of each case as JUnit XML, too.",
)
@global_options
@click.pass_context
def test(
    ctx: click.Context,
    folder: Path,
    model: Path | None,
    text: str | None,
    junit: Path | None,
) -> None:
    """Run the cases of FOLDER/tests against the policy in FOLDER.

    Each case says what somebody can and cannot do, and may and may not grant, in a
    small world of its own; no database is asked. Ends with 3 when a case fails.
    """
    parsed = oikeus.load_model(model or folder.resolve().parent / "model.conf")
    suite = oikeus.load_suite(folder, parsed)
    if text is not None:
        suite = suite.selecting(text)
        if not suite.files:
            message = (
                f"no case is about `{text}`, expected the number of a rule, or part of "
                "the name of a file or of a reason"
            )
            raise click.UsageError(message, ctx)
    found = oikeus.run_suite(suite)
    if junit is not None:
        write_junit(junit, found)
    if ctx.ensure_object(Settings).json:
        write_json(tested_view(found))
    else:
        for line in failure_lines(found):
            result(line)
        result(summary(found))
    ctx.exit(Exit.YES if found else Exit.NO)
