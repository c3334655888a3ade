"""Through which role a question about access was allowed, where no table says it.

It names the role alone. The line that determined the answer, and the grant, are
`DecisionPoint.decide`'s to say.
"""

from __future__ import annotations

from datetime import date

from ..terms import Request
from .snapshot import Snapshot


def role_named(snapshot: Snapshot, request: Request, day: date) -> str | None:
    """The role that the line names by which a question is allowed.

    Args:
        snapshot: the version that allowed it.
        request: the question.
        day: it was decided for.

    Returns:
        its id; nothing where no line allows it.

    Raises:
        ModelError: the matcher failed.
    """
    answer = snapshot.evaluator.ask(request, day)
    if not answer.allowed or answer.rule is None:
        return None
    return snapshot.model.value(answer.rule, "sub")
