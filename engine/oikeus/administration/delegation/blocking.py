"""Blocking by a power over what the subject holds (ruling N).

Power over one of its grants is enough to block a subject, since it may be urgent; but
whoever holds a power is blocked only by those who stand above each such grant. Else
anybody could give a superior a small right, and switch the superior off by it. To lift
a block gives all grants back, so it takes standing above each of them. Nobody does
either to themselves. A refusal says nothing of what the subject holds, which is not its
granter's to know.

To stand above a grant is to hold there a role with the power over it, or with the power
over a role that stands above it, and so on. That gives no right to pass on (ruling E).
"""

from __future__ import annotations

from collections.abc import Iterable

from ...decide.held import held_here, is_blocked
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
    requests = _requests(turn, granter, subject)
    over = _Standing(turn, granter)
    for request in requests:
        try:
            power = power_to_revoke(turn, request)
        except Barred:
            continue
        if all(map(over.stands_above, over.powerful(requests))):
            return power
        break
    reason = (
        f"it takes power over a right that `{bare(subject)}` holds, and to stand above "
        "each power among them, or the owner"
    )
    raise _barred(turn, granter, reason)


def power_to_unblock(turn: Turn, granter: str, subject: str) -> Line | None:
    """The line that gives power over one of the grants that the subject gets back.

    It is none where the granter stands above all of them through others only.

    Raises:
        Barred: it holds a grant that the granter does not stand above, or none.
    """
    over = _Standing(turn, granter)
    requests = _requests(turn, granter, subject)
    if is_blocked(turn.snapshot, granter) or not (
        requests and all(map(over.stands_above, requests))
    ):
        gets = f"all that `{bare(subject)}` gets back"
        reason = f"it takes to stand above {gets}, or the owner"
        raise _barred(turn, granter, reason)
    answers = (turn.snapshot.evaluator.ask(each, turn.today) for each in requests)
    return next((answer.rule for answer in answers if answer.allowed), None)


class _Standing:
    """Which grants a granter stands above today."""

    def __init__(self, turn: Turn, granter: str) -> None:
        self._turn = turn
        self._granter = granter
        self._given: dict[str, set[str]] = {}
        model = turn.snapshot.model
        for line in turn.snapshot.facts.rules["p2"]:
            given = self._given.setdefault(model.value(line, "sub"), set())
            given.add(model.value(line, "role"))
        self._below: dict[str, frozenset[str]] = {}

    def powerful(
        self, requests: Iterable[RevocationRequest]
    ) -> list[RevocationRequest]:
        """Those of the grants asked about that give a power."""
        return [request for request in requests if request.role in self._given]

    def stands_above(self, request: RevocationRequest) -> bool:
        """Whether the granter stands above the grant asked about."""
        place = request.organisation
        if place not in self._below:
            held = held_here(
                self._turn.snapshot, self._granter, place, self._turn.today
            )
            self._below[place] = self._reached({grant.role for grant in held})
        return request.role in self._below[place]

    def _reached(self, roles: set[str]) -> frozenset[str]:
        """The roles that these lead to by powers, one after another."""
        found: set[str] = set()
        while roles:
            given = set().union(*(self._given.get(role, ()) for role in roles))
            roles = given - found
            found |= roles
        return frozenset(found)


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
