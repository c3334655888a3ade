"""Why a question was allowed: the determining rule, and the grant it came through."""

from __future__ import annotations

from datetime import date

from ..terms import Effect, Line, PowerRequest, Request
from .decision import Decision
from .held import grant_behind
from .snapshot import Snapshot
from .wording import grant_text, rule_text


def explain_allow(
    snapshot: Snapshot, request: Request | PowerRequest, day: date, rule: Line
) -> Decision:
    """Make a decision of an allow, by the rule that determined it."""
    asking = request.subject if isinstance(request, Request) else request.granter
    grant = grant_behind(snapshot, asking, rule, request.organisation, day)
    held = f"{grant_text(snapshot, grant)}, " if grant else ""
    reason = f"{held}by {rule_text(rule)}"
    return Decision(
        Effect.ALLOW,
        request,
        day,
        snapshot.version,
        reason,
        rule=rule,
        grant=grant,
    )
