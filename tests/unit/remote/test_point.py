"""A point that is somewhere else: what it asks, and what it takes for an allow."""

import inspect
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from oikeus import (
    Decides,
    DecisionPoint,
    LivePoint,
    Permission,
    RemotePoint,
    Request,
    RequestError,
    ServiceError,
)

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
    service.will(answer(decision=False, reason="no role", day="2026-03-01"))
    decision = point.decide(Request(*QUESTION))
    assert not decision
    assert (decision.reason, decision.version, decision.id) == ("no role", 7, "d-1")
    assert decision.at == DAY
    service.will(answer())
    with pytest.raises(ServiceError, match=r"`context\.day` is not text"):
        point.decide(Request(*QUESTION))


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

    def page(token: str, name: str, version: int = 7, *, kind: str = "person") -> None:
        results = [{"type": kind, "id": name}]
        context = {"version": version}
        service.will(
            {"page": {"next_token": token}, "context": context, "results": results}
        )

    kinds(service)
    page("t", "b")
    page("", "a")
    page("", "c", kind="system")
    assert point.who_can("read", "hoks", "1.2") == ("person:a", "person:b", "system:c")
    assert [each["page"] for each in service.bodies()[1:]] == [
        {"limit": 1000},
        {"limit": 1000, "token": "t"},
        {"limit": 1000},
    ]
    place = {"type": "hoks", "id": "*", "properties": {"organisation": "1.2"}}
    service.will({"context": {"version": 7}, "results": [place]})
    assert point.where_can("person:a", "read", "hoks") == ("1.2",)


