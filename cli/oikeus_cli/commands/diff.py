"""`diff`: what two states of a policy differ in, wherever each of them is kept."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import click

import oikeus

from .. import comparing
from ..context import Exit, Settings, db_option, example, format_option
from ..keeping import kept_closing, kept_lines
from ..markdown import markdown
from ..output import result, talk, working, write_json
from ..parameters import at_option
from ..report import render, report_of, report_view


@click.command(epilog=example("diff 1 head --at 2026-11-02"))
@click.argument("before")
@click.argument("after")
@click.option(
    "--folder",
    default="policies",
    show_default=True,
    type=click.Path(path_type=Path),
    help="What git:REVISION means where it names no folder.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="The model; model.conf beside each folder by default.",
)
@click.option("--full", is_flag=True, help="List each subject with all places.")
@at_option
@format_option("text", "json", "markdown", "html")
@db_option
@click.pass_context
def diff(
    ctx: click.Context,
    before: str,
    after: str,
    folder: Path,
    model: Path | None,
    full: bool,
    at: date | None,
) -> None:
    """Compare BEFORE with AFTER: lines, access and power.

    Each is a version (7, head), a day, which means its end in Helsinki
    (2026-03-01), a git revision (git:HEAD~3, git:v1:policies), or a folder. Files are
    laid over the grants and the register of the version compared with, or of the
    head. Says too how the invariants of AFTER fare, and which it takes away. Ends with
    3 when there is a difference.

    html is one page to keep, which loads and runs nothing, with the numbers of json.
    """
    settings = ctx.ensure_object(Settings)
    with _store(settings) as store:
        with working("comparing"):
            origins = oikeus.Origins(store, folder, model)
            states = oikeus.load_states(before, after, origins)
            found = oikeus.compare(*states, at or oikeus.today_in_finland())
            kept = oikeus.judge_change(*states, found.day)
        match settings.format:
            case "json":
                report = report_of(found, kept, store, datetime.now(UTC))
                write_json(report_view(report))
            case "html":
                page = render(report_of(found, kept, store, datetime.now(UTC)))
                click.echo(page, nl=False)
            case "markdown":
                click.echo(markdown(found, kept), nl=False)
            case _:
                _show(found, kept, full=full)
    ctx.exit(Exit.NO if found else Exit.YES)


def _show(found: oikeus.Comparison, kept: oikeus.Kept, *, full: bool) -> None:
    for text in (*comparing.sections(found, full=full), *kept_lines(kept)):
        result(text)
    names = f"{found.before.name} and {found.after.name}"
    if found:
        texts = comparing.closing(found), kept_closing(kept)
        result("; ".join(filter(None, texts)))
    else:
        result(f"no difference between {names}")


def _store(
    settings: Settings,
) -> oikeus.Store | nullcontext[None]:
    """The database, or nothing where there is none."""
    if oikeus.Store.is_there(settings.db):
        return oikeus.Store.open(settings.db, create=False)
    talk("note: there is no database, so files are compared by themselves")
    return nullcontext()
