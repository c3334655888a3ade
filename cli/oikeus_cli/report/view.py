"""A report for programs: all of it, with every number that the page shows.

The page is made of this and of nothing else, so that the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import oikeus

from ..comparing_views import stranded_view
from ..keeping import kept_view
from ..views import bare_role, definition_view, line_view
from .branches import COUNTED, Branch, branches
from .values import Report, ReportSide

View = dict[str, Any]


def report_view(report: Report) -> View:
    """A report for programs, as `--format json` writes it."""
    found, lines = report.difference, report.lines
    folded = {"+": _Folded(report.after), "-": _Folded(report.before)}
    view: View = {
        "title": report.title,
        "day": report.day.isoformat(),
        "before": _side(report.before),
        "after": _side(report.after),
        "made": {
            "at": report.made_at.isoformat(timespec="seconds"),
            "by": f"oikeus {report.program}",
        },
        "summary": {
            "access": [
                {
                    "sign": group.sign,
                    "action": group.action,
                    "resource": group.resource,
                    **folded[group.sign].concerned(group.concerned),
                }
                for group in report.summary.access
            ],
            "powers": [
                {
                    "sign": group.sign,
                    "role": bare_role(group.role),
                    **folded[group.sign].concerned(group.concerned),
                }
                for group in report.summary.powers
            ],
        },
        "access": [
            {
                "sign": change.sign,
                "subject": change.subject,
                "action": change.action,
                "resource": change.resource,
                **folded[change.sign].places_of(change.organisations),
            }
            for change in found.access
        ],
        "powers": [
            {
                "sign": change.sign,
                "granter": change.granter,
                "role": bare_role(change.role),
                **folded[change.sign].places_of(change.organisations),
            }
            for change in found.powers
        ],
        "tree": [
            _branch(branch)
            for branch in branches(
                found, report.before.snapshot.tree, report.after.snapshot.tree
            )
        ],
        "matrix": _matrix(report.matrix),
        "inert": [
            {
                "sign": change.sign,
                "line": str(change.line),
                "reason": change.reason,
                "stays": change.stays,
            }
            for change in (*found.inert_gained, *found.inert_lost)
        ],
        "stranded": stranded_view(report.stranded),
        "invariants": kept_view(report.kept),
        "lines": {
            "added": [line_view(line) for line in lines.added],
            "removed": [line_view(line) for line in lines.removed],
            "moved": [
                {"before": line_view(moved.before), "after": line_view(moved.after)}
                for moved in lines.moved
            ],
            "model": [definition_view(change) for change in lines.model],
            "catalogue": lines.catalogue_changed,
            "invariants": lines.invariants_changed,
        },
    }
    return {**view, "counts": _counts(view)}


def _side(side: ReportSide) -> View:
    names = ("digest", "time", "actor", "message", "git_commit")
    rest = {name: getattr(side, name) for name in names}
    return {"name": side.label, "version": side.number, **rest}


class _Folded:
    """The organisations of one side, folded; the same ones are folded once."""

    def __init__(self, side: ReportSide) -> None:
        self.tree = side.snapshot.tree
        self._known: dict[tuple[str, ...], list[View]] = {}

    def places_of(self, organisations: tuple[str, ...]) -> View:
        if organisations not in self._known:
            places = oikeus.fold_places(self.tree, organisations)
            self._known[organisations] = _places(places)
        return {
            "organisations": [*organisations],
            "places": self._known[organisations],
        }

    def concerned(self, those: oikeus.Concerned) -> View:
        places = _places(those.places)
        return {
            "subjects": sum(those.kinds.values()),
            "kinds": dict(those.kinds),
            # one may be folded into two: it is counted once
            "organisations": len(
                {each for place in those.places for each in self._meant(place)}
            ),
            "places": places,
            "levels": dict(those.levels),
        }

    def _meant(self, place: oikeus.Place) -> Iterable[str]:
        return (
            self.tree.below(place.organisation)
            if place.below
            else (place.organisation,)
        )


def _places(places: Iterable[oikeus.Place]) -> list[View]:
    return [asdict(place) for place in places]


def _branch(branch: Branch) -> View:
    return {
        "organisation": branch.organisation,
        "parent": branch.parent,
        "depth": branch.depth,
        "moved_from": branch.moved_from,
        "changed": branch.changed,
        "here": {name: branch.here[name] for name in COUNTED},
        "whole": {name: branch.whole[name] for name in COUNTED},
    }


def _matrix(matrix: oikeus.Matrix) -> View:
    return {
        "roles": [bare_role(role) for role in matrix.roles],
        "deeds": [asdict(deed) for deed in matrix.deeds],
        "cells": [
            {
                "role": bare_role(cell.role),
                "action": cell.action,
                "resource": cell.resource,
                "before": cell.before.value if cell.before else None,
                "after": cell.after.value if cell.after else None,
                "changed": cell.changed,
            }
            for cell in matrix.cells
        ],
    }


def _counts(view: View) -> Mapping[str, Any]:
    """How many of everything there are."""

    def signed(name: str, who: str) -> View:
        gained = [each[who] for each in view[name] if each["sign"] == "+"]
        lost = [each[who] for each in view[name] if each["sign"] == "-"]
        return {
            "gained": len(gained),
            "lost": len(lost),
            "gaining": len({*gained}),
            "losing": len({*lost}),
        }

    return {
        "access": signed("access", "subject"),
        "powers": signed("powers", "granter"),
        "organisations": sum(any(branch["here"].values()) for branch in view["tree"]),
        "inert": {
            "gained": sum(row["sign"] == "+" for row in view["inert"]),
            "lost": sum(row["sign"] == "-" for row in view["inert"]),
        },
        "stranded": {
            word.value: sum(row["consequence"] == word for row in view["stranded"])
            for word in oikeus.Consequence
        },
        "lines": {
            name: len(view["lines"][name]) for name in ("added", "removed", "moved")
        },
        "invariants": view["invariants"]["count"],
        "broken": len(view["invariants"]["broken"]),
        "taken_away": len(view["invariants"]["gone"]),
        "model": len(view["lines"]["model"]),
        "cells": sum(cell["changed"] for cell in view["matrix"]["cells"]),
    }