def test_powers_are_asked_as_roles_that_can_be_granted(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """To grant and to revoke are actions on them."""
    asked = ("person:a", "person:b", "role:reader", "1.2")
    for ask, action in ((point.may_grant, "grant"), (point.may_revoke, "revoke")):
        service.will(answer(reason="no power", decision=False, day="2026-03-01"))
        assert ask(*asked).allowed is False
        assert service.bodies()[-1] == {
            "subject": {"type": "person", "id": "a"},
            "action": {"name": action},
            "resource": {
                "type": "role",
                "id": "reader",
                "properties": {"organisation": "1.2", "to": "person:b"},
            },
            "context": {"explain": True},
        }
    kinds(service)
    for kind, name in (("person", "a"), ("system", "c")):
        found = [{"type": kind, "id": name}]
        service.will({"context": {"version": 7}, "results": found})
    granters = point.who_may_grant("person:b", "reader", "1.2")
    assert granters == ("person:a", "system:c")


def test_place_of_a_resource_may_be_its_id(
    point: RemotePoint, service: Scripted
) -> None:
    """Where it has no properties."""
    place = {"type": "record", "id": "record-1"}
    service.will({"context": {"version": 7}, "results": [place]})
    assert point.where_can("person:a", "read", "record") == ("record-1",)


def test_many_are_decided_by_one_version_or_not_at_all(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """What was decided by several is asked again, by the last of them or later."""
    mixed = {"evaluations": [answer(), answer() | {"context": {"version": 8}}]}
    newer = answer() | {"context": {"version": 8, "id": "d-2", "reason": "a rule"}}
    service.will(mixed)
    service.will({"evaluations": [newer, newer]})
    assert point.allows_many([QUESTION, QUESTION]) == [True, True]
    assert service.bodies()[-1]["context"] == {"at_least_version": 8}
    for first in (8, 9, 10):
        service.will(
            {
                "evaluations": [
                    answer() | {"context": {"version": version}}
                    for version in (first, first + 1)
                ]
            }
        )
    with pytest.raises(ServiceError, match="the policy changed each time"):
        point.allows_many([QUESTION, QUESTION])


def test_question_among_many_that_was_not_decided(
    point: RemotePoint, service: Scripted
) -> None:
    """It is an error of the same kind as where it is asked alone."""
    for status, kind in ((400, RequestError), (403, ServiceError)):
        wrong = {"error": {"status": status, "message": "not there"}}
        service.will({"evaluations": [{"decision": False, "context": wrong}]})
        with pytest.raises(kind, match="not there"):
            point.allows_many([QUESTION])


def permission(action: str, organisation: str) -> dict[str, Any]:
    """Something that a subject may do."""
    properties = {"organisation": organisation}
    where = {"type": "hoks", "id": "*", "properties": properties}
    return {"action": {"name": action}, "resource": where}


def test_permissions_are_those_of_a_search_of_ours(
    point: RemotePoint, service: Scripted
) -> None:
    """Each with its places, in the order of the service."""
    found = [("read", "1.2"), ("read", "1.3"), ("share", "1.2")]
    results = [permission(*each) for each in found]
    service.will({"context": {"version": 7}, "results": results})
    assert point.what_can("person:a") == (
        Permission("read", "hoks", ("1.2", "1.3")),
        Permission("share", "hoks", ("1.2",)),
    )
    record = {
        "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"},
    }
    service.will({"context": {"version": 7}, "results": [record]})
    assert point.what_can("person:a", "record-1") == (
        Permission("read", "record", ("record-1",)),
    )
    assert [call.path for call in service.calls] == ["/access/v1/search/permission"] * 2
    subject = {"type": "person", "id": "a"}
    place = {"properties": {"organisation": "record-1"}}
    assert service.bodies() == [
        {"subject": subject, "page": {"limit": 1000}},
        {"subject": subject, "resource": place, "page": {"limit": 1000}},
    ]


def kinds(service: Scripted, *names: str) -> None:
    """Have it ready of which types subjects may be."""
    service.will({"subject_types": names or ("person", "system")})


SENT = {"status": "open"}


def asks_with_attributes(
    point: RemotePoint, day: date | None
) -> list[Callable[[], object]]:
    """Every question that takes them."""
    asked = Request(*QUESTION, attributes=SENT)
    return [
        lambda: point.decide(asked, day),
        lambda: point.allows_many([asked], day),
        lambda: point.who_can("read", "hoks", "1.2", day, attributes=SENT),
        lambda: point.what_can("person:a", None, day, attributes=SENT),
        lambda: point.where_can("person:a", "read", "hoks", day, attributes=SENT),
    ]


@pytest.mark.parametrize("day", [DAY, None])
def test_service_that_passes_attributes_over_is_found_out(
    point: RemotePoint, service: Scripted, answer: Answer, day: date | None
) -> None:
    """It does not say which day it decided for."""
    for ask in asks_with_attributes(point, day):
        for told in (answer(), answer(day="2026-03-01")):
            service.answers.clear()
            whole = {"results": [], "evaluations": [told], "subject_types": ["person"]}
            for _ in range(2):
                service.will(told | whole)
            if "day" in told["context"]:
                ask()
            else:
                with pytest.raises(ServiceError, match=r"the service (passed|did not)"):
                    ask()
            sent = service.bodies()[-1]
            of_each = sent.get("evaluations", [sent])[0]
            assert of_each["context"]["attributes"] == SENT


def test_attributes_are_those_of_each_of_many(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """Those without are asked as the rest."""
    point.wait_for(5)
    told = answer(day="2026-03-01")
    service.will({"evaluations": [told, told]})
    point.allows_many([QUESTION, Request(*QUESTION, attributes=SENT)], DAY)
    (sent,) = service.bodies()
    whole = {"day": "2026-03-01", "at_least_version": 5}
    assert sent["context"] == whole
    plain, other = sent["evaluations"]
    assert "context" not in plain
    assert other["context"] == {**whole, "attributes": SENT}


def test_attributes_that_are_none_are_not_sent(
    point: RemotePoint, service: Scripted
) -> None:
    """They are refused as they are here."""
    with pytest.raises(RequestError, match="is not text"):
        point.who_can("read", "hoks", "1.2", attributes={"status": 7})  # type: ignore[dict-item]
    assert service.calls == []


def test_older_version_than_was_asked_for_is_no_answer(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """A node that passes over what it is asked for would allow what was revoked."""
    assert point.wait_for(8) is True
    asks: list[Callable[[], object]] = [
        lambda: point.allows(*QUESTION),
        lambda: point.decide(Request(*QUESTION)),
        lambda: point.allows_many([QUESTION]),
        lambda: point.may_grant("person:a", "person:b", "reader", "1.2"),
        lambda: point.may_revoke("person:a", "person:b", "reader", "1.2"),
        lambda: point.who_can("read", "hoks", "1.2"),
        lambda: point.who_may_grant("person:a", "reader", "1.2"),
        lambda: point.what_can("person:a"),
        lambda: point.where_can("person:a", "read", "hoks"),
    ]
    for ask in asks:
        service.answers.clear()
        told = answer()
        whole = {"results": [], "evaluations": [told], "subject_types": ["person"]}
        for _ in range(2):
            service.will(told | whole)
        with pytest.raises(ServiceError, match="by version 7, expected 8 or a later"):
            ask()
    assert point.version == 0


def test_subjects_are_of_the_types_that_the_service_has(
    point: RemotePoint, service: Scripted
) -> None:
    """Another policy has others than persons and systems."""
    kinds(service, "user")
    found = [{"type": "user", "id": "alice"}]
    service.will({"context": {"version": 7}, "results": found})
    assert point.who_can("read", "record", "record-1") == ("user:alice",)
    asked, searched = service.calls
    assert (asked.method, asked.path) == ("GET", "/.well-known/authzen-configuration")
    assert searched.path == "/access/v1/search/subject"
    assert service.bodies()[1]["subject"] == {"type": "user"}
    service.will({"policy_decision_point": "https://other.example"})
    with pytest.raises(ServiceError, match="`subject_types` is not a list"):
        point.who_can("read", "record", "record-1")


def test_search_is_by_one_version_or_by_none(
    point: RemotePoint, service: Scripted
) -> None:
    """What a change came into is searched anew, by that version or a later one."""
    kinds(service)
    for version in (7, 8, 8, 8):
        service.will({"context": {"version": version}, "results": []})
    assert point.who_can("read", "hoks", "1.2") == ()
    assert point.version == 8
    first, *_, last = service.bodies()[1:]
    assert ("context" in first, last["context"]) == (False, {"at_least_version": 8})
    kinds(service)
    for version in (8, 9, 9, 10, 10, 11):
        service.will({"context": {"version": version}, "results": []})
    with pytest.raises(ServiceError, match="the policy changed each time"):
        point.who_can("read", "hoks", "1.2")
    service.will({"context": {"version": 9}, "results": []})
    assert point.where_can("person:a", "read", "hoks") == ()


def test_many_questions_are_asked_in_portions(
    point: RemotePoint, service: Scripted, answer: Answer
) -> None:
    """Of a thousand at most, and of less than a service takes; an answer for each."""
    long = "x" * 255
    wide = "\u00e4" * 255
    for asked, portions in (
        ([QUESTION] * 2001, [1000, 1000, 1]),
        ([("person:anna", long, long, long)] * 1300, [628, 628, 44]),
        ([("person:anna", wide, wide, wide)] * 100, [70, 30]),
    ):
        service.calls.clear()
        for portion in portions:
            service.will({"evaluations": [answer()] * portion})
        assert point.allows_many(asked) == [True] * len(asked)
        sent = [len(each["evaluations"]) for each in service.bodies()]
        assert sent == portions
        assert all(len(call.body or b"") < 2**20 for call in service.calls)
    assert point.allows_many([]) == []


QUESTIONS = [name for name in vars(Decides) if not name.startswith("_")]


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_are_those_of_a_point_here(name: str) -> None:
    """With the same parameters, in the same order."""
    here, there = getattr(LivePoint, name), getattr(RemotePoint, name)
    assert type(here) is type(there)
    if callable(here):
        asked = inspect.signature(here).parameters
        assert inspect.signature(there).parameters == asked


def test_what_else_a_point_here_has_is_documented(repository: Path) -> None:
    """Each name stands in the table, with what there is at a service."""
    text = (repository / "docs" / "client.md").read_text(encoding="utf-8")
    _, _, table = text.partition("| at a database | at a service |")
    here, there = {*dir(DecisionPoint)}, {*dir(RemotePoint)}
    of_one = {
        name
        for name in (here - there) | (there - {*dir(LivePoint)})
        if not name.startswith("_")
    }
    assert of_one
    for name in of_one:
        assert f"`{name}`" in table, name
