"""Why somebody may or may not take a right from its holder (ruling E), with reasons."""

from __future__ import annotations

from datetime import date

from ..terms import Effect, RevocationRequest
from .decision import Decision, Miss
from .evaluator import Answer
from .explain_allow import explain_allow
from .explain_power import without_power
from .held import is_blocked, is_known
from .nearest import least_over_grants
from .snapshot import Snapshot
from .strangers import imagine, powerful_over, stranger
from .whatif import Question
from .wording import all_of


def explain_revoking(
    snapshot: Snapshot, request: RevocationRequest, day: date, answer: Answer
) -> Decision:
    """Make a decision of an answer."""
    if not answer.allowed or answer.rule is None:
        return _deny(snapshot, request, day)
    if request.granter == request.recipient:
        reason = "one may give up one's own right"
        return Decision(Effect.ALLOW, request, day, snapshot.version, reason)
    return explain_allow(snapshot, request, day, answer.rule)


def _deny(snapshot: Snapshot, request: RevocationRequest, day: date) -> Decision:
    powerful = powerful_over(snapshot, request.role)
    question = Question(snapshot.facts, request, day)
    reason, _ = without_power(snapshot, request)
    misses: tuple[Miss, ...] = ()
    if is_known(snapshot, request.organisation):
        misses = least_over_grants(snapshot, question, powerful, lambda *_: ())
    if not misses and is_blocked(snapshot, request.granter):
        reason = f"{reason}; besides, the subject is blocked"
    return Decision(
        Effect.DENY,
        request,
        day,
        snapshot.version,
        all_of(misses) or reason,
        misses=misses,
        roles=powerful,
        granters=_able(snapshot, request, powerful, day),
    )


def _able(
    snapshot: Snapshot,
    request: RevocationRequest,
    powerful: tuple[str, ...],
    day: date,
) -> tuple[str, ...]:
    """The roles whose holders, suitably placed, could revoke it here."""
    imagined = imagine(snapshot, request.organisation, day)
    return tuple(
        power
        for power in powerful
        if any(
            imagined.ask(
                RevocationRequest(
                    stranger(snapshot, kind, power),
                    request.recipient,
                    request.role,
                    request.organisation,
                ),
                day,
            ).allowed
            for kind in snapshot.facts.kinds(power)
        )
    )
