"""A review for programs, and the page that is made of it and of nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import oikeus

from ..views import grant_view
from .page import written


def review_view(review: oikeus.Review, made_at: datetime) -> dict[str, Any]:
    """A review for programs, as `--format json` writes it.

    Args:
        review: what was found.
        made_at: when, with its time zone.
    """
    places = {id(each): place for place, each in enumerate(review.found)}
    matters = Counter(
        matter
        for each in review.found
        for matter in {remark.matter for remark in each.remarks}
    )
    return {
        "version": review.version,
        "day": review.day.isoformat(),
        "organisation": review.organisation,
        "approver": review.approver,
        "made": {
            "at": made_at.isoformat(timespec="seconds"),
            "by": f"oikeus {oikeus.installed('oikeus') or ''}".rstrip(),
        },
        "looked_at": review.looked_at,
        "counts": {
            "grants": len(review.found),
            **{matter.value: matters[matter] for matter in oikeus.Matter},
        },
        "grants": [_grant_view(review, each) for each in review.found],
        "approvers": [
            {"approver": approver, "grants": [places[id(each)] for each in theirs]}
            for approver, theirs in review.by_approver()
        ],
    }


def render_review(review: oikeus.Review, made_at: datetime) -> str:
    """Write a review as one HTML file, which loads and runs nothing."""
    return written("review.html.j2", view=review_view(review, made_at))


def _grant_view(review: oikeus.Review, each: oikeus.ReviewedGrant) -> dict[str, Any]:
    name = review.names.get(each.grant.organisation, oikeus.Names()).best
    return {
        **(grant_view(each.grant) or {}),
        "name": name,
        "granter": each.granter,
        "source": None if each.source is None else str(each.source),
        "approvers": list(each.approvers),
        "findings": [
            {"matter": remark.matter.value, "text": remark.text}
            for remark in each.remarks
        ],
    }
