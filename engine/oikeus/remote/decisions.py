"""The decisions in an answer.

INVARIANT: only `true` is an allow, and only where nothing else in the answer is odd or
says that no decision was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from ..decide.decision import Cause, Decision, Miss
from ..decide.decision_point import role_id
from ..errors import OikeusError, RequestError, ServiceError
from ..terms import Effect, PowerRequest, Request
from .reading import Fields
from .shapes import grant_of, line_of
from .statuses import one_line


@dataclass(frozen=True, slots=True)
class RemoteDecision(Decision):
    """A decision of a service.

    `misses`, `roles` and `granters` are as the service explains them. It names the rule
    and the grant to those only who may see them.

    Attributes:
        id: by which the service's records know it.
    """

    id: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says without an explanation.

    Attributes:
        allowed: the answer.
        version: the version of the policy that decided.
    """

    allowed: bool
    version: int


def said(fields: Fields) -> Said:
    """Read one decision.

    Raises:
        RequestError: the question cannot be decided as it is put.
        ServiceError: nothing was decided, or the answer is odd.
    """
    allowed = fields.truth("decision")
    context = fields.inner("context")
    if "error" in context:
        raise _error(context.inner("error"))
    return Said(allowed, context.number("version"))


def decision(fields: Fields, asked: Request | PowerRequest) -> RemoteDecision:
    """Read one decision with its explanation.

    Raises:
        RequestError: the question cannot be decided as it is put.
        ServiceError: nothing was decided, or the answer is odd.
    """
    found = said(fields)
    context = fields.inner("context")
    explained = context.inner("explain")
    rule = explained.perhaps("rule", explained.inner)
    grant = explained.perhaps("grant", explained.inner)
    return RemoteDecision(
        effect=Effect.ALLOW if found.allowed else Effect.DENY,
        request=asked,
        at=explained.day("day"),
        version=found.version,
        reason=context.text("reason"),
        rule=None if rule is None else line_of(rule),
        grant=None if grant is None else grant_of(grant),
        misses=tuple(
            Miss(each.choice("cause", Cause), each.text("text"))
            for each in explained.inners("misses")
        ),
        roles=tuple(map(role_id, explained.texts("roles"))),
        granters=tuple(map(role_id, explained.texts("granters"))),
        id=context.text("id"),
    )


def _error(fields: Fields) -> OikeusError:
    """Why one of several questions was not decided."""
    status, text = fields.number("status"), one_line(fields.text("message"))
    if status == HTTPStatus.BAD_REQUEST:
        return RequestError(text)
    return ServiceError(f"the service answered {status}: {text}", status=status)
