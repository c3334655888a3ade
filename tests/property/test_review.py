"""What a review says of grants is what asking about each by itself says."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from oikeus import Line, RevocationRequest, Snapshot
from oikeus.administration.review.looking import Look
from oikeus.errors import RequestError
from oikeus.ids import is_id
from oikeus.terms import Grant, kind_of

from .worlds import DAYS, MODEL, World, worlds


def grants(world: World, day: date) -> dict[Grant, Line]:
    """The grants that have not ended."""
    found = {}
    for line in world.lines:
        if line.ptype == "g":
            try:
                grant = Grant.parse(line)
            except ValueError:
                continue
            if grant.span.last >= day and is_id(grant.subject):
                found[grant] = line
    return found


@given(world=worlds(), day=st.sampled_from(DAYS))
def test_approvers_are_all_whom_the_model_lets_revoke(world: World, day: date) -> None:
    """Whoever holds anything, by whatever way; but not to give up their own."""
    snapshot = Snapshot.build(MODEL, world.lines)
    lines = grants(world, day)
    look = Look(snapshot, day, lines, {})
    everybody = {
        subject
        for subject in (*snapshot.facts.grants, *snapshot.facts.links["g3"])
        if kind_of(subject) in snapshot.kinds and is_id(subject)
    }
    for grant in lines:
        assert [*look.approvers(grant)] == sorted(
            subject
            for subject in everybody - {grant.subject}
            if may_revoke(snapshot, subject, grant, day)
        )


def may_revoke(snapshot: Snapshot, subject: str, grant: Grant, day: date) -> bool:
    """Whether the model lets a subject revoke this very grant."""
    try:
        request = RevocationRequest(
            subject, grant.subject, grant.role, grant.organisation
        )
    except RequestError:
        return False
    return snapshot.evaluator.ask(request, day).allowed
