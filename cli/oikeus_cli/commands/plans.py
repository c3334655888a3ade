"""`plan`, `apply` and `rollback`: changes of the rules, shown before they are made."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

import oikeus

from .. import plan_files
from ..asking import (
    ask,
    check_kept,
    closing,
    compared,
    judged,
    say,
    shown,
    tell_kept,
)
from ..comparing_views import plan_view
from ..context import Exit, Settings, actor, example, global_options
from ..keeping import kept_lines, kept_view
from ..output import result, talk, working, write_file, write_json
from ..parameters import at_option, model_option
from .signing import SUFFIX

_PLANNED = "a plan holds its model, message and commit, expected them when planning"

_message = click.option("--message", default="", help="Why, for the history.")
_require_clean = click.option(
    "--require-clean",
    is_flag=True,
    help="Insist on files that are exactly those of a git commit.",
)
_full = click.option("--full", is_flag=True, help="List each subject with all places.")
_allow_broken = click.option(
    "--allow-broken",
    is_flag=True,
    help="Go on though delegation could break an invariant that it cannot break now.",
)
_yes = click.option("--yes", is_flag=True, help="Go on without asking.")


@click.command(epilog=example("plan policies/ --out change.plan"))
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the plan to a file, for `oikeus apply FILE`.",
)
@model_option
@_message
@_require_clean
@_allow_broken
@_full
@at_option
@global_options
@click.pass_context
def plan(
    ctx: click.Context,
    source: Path,
    out: Path | None,
    model: Path | None,
    message: str,
    require_clean: bool,
    allow_broken: bool,
    full: bool,
    at: date | None,
) -> None:
    """Say what loading the policies of SOURCE would change.

    Lines, who gains and loses access, who gains and loses power, what was changed in
    the database past the files, and which invariants delegation could break. Nothing
    is changed. Ends with 3 for changes.
    SOURCE is a folder; or the file of a plan, then what that says is shown.
    """
    settings = ctx.ensure_object(Settings)
    if not source.is_dir():
        if out or model or message or require_clean:
            raise click.UsageError(_PLANNED)
        is_plan = plan_files.show(settings, source, at, full=full)
        ctx.exit(Exit.NO if is_plan else Exit.YES)
    found = _preview(settings, source, model, message, require_clean=require_clean)
    change = compared(found, at)
    kept = judged(found, at)
    if out is not None:
        # on the day of the change, whichever one is looked at
        check_kept(judged(found, None), allow_broken=allow_broken)
        write_file(out, f"{oikeus.plan_text(found.plan)}\n")
    for warning in found.plan.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        write_json(plan_view(found.plan, change) | {"invariants": kept_view(kept)})
    else:
        for text in (*shown(found, change, full=full), *kept_lines(kept)):
            result(text)
        result(closing(found, change, kept))
    ctx.exit(Exit.NO if found.plan else Exit.YES)


@click.command(epilog=example("apply policies/ --message 'ticket 1234' --yes"))
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@model_option
@_message
@_require_clean
@_yes
@_allow_broken
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
    allow_broken: bool,
    approved_by: Path | None,
    signature: Path | None,
) -> None:
    """Load policies, all or nothing, as one version.

    SOURCE is a folder, or the file of a plan: then exactly that is done, unless the
    database has changed since. What would change is shown, and asked about.
    Files own the rules: what they no longer hold goes. Grants and organisations that
    were imported stay. A new SQLite file is created. What would break an invariant
    that delegation cannot break now is refused, be it taken away by the same change.
    """
    if source.is_dir():
        if approved_by or signature:
            message = (
                "a folder cannot be signed, expected a plan of `oikeus plan --out`"
            )
            raise click.UsageError(message)
        found = _preview(settings, source, model, message, require_clean=require_clean)
        _apply_folder(settings, found, yes=yes, allow_broken=allow_broken)
        return
    if model or message or require_clean:
        raise click.UsageError(_PLANNED)
    _apply_file(
        settings, source, approved_by, signature, yes=yes, allow_broken=allow_broken
    )


@click.command(epilog=example("rollback 1 --message 'ticket 1234' --yes"))
@click.argument("version", type=int)
@click.option(
    "--allow-inert",
    is_flag=True,
    help="Go on though grants would decide nothing any more.",
)
@_message
@_yes
@_allow_broken
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
    allow_broken: bool,
    full: bool,
    at: date | None,
) -> None:
    """Restore the rules of VERSION, as a new version.

    What files own is restored: rules, powers, levels, modes, first grants, the model,
    the catalogue and the invariants. Grants given since, blocks and the register stay
    as they are; those that loads of files revoked since come back, and no others are
    revoked.
    """
    with settings.store() as store:
        found = oikeus.preview_rollback(store, version, message=message)
        for warning in found.plan.warnings:
            talk(f"warning: {warning}")
        if found.plan:
            oikeus.check_inert(found, allow_inert=allow_inert)
            ask(settings, found, at, yes=yes, full=full, allow_broken=allow_broken)
        with working("rolling back"):
            done = oikeus.roll_back(
                store, found, actor=actor(), allow_inert=allow_inert
            )
    say(settings, done, f"has the rules of version {version}")
    if done.changed:
        talk("note: the policy files still say otherwise, until they are reverted too")


def _apply_folder(
    settings: Settings, found: oikeus.Preview, *, yes: bool, allow_broken: bool
) -> None:
    for warning in found.plan.warnings:
        talk(f"warning: {warning}")
    said = "says what the files say"
    _carry_out(settings, found, said, yes=yes, allow_broken=allow_broken)


def _apply_file(
    settings: Settings,
    path: Path,
    approved_by: Path | None,
    signature: Path | None,
    *,
    yes: bool,
    allow_broken: bool,
) -> None:
    plan = oikeus.read_plan(path)
    approval = None
    if approved_by is not None:
        place = signature or path.with_name(path.name + SUFFIX)
        key = oikeus.VerifyingKey.load(approved_by)
        approval = oikeus.approved(plan, oikeus.read_approval(place), key)
    elif signature is not None:
        message = "a signature without a key, expected --approved-by too"
        raise click.UsageError(message)
    found = plan_files.hold(settings, plan)
    for warning in plan_files.warnings(plan):
        talk(f"warning: {warning}")
    if not settings.json:
        for text in plan_files.heading(plan):
            talk(text)
    _carry_out(
        settings,
        found,
        "says what the plan says",
        yes=yes,
        approval=approval,
        allow_broken=allow_broken,
    )


def _carry_out(
    settings: Settings,
    found: oikeus.Preview,
    otherwise: str,
    *,
    yes: bool,
    approval: str | None = None,
    allow_broken: bool = False,
) -> None:
    for row in found.after.snapshot.inert:
        talk(f"inert: `{row.line}`: {row.reason}")
    if found.plan:
        ask(settings, found, None, yes=yes, allow_broken=allow_broken)
    else:
        # nothing is broken by it, but what was let through stays to be mended
        tell_kept(oikeus.judge_invariants(found.after, oikeus.today_in_finland()))
    with (
        settings.store(create=not found.plan.base.number) as store,
        working("loading"),
    ):
        done = oikeus.apply_plan(store, found.plan, actor=actor(), approval=approval)
    say(settings, done, otherwise)


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
