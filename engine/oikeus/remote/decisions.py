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
from .questions import Conditions
from .reading import Fields
from .shapes import grant_of, line_of


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


def version_by(said: Fields, conditions: Conditions) -> int:
    """The version that decided, where it was decided as it was asked.

    A service that knows no `day` decides for its today, and one that knows no
    `attributes` without them: neither says a day. One that is not told
    `at_least_version` decides by what it has.

    Raises:
        ServiceError: it was another day or an older version, or without attributes.
    """
    day, least = conditions.day, conditions.at_least
    told = said.perhaps("day", said.day)
    if day is not None and told != day:
        message = (
            f"the service did not decide for {day}, expected a question about its today"
        )
        raise ServiceError(message)
    if conditions.attributes and told is None:
        message = "the service passed the attributes over, expected a question of none"
        raise ServiceError(message)
    version = said.number("version")
    if version < least:
        message = (
            f"the service decided by version {version}, expected {least} or a later one"
        )
        raise ServiceError(message)
    return version


def said(fields: Fields, conditions: Conditions) -> Said:
    """Read one decision.

    Args:
        fields: the answer.
        conditions: how it was to be decided.

    Raises:
        RequestError: the question cannot be decided as it is put.
        ServiceError: nothing was decided, or not as it was asked, or the answer is odd.
    """
    allowed = fields.truth("decision")
    context = fields.inner("context")
    if "error" in context:
        raise _error(context.inner("error"))
    return Said(allowed, version_by(context, conditions))


def decision(
    fields: Fields, asked: Request | PowerRequest, conditions: Conditions
) -> RemoteDecision:
    """Read one decision, with what the service explains of it.

    Raises:
        RequestError: the question cannot be decided as it is put.
        ServiceError: nothing was decided, or not as it was asked, or the answer is odd.
    """
    found = said(fields, conditions)
    context = fields.inner("context")
    explained = context.perhaps("explain", context.inner) or Fields({})
    rule = explained.perhaps("rule", explained.inner)
    grant = explained.perhaps("grant", explained.inner)
    misses = explained.perhaps("misses", explained.inners) or ()
    return RemoteDecision(
        effect=Effect.ALLOW if found.allowed else Effect.DENY,
        request=asked,
        at=context.day("day"),
        version=found.version,
        reason=context.sentence("reason"),
        rule=None if rule is None else line_of(rule),
        grant=None if grant is None else grant_of(grant),
        misses=tuple(
            Miss(each.choice("cause", Cause), each.sentence("text")) for each in misses
        ),
        roles=_roles(explained, "roles"),
        granters=_roles(explained, "granters"),
        id=context.text("id"),
    )


def _roles(explained: Fields, name: str) -> tuple[str, ...]:
    return tuple(map(role_id, explained.perhaps(name, explained.texts) or ()))


def _error(fields: Fields) -> OikeusError:
    """Why one of several questions was not decided."""
    status, text = fields.number("status"), fields.sentence("message")
    if status == HTTPStatus.BAD_REQUEST:
        return RequestError(text)
    return ServiceError(f"the service answered {status}: {text}", status=status)
