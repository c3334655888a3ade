"""A comparison for programs, and the same of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import oikeus

from .views import bare_role, definition_view, grant_view, line_view


def comparison_view(found: oikeus.Comparison) -> dict[str, Any]:
    """A comparison, whole and counted."""
    change = found.difference
    return {
        "before": _state_view(found.before),
        "after": _state_view(found.after),
        "day": found.day.isoformat(),
        "lines": lines_view(found.lines),
        "access": [
            {
                "sign": each.sign,
                "subject": each.subject,
                "action": each.action,
                "resource": each.resource,
                "organisations": list(each.organisations),
            }
            for each in change.access
        ],
        "powers": [
            {
                "sign": each.sign,
                "granter": each.granter,
                "role": bare_role(each.role),
                "organisations": list(each.organisations),
            }
            for each in change.powers
        ],
        "inert": [
            {
                "sign": each.sign,
                "line": str(each.line),
                "reason": each.reason,
                "stays": each.stays,
            }
            for each in (*change.inert_gained, *change.inert_lost)
        ],
        "stranded": stranded_view(found.stranded),
        "summary": _summary_view(found.summary),
    }


def stranded_view(found: Iterable[oikeus.Stranded]) -> list[dict[str, Any]]:
    """The grants that no rule would allow any more, and what happens to them."""
    return [
        {
            "case": each.case.value,
            "consequence": each.consequence.value,
            "grant": grant_view(each.grant),
            "granter": each.granter,
        }
        for each in found
    ]


def plan_view(plan: oikeus.Plan, found: oikeus.Comparison | None) -> dict[str, Any]:
    """A plan, with what it comes to where it changes anything."""
    return {
        "changed": bool(plan),
        "base": {"version": plan.base.number, "digest": plan.base.digest},
        "digest": oikeus.plan_digest(plan),
        "git_commit": plan.git_commit,
        "name": plan.name,
        "message": plan.message,
        "drift": lines_view(plan.drift),
        "warnings": [str(warning) for warning in plan.warnings],
        "changes": None if found is None else comparison_view(found),
    }


def planned_lines_view(plan: oikeus.Plan) -> dict[str, Any]:
    """The lines of a plan, where what is in force is not known."""
    return {
        "added": [line_view(line) for line in plan.add],
        "removed": [line_view(line) for line in plan.remove],
        "revoked": [line_view(line) for line in plan.revoke],
        "moved": [line_view(line) for line in plan.move],
        "model": plan.model is not None,
        "catalogue": plan.catalogue is not None,
        "invariants": plan.invariants is not None,
    }


def lines_view(found: oikeus.LineDifference) -> dict[str, Any]:
    """The lines that differ."""
    return {
        "added": [line_view(line) for line in found.added],
        "removed": [line_view(line) for line in found.removed],
        "moved": [
            {"before": line_view(each.before), "after": line_view(each.after)}
            for each in found.moved
        ],
        "model": [definition_view(each) for each in found.model],
        "catalogue": found.catalogue_changed,
        "invariants": found.invariants_changed,
    }


def _state_view(state: oikeus.State) -> dict[str, Any]:
    return {
        "name": state.name,
        "version": state.contents.version or None,
        "git_commit": state.git_commit,
    }


def _summary_view(summary: oikeus.Summary) -> dict[str, Any]:
    return {
        "access": [
            {
                "sign": each.sign,
                "action": each.action,
                "resource": each.resource,
                **_concerned_view(each.concerned),
            }
            for each in summary.access
        ],
        "powers": [
            {
                "sign": each.sign,
                "role": bare_role(each.role),
                **_concerned_view(each.concerned),
            }
            for each in summary.powers
        ],
    }


def _concerned_view(those: oikeus.Concerned) -> dict[str, Any]:
    return {
        "kinds": dict(those.kinds),
        "places": [asdict(each) for each in those.places],
        "levels": dict(those.levels),
    }
