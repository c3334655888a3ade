"""Whether rights can be taken over: the kind, the level and ruling B bind, no more.

The register restates what exists there, so that another transfer mode or a passive
organisation is told and refuses nothing (ruling M).
"""

from __future__ import annotations

from collections.abc import Iterable

from ...decide.snapshot import Snapshot
from ...errors import Problem
from ...terms import Grant
from ..alike import AlikeChecks
from .entries import Note, Place


def judge(
    snapshot: Snapshot,
    grants: Iterable[tuple[Grant, Place]],
    problems: list[Problem],
) -> tuple[Note, ...]:
    """Judge grants by the policy in force.

    Args:
        snapshot: the policy.
        grants: each with the place that gives it.
        problems: gets what refuses the import.

    Returns:
        the warnings.
    """
    checks = AlikeChecks(snapshot)
    warnings = []
    for grant, place in grants:
        verdict = checks.judge(grant)
        if verdict.refusal and not verdict.by_mode:
            problems.append(place.problem(verdict.refusal))
        elif verdict.refusal or verdict.warning:
            warnings.append(place.note(verdict.refusal or verdict.warning))
    return tuple(warnings)
