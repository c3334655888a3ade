"""Many questions at once: in as many requests as it takes, and all by one version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..errors import ServiceError
from ..terms import Request
from .decisions import Said, said
from .questions import Conditions, question
from .session import Session

AT_ONCE = 1000
"""How many questions stand in one request; a service may take fewer."""

_EVALUATIONS = "/access/v1/evaluations"
_TRIES = 3


def allowed_by_one_version(
    session: Session, requests: Sequence[Request], day: date | None
) -> list[bool]:
    """Decide many requests by one version.

    Raises:
        RequestError: one of them cannot be decided as it is put.
        ServiceError: the service gave no answer, or none that can be used; or the
            policy changed each time while it was asked.
    """
    for _ in range(_TRIES):
        conditions = session.conditions(day)
        found = [
            each
            for first in range(0, len(requests), AT_ONCE)
            for each in _batch(session, requests[first : first + AT_ONCE], conditions)
        ]
        versions = {each.version for each in found}
        if len(versions) <= 1:
            for version in versions:
                session.saw(version)
            return [each.allowed for each in found]
        session.wait_for(max(versions))
    message = "the policy changed each time while the service was asked"
    raise ServiceError(message)


def _batch(
    session: Session, requests: Sequence[Request], conditions: Conditions
) -> list[Said]:
    each_under = [
        replace(conditions, attributes=each.attributes)
        if each.attributes
        else conditions
        for each in requests
    ]
    body = {
        **conditions.said(),
        "evaluations": [
            # a context of its own is read in the place of that for all
            question(each) | (under.said() if each.attributes else {})
            for each, under in zip(requests, each_under, strict=True)
        ],
    }
    answers = session.ask(_EVALUATIONS, body).inners("evaluations")
    if len(answers) != len(requests):
        message = (
            f"the service answered oddly: {len(answers)} decisions to "
            f"{len(requests)} questions"
        )
        raise ServiceError(message)
    return [said(*each) for each in zip(answers, each_under, strict=True)]
