"""A point that is somewhere else: what it asks, and what it takes for an allow."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from oikeus import RemotePoint, Request, RequestError, ServiceError

from .conftest import Answer, Scripted

QUESTION = ("person:anna", "read", "hoks", "1.2")
DAY = date(2026, 3, 1)


def test_question_is_put_as_authzen_has_it(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """With the version that it must at least be decided by."""
    service.will(answer())
    point.wait_for(5)
    assert point.allows(*QUESTION) is True
    assert service.bodies() == [
        {
            "subject": {"type": "person", "id": "anna"},
            "action": {"name": "read"},
            "resource": {
                "type": "hoks",
                "id": "1.2",
                "properties": {"organisation": "1.2"},
            },
            "context": {"at_least_version": 5},
        }
    ]
    assert point.version == 7


ODD: dict[str, Any] = {
    "one": {"decision": 1, "context": {"version": 7}},
    "text": {"decision": "true", "context": {"version": 7}},
    "nothing": {"decision": None, "context": {"version": 7}},
    "none": {"context": {"version": 7}},
    "no context": {"decision": True},
    "no version": {"decision": True, "context": {}},
    "error": {"decision": True, "context": {"error": {"status": 500, "message": "x"}}},
    "html": b"<html>",
}


@pytest.mark.parametrize("case", ODD, ids=list(ODD))
def test_odd_answer_is_never_an_allow(
    point: RemotePoint, service: Scripted, case: str
) -> None:
    """It is an error, whichever way it was asked."""
    asks: list[Callable[[], object]] = [
        lambda: point.allows(*QUESTION),
        lambda: point.decide(Request(*QUESTION)),
    ]
    for ask in asks:
        service.will(ODD[case])
        with pytest.raises(ServiceError):
            ask()


def test_day_is_decided_for_or_nothing_is(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """A service that passes the day over would answer about its today."""
    for context in ({}, {"day": "2026-03-02"}):
        service.will(answer(**context))
        with pytest.raises(ServiceError, match="did not decide for 2026-03-01"):
            point.allows(*QUESTION, DAY)
    service.will(answer(day="2026-03-01"))
    assert point.allows(*QUESTION, DAY)
    assert service.bodies()[-1]["context"]["day"] == "2026-03-01"


def test_deny_has_the_reason(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """And is no yes in a condition."""
    service.will(answer(decision=False, reason="no role"))
    decision = point.decide(Request(*QUESTION))
    assert not decision
    assert (decision.reason, decision.version, decision.id) == ("no role", 7, "d-1")


def test_many_have_as_many_answers(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """Fewer or more are none."""
    service.will({"evaluations": [answer(), answer(decision=False)]})
    assert point.allows_many([QUESTION, Request(*QUESTION)]) == [True, False]
    for count in (1, 3):
        service.will({"evaluations": [answer()] * count})
        with pytest.raises(ServiceError, match="decisions to 2 questions"):
            point.allows_many([QUESTION, QUESTION])


def test_searches_follow_pages(point: RemotePoint, service: Scripted) -> None:
    """Persons, then systems; all of one version."""

    def page(token: str, name: str, version: int = 7) -> None:
        results = [{"type": "person", "id": name}]
        context = {"version": version}
        service.will(
            {"page": {"next_token": token}, "context": context, "results": results}
        )

    page("t", "b")
    page("", "a")
    page("", "c")
    assert point.who_can("read", "hoks", "1.2") == ("person:a", "person:b", "system:c")
    page("t", "b")
    page("", "a", 8)
    with pytest.raises(ServiceError, match="the policy changed"):
        point.who_can("read", "hoks", "1.2")
    place = {"type": "hoks", "id": "*", "properties": {"organisation": "1.2"}}
    service.will({"context": {"version": 7}, "results": [place]})
    assert point.where_can("person:a", "read", "hoks") == ("1.2",)
    with pytest.raises(RequestError, match="cannot list all that a subject may do"):
        point.what_can("person:a")
