"""Through which role a question about access was allowed, in microseconds.

It is found where the answer was looked up, and names the role alone. The line that
determined the answer, and the grant, are `DecisionPoint.decide`'s to say.
"""

from __future__ import annotations

from datetime import date

from ..terms import Request
from .grants import role_of
from .snapshot import Snapshot

_FORMS = frozenset({"allowing", "denying"})
"""The forms whose tables say by themselves who is allowed."""


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
    holder = _holder(snapshot, request, day.toordinal())
    if holder is not None:
        return role_of(holder)
    answer = snapshot.evaluator.ask(request, day)
    if not answer.allowed or answer.rule is None:
        return None
    return snapshot.model.value(answer.rule, "sub")


def _holder(snapshot: Snapshot, request: Request, day: int) -> str | None:
    """The holder that the tables allow, if it is they that do: as `deciding` goes."""
    access, matcher = snapshot.access, snapshot.evaluator.matchers["m"]
    if matcher.decider is None or access.form not in _FORMS:
        return None
    live, later, found, places, *_ = access.looked_up
    parts = {"r_obj": request.resource, "r_act": request.action}
    try:
        for place in matcher.decider.folding.request:
            found = found[parts[matcher.plan.signature.request[place]]]
        above = places[request.organisation]
    except KeyError:
        return None
    if access.form == "denying":
        found, _ = found
    subject = request.subject
    grant = later[subject] if subject in later else live.get(subject)
    while grant is not None:
        place, holder, first, last, grant = grant
        if (
            holder in found
            and place in above
            and first <= day <= last
            and holder in above[place]
        ):
            return str(holder)
    return None
