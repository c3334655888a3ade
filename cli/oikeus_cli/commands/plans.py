"""`plan`, `apply` and `rollback`: changes of the rules, shown before they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

import oikeus

from .. import comparing
from ..comparing_views import plan_view
from ..context import (
    Exit,
    Settings,
    actor,
    at_option,
    example,
    folder_argument,
    global_options,
    model_option,
)
from ..output import can_ask, result, talk, working, write_file, write_json
from ..views import definition_view, definitions
from .signing import SUFFIX

_message = click.option("--message", default="", help="Why, for the history.")
_require_clean = click.option(
    "--require-clean",
    is_flag=True,
    help="Insist on files that are exactly those of a git commit.",
)
_full = click.option("--full", is_flag=True, help="List each subject with all places.")
_yes = click.option("--yes", is_flag=True, help="Go on without asking.")


@click.command(epilog=example("plan policies/ --out change.plan"))
@folder_argument
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the plan to a file, for `oikeus apply FILE`.",
)
@model_option
@_message
@_require_clean
@_full
@at_option
@global_options
@click.pass_context
def plan(
    ctx: click.Context,
    folder: Path,
    out: Path | None,
    model: Path | None,
    message: str,
    require_clean: bool,
    full: bool,
    at: date | None,
) -> None:
    """Say what loading the policies of FOLDER would change.

    Lines, who gains and loses access, who gains and loses power, and what was changed
    in the database past the files. Nothing is changed. Ends with 3 for changes.
    """
    settings = ctx.ensure_object(Settings)
    found = _preview(settings, folder, model, message, require_clean=require_clean)
    compared = _compared(found, at)
    if out is not None:
        write_file(out, f"{oikeus.plan_text(found.plan)}\n")
    for warning in found.plan.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        write_json(plan_view(found.plan, compared))
    else:
        for text in _shown(found, compared, full=full):
            result(text)
        result(_closing(found, compared))
    ctx.exit(Exit.NO if found.plan else Exit.YES)


@click.command(epilog=example("apply policies/ --message 'ticket 1234' --yes"))
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@model_option
@_message
@_require_clean
@_yes
@click.option(
    "--approved-by",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public key, in PEM, of somebody who must have signed the plan.",
)
@click.option(
    "--signature",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Their signature, of `oikeus sign`; PLAN.sig by default.",
)
@global_options
@click.pass_obj
def apply(
    settings: Settings,
    source: Path,
    model: Path | None,
    message: str,
    require_clean: bool,
    yes: bool,
    approved_by: Path | None,
    signature: Path | None,
) -> None:
    """Load policies, all or nothing, as one version.

    SOURCE is a folder: then what would change is shown, and asked about. Or it is the
    file of a plan: then exactly that is done, unless the database has changed since.
    Files own the rules: what they no longer hold goes. Grants and organisations that
    were imported stay. A new SQLite file is created.
    """
    if source.is_dir():
        if approved_by or signature:
            message = (
                "a folder cannot be signed, expected a plan of `oikeus plan --out`"
            )
            raise click.UsageError(message)
        found = _preview(settings, source, model, message, require_clean=require_clean)
        _apply_folder(settings, found, yes=yes)
        return
    if model or message or require_clean:
        text = "a plan holds its model, message and commit, expected them when planning"
        raise click.UsageError(text)
    _apply_file(settings, source, approved_by, signature)


@click.command(epilog=example("rollback 1 --message 'ticket 1234' --yes"))
@click.argument("version", type=int)
@click.option(
    "--allow-inert",
    is_flag=True,
    help="Go on though grants would decide nothing any more.",
)
@_message
@_yes
@_full
@at_option
@global_options
@click.pass_obj
def rollback(
    settings: Settings,
    version: int,
    allow_inert: bool,
    message: str,
    yes: bool,
    full: bool,
    at: date | None,
) -> None:
    """Restore the rules of VERSION, as a new version.

    What files own is restored: rules, powers, levels, modes, first grants, the model
    and the catalogue. Grants given since, blocks and the register stay as they are.
    """
    with settings.store() as store:
        found = oikeus.preview_rollback(store, version, message=message)
        if found.plan:
            oikeus.check_inert(found, allow_inert=allow_inert)
            _ask(settings, found, at, yes=yes, full=full)
        with working("rolling back"):
            done = oikeus.roll_back(
                store, found, actor=actor(), allow_inert=allow_inert
            )
    _say(settings, done, f"has the rules of version {version}")


def _apply_folder(settings: Settings, found: oikeus.Preview, *, yes: bool) -> None:
    for warning in found.plan.warnings:
        talk(f"warning: {warning}")
    for row in found.after.snapshot.inert:
        talk(f"inert: `{row.line}`: {row.reason}")
    if found.plan:
        _ask(settings, found, None, yes=yes)
    with settings.store(create=True) as store, working("loading"):
        done = oikeus.apply_plan(store, found.plan, actor=actor())
    _say(settings, done, "says what the files say")


def _apply_file(
    settings: Settings, path: Path, approved_by: Path | None, signature: Path | None
) -> None:
    found = oikeus.read_plan(path)
    approval = None
    if approved_by is not None:
        place = signature or path.with_name(path.name + SUFFIX)
        key = oikeus.VerifyingKey.load(approved_by)
        approval = oikeus.approved(found, oikeus.read_approval(place), key)
    elif signature is not None:
        message = "a signature without a key, expected --approved-by too"
        raise click.UsageError(message)
    for warning in found.warnings:
        talk(f"warning: {warning}")
    with (
        settings.store(create=not found.base.number) as store,
        working("loading"),
    ):
        done = oikeus.apply_plan(store, found, actor=actor(), approval=approval)
    for row in done.inert:
        talk(f"inert: `{row.line}`: {row.reason}")
    for text in _changes(done):
        talk(text)
    _say(settings, done, "says what the plan says")


def _preview(
    settings: Settings,
    folder: Path,
    model: Path | None,
    message: str,
    *,
    require_clean: bool,
) -> oikeus.Preview:
    """Plan a load of a folder; where there is no database yet, against nothing."""
    files = oikeus.read_files(folder, model)
    if require_clean:
        oikeus.check_committed(files)
    is_there = oikeus.Store.is_there(settings.db)
    with (
        settings.store() if is_there else nullcontext() as store,
        working("planning"),
    ):
        return oikeus.preview(store, files, message=message)


def _compared(found: oikeus.Preview, at: date | None) -> oikeus.Comparison | None:
    """What a plan comes to; nothing where it changes nothing."""
    if not found.plan:
        return None
    with working("comparing"):
        day = at or oikeus.today_in_finland()
        return oikeus.compare(found.before, found.after, day)


def _shown(
    found: oikeus.Preview, compared: oikeus.Comparison | None, *, full: bool
) -> list[str]:
    changes = () if compared is None else comparing.sections(compared, full=full)
    return [*comparing.drift(found.plan.drift), *changes]


def _closing(found: oikeus.Preview, compared: oikeus.Comparison | None) -> str:
    if compared is None:
        return f"no change: version {found.plan.base.number} says what the files say"
    return f"plan: {comparing.closing(compared)}"


def _ask(
    settings: Settings,
    found: oikeus.Preview,
    at: date | None,
    *,
    yes: bool,
    full: bool = False,
) -> None:
    """Show a plan, and go on only if somebody says so."""
    if yes and settings.json:
        return
    if not yes and not can_ask():
        message = (
            "nobody can be asked here, nothing was changed: expected --yes, or a plan "
            "of `oikeus plan --out`"
        )
        raise oikeus.PlanError(message)
    try:
        compared = _compared(found, at)
    except oikeus.ModelError as error:
        # what is in force may be what is to be mended
        talk(f"note: who gains and who loses is not known: {error}")
        written = found.before.contents, found.after.contents
        for text in comparing.lines(oikeus.line_difference(*written)):
            talk(text)
    else:
        for text in _shown(found, compared, full=full):
            talk(text)
        if not yes:
            talk(_closing(found, compared))
    if not yes:
        click.confirm("carry it out?", abort=True, err=True)


def _changes(done: oikeus.Applied) -> Iterator[str]:
    """What a plan changed, which nobody was shown now."""
    yield from (f"- {line}" for line in done.removed)
    yield from (f"+ {line}" for line in done.added)
    yield from definitions(done.definitions)


def _say(settings: Settings, done: oikeus.Applied, otherwise: str) -> None:
    """Say what was done; what else there is to say was said."""
    if settings.json:
        write_json(
            {
                "version": done.version,
                "changed": done.changed,
                "added": [str(line) for line in done.added],
                "removed": [str(line) for line in done.removed],
                "moved": [str(line) for line in done.moved],
                "texts": list(done.texts),
                "definitions": [definition_view(each) for each in done.definitions],
                "warnings": [str(warning) for warning in done.warnings],
                "inert": [str(row.line) for row in done.inert],
            }
        )
    elif not done.changed:
        result(f"no change: version {done.version} {otherwise}")
    else:
        parts = [
            f"{len(done.added)} lines added",
            f"{len(done.removed)} removed",
            *([f"{len(done.moved)} moved in their files"] if done.moved else []),
            *(_changed(name, done) for name in done.texts),
        ]
        result(f"version {done.version}: {', '.join(parts)}")


def _changed(name: str, done: oikeus.Applied) -> str:
    if name == "model" and not done.definitions:
        return "the comments of the model changed"
    return f"the {name} changed"
