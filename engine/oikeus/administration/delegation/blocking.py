"""Blocking by a power over what the subject holds (ruling N).

Power over one of its grants is enough to block a subject, since it may be urgent. To
lift a block gives all of them back, so it takes power over each. Nobody does either to
themselves. A refusal says nothing of what the subject holds, which is not its granter's
to know.
"""

from __future__ import annotations

from ...decide.held import is_blocked
from ...decide.wording import bare
from ...errors import RefusedError
from ...terms import Line, RevocationRequest
from ..grant_checks import credential_of
from .refusing import allowances
from .revoking import power_to_revoke
from .turns import Barred, Turn, bar


def power_to_block(turn: Turn, granter: str, subject: str) -> Line | None:
    """The line that gives power over one of the subject's grants.

    Raises:
        Barred: it holds none that the granter has power over.
    """
    for request in _requests(turn, granter, subject):
        try:
            return power_to_revoke(turn, request)
        except Barred:
            continue
    reason = f"the granter has no power over anything that `{bare(subject)}` holds"
    raise _barred(turn, granter, reason)


def power_to_unblock(turn: Turn, granter: str, subject: str) -> Line | None:
    """The line that gives power over the last of the subject's grants, if over each.

    Raises:
        Barred: it holds one that the granter has no power over, or none.
    """
    reason = (
        f"the granter has no power over all that `{bare(subject)}` gets back, expected "
        "the owner, or power over each grant"
    )
    requests = _requests(turn, granter, subject)
    if not requests:
        raise _barred(turn, granter, reason)
    power = None
    for request in requests:
        try:
            power = power_to_revoke(turn, request)
        except Barred:
            raise _barred(turn, granter, reason) from None
    return power


def _requests(turn: Turn, granter: str, subject: str) -> list[RevocationRequest]:
    """The questions about each right that the subject holds or will hold.

    That a credential is registered is no right, and no power's to give or take.

    Raises:
        Barred: it is the granter.
    """
    if granter == subject:
        reason = "nobody can block or unblock themselves"
        raise bar(reason)
    registers = credential_of(turn.snapshot)
    rights = dict.fromkeys(
        (grant.role, grant.organisation)
        for grant in turn.snapshot.facts.of(subject)
        if grant.span.last >= turn.today and grant.role != registers
    )
    return [RevocationRequest(granter, subject, *right) for right in rights]


def _barred(turn: Turn, granter: str, reason: str) -> Barred:
    snapshot, today = turn.snapshot, turn.today
    if is_blocked(snapshot, granter):
        reason = "the granter is blocked, expected the block to be lifted first"

    def explain() -> RefusedError:
        return RefusedError(reason, allowed=allowances(snapshot, granter, today))

    return Barred(explain)
