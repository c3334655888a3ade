"""Blocking by a power over what the subject holds (ruling N).

Power over one of its grants is enough to block a subject, since it may be urgent. To
lift a block gives all of them back, so it takes power over each. Nobody does either to
themselves.
"""

from __future__ import annotations

from ...decide.wording import bare
from ...terms import Line, RevocationRequest
from .refusing import barred
from .revoking import power_to_revoke
from .turns import Barred, Turn, bar


def power_to_block(turn: Turn, granter: str, subject: str) -> Line | None:
    """The line that gives power over one of the subject's grants.

    Raises:
        Barred: it holds none that the granter has power over.
    """
    requests = _requests(turn, granter, subject)
    for request in requests:
        try:
            return power_to_revoke(turn, request)
        except Barred:
            continue
    raise barred(turn.store, turn.snapshot, requests[0], turn.today)


def power_to_unblock(turn: Turn, granter: str, subject: str) -> Line | None:
    """The line that gives power over the last of the subject's grants, if over each.

    Raises:
        Barred: naming nothing but what is out of the granter's power.
    """
    power = None
    for request in _requests(turn, granter, subject):
        power = power_to_revoke(turn, request)
    return power


def _requests(turn: Turn, granter: str, subject: str) -> list[RevocationRequest]:
    """The questions about each right that the subject holds or will hold.

    Raises:
        Barred: it is the granter, or holds nothing.
    """
    if granter == subject:
        reason = "nobody can block or unblock themselves"
        raise bar(reason)
    rights = dict.fromkeys(
        (grant.role, grant.organisation)
        for grant in turn.snapshot.facts.of(subject)
        if grant.span.last >= turn.today
    )
    if not rights:
        reason = f"`{bare(subject)}` holds nothing that anybody has power over"
        raise bar(reason)
    return [RevocationRequest(granter, subject, *right) for right in rights]
