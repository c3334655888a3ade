"""Ending a grant that nobody has power over any more: the owner's act.

An import can bring a right to where nobody can be appointed over it. No power is asked
for, and the version records none: who can write the database could do it by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ..decide.allowing import checked_day, today_in_finland
from ..decide.wording import bare
from ..store import Change, Store
from ..terms import check_parts, check_subject
from .blocks import check_reason, check_texts
from .delegation.acting import Revoked, revoked_of, role_of
from .delegation.revoking import taken
from .delegation.turns import Current


def revoke(  # noqa: PLR0913 # what a revocation is made of
    store: Store,
    subject: str,
    role: str,
    organisation: str,
    *,
    reason: str,
    actor: str,
    today: Callable[[], date] = today_in_finland,
) -> Revoked:
    """Take a right away at once, on nobody's power; the owner's act.

    Args:
        store: the database.
        subject: who holds it.
        role: with or without `role:` before it.
        organisation: where.
        reason: why, for the history.
        actor: who does it.
        today: the day on which it happens.

    Raises:
        RequestError: a part that no question can have.
        DelegationError: no reason was given, or what is given is no text.
        RefusedError: there is no such grant.
        StoreError: the database cannot be written, or holds no policy.
        ModelError: this program cannot use the model in force.
    """
    subject, organisation = check_parts(subject=subject, organisation=organisation)
    check_subject("subject", subject)
    right = (role_of(role), organisation)
    check_texts(reason=reason, actor=actor)
    check_reason(reason, "why the owner revokes it, or on whose power it is revoked")
    with Current(store).turn(lambda: checked_day(today())) as turn:
        gone = taken(turn, subject, right, None)
        lines = tuple(grant.line for grant in gone.grants)
        message = f"{reason.strip()} ({bare(right[0])} at {organisation})"
        version = turn.writer.commit(Change("revoke", actor, message, remove=lines))
    return revoked_of(gone, version)
