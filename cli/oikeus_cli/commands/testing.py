"""`test`: the cases of a policy, run against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

import oikeus

from ..context import Exit, Settings, example, global_options
from ..junit import write_junit
from ..output import problems, result, talk, working, write_json
from ..parameters import folder_argument, model_option
from ..testing_views import Tested, tested_lines, tested_view


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
@click.option(
    "--coverage", is_flag=True, help="Also say which lines no case exercises."
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="End with 3 where the coverage is less; implies --coverage.",
)
@click.option(
    "--mutants",
    is_flag=True,
    help="Also try the policy with a slip of the pen in each line: a case must fail.",
)
@global_options
@click.pass_context
def test(
    ctx: click.Context,
    folder: Path,
    model: Path | None,
    text: str | None,
    junit: Path | None,
    coverage: bool,
    fail_under: float | None,
    mutants: bool,
) -> None:
    """Run the cases of FOLDER/tests against the policy in FOLDER.

    Each case says what somebody can and cannot do, and may and may not grant and
    revoke, in a small world of its own; no database is asked. Ends with 3 when a case
    fails, the coverage is less than it should be, or a mutant fails no case.
    """
    parsed = oikeus.load_model(model or folder.resolve().parent / "model.conf")
    try:
        suite = _selected(oikeus.load_suite(folder, parsed), text)
    except oikeus.PolicyError as error:
        problems(error.problems, "no case was run")
        ctx.exit(Exit.ERROR)
    found = Tested(
        oikeus.run_suite(suite),
        fail_under,
        oikeus.measure_coverage(suite) if coverage or fail_under is not None else None,
    )
    if mutants and found.cases:
        with working("trying mutants"):
            found = replace(found, mutants=oikeus.try_mutants(suite))
    if junit is not None:
        write_junit(junit, found.cases)
    if ctx.ensure_object(Settings).json:
        write_json(tested_view(found))
    else:
        for line in tested_lines(found):
            result(line)
    if found.is_low:
        talk(f"expected a coverage of {fail_under:g} % at least")
    if mutants and not found.cases:
        talk("mutants are tried once all cases hold")
    ctx.exit(Exit.YES if found else Exit.NO)


def _selected(suite: oikeus.CaseSuite, text: str | None) -> oikeus.CaseSuite:
    """The cases that speak of a text; all without one."""
    if text is None:
        return suite
    chosen = suite.selecting(text)
    if not chosen.files:
        message = (
            f"no case is about `{text}`, expected the number of a rule, or part of the "
            "name of a file or of a reason"
        )
        raise click.UsageError(message, click.get_current_context())
    return chosen
