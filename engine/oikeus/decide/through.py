"""Through which role a question about access was allowed, in microseconds.

It is found where the answer was looked up, and names the role alone. The line that
determined the answer, and the grant, are `DecisionPoint.decide`'s to say.
"""

from __future__ import annotations

from datetime import date

from ..terms import Request
from .grants import role_of
from .sent import values_of
from .snapshot import Snapshot


def role_behind(snapshot: Snapshot, request: Request, day: date) -> str | None:
    """The role by which a question is allowed.

    Args:
        snapshot: the version that allowed it.
        request: the question.
        day: it was decided for.

    Returns:
        its id; nothing where no line allows it.

    Raises:
        ModelError: the matcher failed.
    """
    sent = request.attributes and values_of(snapshot.model, request.attributes)
    subject, action, resource, organisation = request
    holder = snapshot.access.behind(
        subject, action, resource, organisation, day.toordinal(), *sent
    )
    if isinstance(holder, str):
        return role_of(holder)
    return role_named(snapshot, request, day)


def role_named(snapshot: Snapshot, request: Request, day: date) -> str | None:
    """The same where no table says it: what the line that allows it names.

    Raises:
        ModelError: the matcher failed.
    """
    answer = snapshot.evaluator.ask(request, day)
    if not answer.allowed or answer.rule is None:
        return None
    return snapshot.model.value(answer.rule, "sub")
