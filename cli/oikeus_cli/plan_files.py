"""The file of a plan as people read it, before they sign it or carry it out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import oikeus

from . import comparing
from .asking import closing, compared, judged, shown
from .comparing_views import plan_view, planned_lines_view
from .context import Settings
from .keeping import kept_lines, kept_view
from .output import result, talk, working, write_json


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan, and what it comes to.

    Attributes:
        plan: what the file says.
        preview: the same, held against the head.
        change: who gains and who loses by it; nothing where it changes nothing.
        unknown: why there is no preview or nothing known of the change.
        kept: how the invariants fare by it, where there is a preview.
    """

    plan: oikeus.Plan
    preview: oikeus.Preview | None
    change: oikeus.Comparison | None
    unknown: str = ""
    kept: oikeus.Kept | None = None


def hold(settings: Settings, plan: oikeus.Plan) -> oikeus.Preview:
    """Hold a plan against the head; against nothing where it makes the database."""
    makes = not plan.base.number and not oikeus.Store.is_there(settings.db)
    with nullcontext() if makes else settings.store() as store, working("planning"):
        return oikeus.preview_plan(store, plan)


def read(settings: Settings, plan: oikeus.Plan, at: date | None) -> ReadPlan:
    """Say of a plan what can be known of it here."""
    if plan.base.number and not oikeus.Store.is_there(settings.db):
        return ReadPlan(plan, None, None, "there is no database here")
    preview, kept = None, None
    try:
        preview = hold(settings, plan)
        kept = judged(preview, at)
        return ReadPlan(plan, preview, compared(preview, at), kept=kept)
    except (oikeus.StaleVersionError, oikeus.ModelError) as error:
        return ReadPlan(plan, preview, None, str(error), kept)


def said(found: ReadPlan, *, full: bool = False) -> Iterator[str]:
    """What somebody who signs a plan agrees to, line by line."""
    plan = found.plan
    yield from heading(plan)
    if found.preview is None or found.unknown:
        yield from comparing.drift(plan.drift)
        yield from comparing.written(plan)
        if found.kept is not None:
            yield from kept_lines(found.kept)
        yield f"who gains and who loses is not known: {found.unknown}"
    else:
        yield from shown(found.preview, found.change, full=full)
        yield from kept_lines(found.kept) if found.kept else ()
        yield closing(found.preview, found.change, found.kept)


def heading(plan: oikeus.Plan) -> Iterator[str]:
    """What a plan is of, what for, and which version it was made against."""
    yield f"plan {oikeus.plan_digest(plan)}"
    yield f"of {plan.name}, against version {plan.base.number}: {plan.message}"
    if plan.git_commit is not None:
        yield f"git commit {plan.git_commit}"


def warnings(plan: oikeus.Plan) -> Iterator[str]:
    """What was to be thought of when a plan was made."""
    if plan.git_commit is not None and plan.git_commit.endswith("-dirty"):
        yield "the files of the plan were not as their git commit has them"
    yield from (str(warning) for warning in plan.warnings)


def read_view(found: ReadPlan) -> dict[str, Any]:
    """A plan for programs, with its lines even where no more is known of it."""
    view = plan_view(found.plan, found.change)
    view["invariants"] = found.kept and kept_view(found.kept)
    if found.unknown:
        view |= {"unknown": found.unknown, "lines": planned_lines_view(found.plan)}
    return view


def show(settings: Settings, path: Path, at: date | None, *, full: bool) -> oikeus.Plan:
    """Write what the file of a plan says, for people or for programs."""
    found = read(settings, oikeus.read_plan(path), at)
    for warning in warnings(found.plan):
        talk(f"warning: {warning}")
    if settings.json:
        write_json(read_view(found))
    else:
        for text in said(found, full=full):
            result(text)
    return found.plan
