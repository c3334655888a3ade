"""Many questions at once: in as many requests as it takes, and all by one version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ..errors import ServiceError
from ..terms import Request
from .decisions import Said, said
from .questions import Conditions, question
from .session import Session
from .versions import by_one_version

AT_ONCE = 1000
"""How many questions stand in one request; a service may take fewer."""

_LARGEST = 900_000
"""How many bytes they have at most, as it is reckoned; a service takes 1 MiB."""

_FRAME, _ESCAPED = 400, 12
"""How many bytes stand around the words of a question, and for what is not ASCII."""

_EVALUATIONS = "/access/v1/evaluations"


def allowed_by_one_version(
    session: Session, requests: Sequence[Request], day: date | None
) -> list[bool]:
    """Decide many requests by one version.

    Raises:
        RequestError: one of them cannot be decided as it is put.
        ServiceError: the service gave no answer, or none that can be used; or the
            policy changed each time while it was asked.
    """

    def ask(conditions: Conditions) -> list[Said]:
        return [
            each
            for some in _portions(requests)
            for each in _batch(session, some, conditions)
        ]

    found = by_one_version(session, session.conditions(day), ask)
    return [each.allowed for each in found]


def _portions(requests: Sequence[Request]) -> Iterator[Sequence[Request]]:
    """As many at a time as one request may have."""
    first = size = 0
    for place, each in enumerate(requests):
        more = _size(each)
        if place > first and (place - first == AT_ONCE or size + more > _LARGEST):
            yield requests[first:place]
            first, size = place, 0
        size += more
    if first < len(requests):
        yield requests[first:]


def _size(asked: Request) -> int:
    """How many bytes a question has at most."""
    sent = (text for pair in asked.attributes for text in pair)
    place = asked.organisation  # stands there twice
    words = "".join((asked.subject, asked.action, asked.resource, place, place, *sent))
    return _FRAME + len(words) * (1 if words.isascii() else _ESCAPED)


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
