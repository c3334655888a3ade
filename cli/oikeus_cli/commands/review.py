"""`review`: the grants that somebody should look at, and what was decided of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click

import oikeus

from ..context import (
    Exit,
    Settings,
    actor,
    db_option,
    example,
    format_option,
    read_text,
)
from ..output import result, talk, working, write_json
from ..parameters import at_option
from ..report import render_review, review_view
from ..views import bare_role, grant_view, so_many

NOBODY = "nobody has power over these"

_DECIDING = (
    "expected --apply FILE and --as GRANTER together, and nothing else beside them"
)


@click.command(
    epilog=example("review --organisation 1.2.246.562.10.90100000000 --at 2026-11-02")
)
@click.option("--organisation", help="Look at it and those below it only.")
@click.option("--to", "approver", help="Only what is under the power of this subject.")
@click.option(
    "--apply",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Carry out the decisions in this CSV file.",
)
@click.option("--as", "granter", help="The subject on whose power they are made.")
@at_option
@format_option("text", "json", "csv", "html")
@db_option
@click.pass_obj
def review(
    settings: Settings,
    organisation: str | None,
    approver: str | None,
    file: Path | None,
    granter: str | None,
    at: date | None,
) -> None:
    """List the grants to look at, by who may decide.

    For each approver those under their power that end soon, that no rule would
    allow today, that were given by somebody who no longer could, or that belong to
    holders of conflicting roles.

    csv is for a spreadsheet: write keep, renew or revoke into its column `decision`,
    and carry that out with --apply FILE --as GRANTER, as one version or none. Each
    approver decides alone: give everybody a file of their own with --to.
    html is one page to print or keep, which loads and runs nothing.
    """
    if file is None and granter is None:
        _look(settings, organisation, approver, at)
    elif file is None or granter is None or organisation or approver or at:
        raise click.UsageError(_DECIDING)
    elif settings.format in ("csv", "html"):
        message = "what was done is written as text or json"
        raise click.UsageError(message)
    else:
        _apply(settings, file, granter)


def _look(
    settings: Settings, organisation: str | None, approver: str | None, at: date | None
) -> None:
    day = at or oikeus.today_in_finland()
    with settings.store() as store, working("looking at grants"):
        found = oikeus.review(
            store, organisation=organisation, approver=approver, today=lambda: day
        )
    match settings.format:
        case "csv":
            click.echo(oikeus.review_sheet(found), nl=False)
        case "json":
            write_json(review_view(found, datetime.now(UTC)))
        case "html":
            click.echo(render_review(found, datetime.now(UTC)), nl=False)
        case _:
            for text in _said(found):
                result(text)


def _said(found: oikeus.Review) -> Iterator[str]:
    for approver, theirs in found.by_approver():
        yield f"{approver or NOBODY}: {so_many(len(theirs), 'grant')}"
        for each in theirs:
            yield f"  {_grant(each.grant, found)}"
            yield from (f"    {remark}" for remark in each.remarks)
    looked = so_many(found.looked_at, "grant")
    yield f"{len(found.found)} of {looked} to review on {found.day}"


def _grant(grant: oikeus.Grant, found: oikeus.Review) -> str:
    name = found.names.get(grant.organisation, oikeus.Names()).best
    where = f"{grant.organisation} {name}".rstrip()
    return f"{grant.subject} {bare_role(grant.role)} at {where} {grant.span}"


def _apply(settings: Settings, file: Path, granter: str) -> None:
    try:
        with settings.store() as store, working("deciding"):
            text = read_text(file, oikeus.ReviewError)
            done = oikeus.apply_review(
                store, str(file), text, granter=granter, actor=actor()
            )
    except oikeus.RefusedReviewError as error:
        if settings.json:
            write_json({"refused": [str(problem) for problem in error.problems]})
        for problem in () if settings.json else error.problems:
            talk(f"refused: {problem}")
        raise click.exceptions.Exit(Exit.NO) from error
    for warning in done.warnings:
        talk(f"warning: {warning}")
    if settings.json:
        write_json(
            {
                "version": done.version,
                "changed": done.changed,
                "kept": [grant_view(grant) for grant in done.kept],
                "renewed": [grant_view(grant) for grant in done.renewed],
                "revoked": [grant_view(grant) for grant in done.revoked],
                "warnings": list(done.warnings),
            }
        )
        return
    counts = (
        f"{so_many(len(done.renewed), 'grant')} renewed, {len(done.revoked)} revoked, "
        f"{len(done.kept)} kept"
    )
    if done.changed:
        result(f"version {done.version}: {counts}")
    else:
        result(f"no change: version {done.version}, for no row has a decision")
