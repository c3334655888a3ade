"""A change of the rules: shown, asked about, and told of when it is done."""

from __future__ import annotations

from datetime import date

import click

import oikeus

from . import comparing
from .context import Settings
from .keeping import kept_closing, kept_lines
from .output import can_ask, result, talk, working, write_json
from .views import definition_view, so_many


def compared(found: oikeus.Preview, at: date | None) -> oikeus.Comparison | None:
    """What a plan comes to; nothing where it changes nothing."""
    if not found.plan:
        return None
    with working("comparing"):
        day = at or oikeus.today_in_finland()
        return oikeus.compare(found.before, found.after, day, stranded=found.stranded)


def shown(
    found: oikeus.Preview, change: oikeus.Comparison | None, *, full: bool
) -> list[str]:
    """A plan, line by line: drift, and what it comes to."""
    texts = () if change is None else comparing.sections(change, full=full)
    return [*comparing.drift(found.plan.drift), *texts]


def judged(found: oikeus.Preview, at: date | None) -> oikeus.Kept:
    """How the invariants fare by a plan, those among them that it takes away."""
    with working("judging the invariants"):
        day = at or oikeus.today_in_finland()
        return oikeus.judge_change(found.before, found.after, day)


def closing(
    found: oikeus.Preview,
    change: oikeus.Comparison | None,
    kept: oikeus.Kept | None = None,
) -> str:
    """How much a plan is, on one line."""
    number = found.plan.base.number
    text = f"no change: version {number} says what the files say"
    if change is not None:
        text = f"plan: {comparing.closing(change)}"
    return "; ".join(filter(None, (text, kept_closing(kept) if kept else "")))


def ask(
    settings: Settings,
    found: oikeus.Preview,
    at: date | None,
    *,
    yes: bool,
    full: bool = False,
    allow_broken: bool = False,
) -> None:
    """Show a plan, and go on only if somebody says so.

    Raises:
        PlanError: nobody can be asked, or invariants break that are not to.
    """
    # on the day of the change: on a later one, who can begin a chain may have gone
    check_kept(judged(found, None), allow_broken=allow_broken)
    if yes and settings.json:
        return
    if not yes and not can_ask():
        message = (
            "nobody can be asked here, nothing was changed: expected --yes, or a plan "
            "of `oikeus plan --out`"
        )
        raise oikeus.PlanError(message)
    try:
        change = compared(found, at)
    except oikeus.ModelError as error:
        # what is in force may be what is to be mended
        talk(f"note: who gains and who loses is not known: {error}")
        written = found.before.contents, found.after.contents
        for text in comparing.lines(oikeus.line_difference(*written)):
            talk(text)
    else:
        for text in shown(found, change, full=full):
            talk(text)
        if not yes:
            talk(closing(found, change))
    if not yes:
        click.confirm("carry it out?", abort=True, err=True)


def check_kept(kept: oikeus.Kept, *, allow_broken: bool) -> None:
    """Tell which invariants are broken; refuse to break those that hold now.

    Raises:
        PlanError: it would, and nobody allows it.
    """
    tell_kept(kept)
    if kept.is_kept or allow_broken:
        return
    broken = f"{so_many(len(kept.newly), 'invariant')} would be broken"
    if kept.unknown:
        broken = "the invariants cannot be judged"
    message = f"{broken}, nothing was changed: mend the policy, or say --allow-broken"
    raise oikeus.PlanError(message)


def tell_kept(kept: oikeus.Kept) -> None:
    """Tell which invariants are broken, where any is."""
    for text in (*kept_lines(kept), *filter(None, [kept_closing(kept)])):
        talk(text)


def say(settings: Settings, done: oikeus.Applied, otherwise: str) -> None:
    """Say what was done; what else there is to say was said."""
    if settings.json:
        write_json(
            {
                "version": done.version,
                "changed": done.changed,
                "added": [str(line) for line in done.added],
                "removed": [str(line) for line in done.removed],
                "revoked": [str(line) for line in done.revoked],
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
            f"{so_many(len(done.added), 'line')} added",
            f"{len(done.removed)} removed",
            *([f"{so_many(len(done.revoked), 'grant')} revoked"] * bool(done.revoked)),
            *([f"{len(done.moved)} moved in their files"] if done.moved else []),
            *(_changed(name, done) for name in done.texts),
        ]
        result(f"version {done.version}: {', '.join(parts)}")


def _changed(name: str, done: oikeus.Applied) -> str:
    if name == "model" and not done.definitions:
        return "the comments of the model changed"
    return f"the {name} changed"
