"""Revoking a right, or giving one's own up: the model says who may (`m3`, ruling E)."""

from __future__ import annotations

from dataclasses import dataclass

from ...terms import Grant, Line, RevocationRequest
from .refusing import barred
from .turns import Turn, conflict


@dataclass(frozen=True, slots=True)
class Taken:
    """What a revocation comes to.

    Attributes:
        grants: those that go: all equal ones that have not ended.
        power: the line that gives the power; nothing for one's own right.
        written: where policy files say one of them, which they will again.
    """

    grants: tuple[Grant, ...]
    power: Line | None
    written: tuple[str, ...]


def judge_revocation(turn: Turn, request: RevocationRequest) -> Taken:
    """Judge a revocation; it acts at once, on days to come as well (ruling H).

    Raises:
        Barred: the policy does not allow it, or there is nothing to revoke.
    """
    power = power_to_revoke(turn, request)
    right = (request.role, request.organisation)
    return taken(turn, request.recipient, right, power)


def taken(
    turn: Turn, subject: str, right: tuple[str, str], power: Line | None
) -> Taken:
    """The grants of a right that have not ended: what goes when it is taken away.

    Args:
        turn: in which it happens.
        subject: who holds it.
        right: the role, and where.
        power: the line that gives the power; nothing where none is needed.

    Raises:
        Barred: there are none.
    """
    grants = tuple(
        grant for grant in turn.equal(subject, *right) if grant.span.last >= turn.today
    )
    if not grants:
        reason = "there is no such grant to revoke: it is not held at this organisation"
        raise conflict(reason)
    found = turn.writer.find(grant.line for grant in grants)
    sources = (stored.line.source for stored in found.values())
    written = tuple(sorted(str(source) for source in sources if source is not None))
    return Taken(grants, power, written)


def power_to_revoke(turn: Turn, request: RevocationRequest) -> Line | None:
    """The line that gives the power on this day; nothing for one's own right.

    Raises:
        Barred: the policy does not allow it.
    """
    snapshot = turn.snapshot
    answer = snapshot.evaluator.ask(request, turn.today)
    if not answer.allowed or answer.rule is None:
        raise barred(turn.store, snapshot, request, turn.today)
    return None if request.granter == request.recipient else answer.rule


def said_again(source: str) -> str:
    """That policy files say what was revoked, and will say it again."""
    again = "say it too: take it out, or the next `oikeus apply` gives it again"
    return f"the policy files {again} ({source})"
