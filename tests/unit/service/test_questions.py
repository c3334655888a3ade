"""What a question says twice, with a blank, or not at all, is told and not denied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint, Line, Snapshot
from oikeus.service.application import application
from oikeus.service.settings import Settings

from .asking import Answer, ask, node

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
TWICE = "says its type once more, expected it without `person:`"
BLANK = "has a leading or trailing blank, expected none"

HOKS = {"type": "hoks", "id": "1", "properties": {"organisation": "1.2"}}
READ = {"name": "read"}


def person(name: str) -> dict[str, str]:
    """Somebody."""
    return {"type": "person", "id": name}


def role(to: object) -> dict[str, Any]:
    """A role to be given to somebody."""
    properties = {"organisation": "1.2", "to": to}
    return {"type": "role", "id": "ehoks-kayttaja", "properties": properties}


def asked(app: ASGIApp, subject: dict[str, str]) -> list[Answer]:
    """Everything that can be asked about a subject, but among others."""
    searched = {"subject": subject, "resource": HOKS}
    return [
        ask(app, ONE, {**searched, "action": READ}),
        ask(app, "/access/v1/search/action", searched),
        ask(
            app,
            "/access/v1/search/resource",
            {"subject": subject, "action": READ, "resource": {"type": "hoks"}},
        ),
    ]


def among_others(app: ASGIApp, subject: dict[str, str]) -> dict[str, Any]:
    """The answer about a subject among several questions."""
    items = [{"subject": who} for who in (person("user"), subject)]
    body = {"action": READ, "resource": HOKS, "evaluations": items}
    first, second = ask(app, MANY, body).json["evaluations"]
    assert first["decision"] is True
    return dict(second)


@pytest.mark.parametrize(
    ("name", "flaw"),
    [("person:user", TWICE), ("person:", TWICE), (" user", BLANK), (" ", BLANK)],
)
def test_id_that_only_a_mistake_makes(app: ASGIApp, name: str, flaw: str) -> None:
    """It is told: a deny would look like an answer."""
    detail = f"the subject's id {flaw}"
    for answer in asked(app, person(name)):
        assert (answer.status, answer.json["detail"]) == (400, detail)
    other = among_others(app, person(name))
    assert other["decision"] is False
    assert other["context"]["error"] == {"status": 400, "message": detail}


def test_id_of_an_unknown_type_finds_nothing(app: ASGIApp) -> None:
    """Whatever it is."""
    body = {"subject": {"type": "cat", "id": "cat:1"}, "resource": HOKS}
    assert ask(app, "/access/v1/search/action", body).json["results"] == []


def test_id_with_another_type_before_it_is_one(app: ASGIApp) -> None:
    """An id may hold a colon, as the URN of a system does."""
    for name in ("system:user", "urn:oid:1", "personal:user"):
        for answer in asked(app, person(name)):
            assert answer.status == 200
        assert "error" not in among_others(app, person(name))["context"]


def test_id_that_says_its_type_is_that_of_somebody_who_holds_something(
    lines: Sequence[Line], ehoks: DecisionPoint
) -> None:
    """It is theirs, and what is found about them can be asked."""
    held = ("person:person:1", "role:ehoks-kayttaja", "1.2@2026-01-01..2026-12-31")
    old = ehoks.snapshot
    snapshot = Snapshot.build(
        old.model, (*lines, Line("g", held)), catalogue=old.catalogue
    )
    point = DecisionPoint(snapshot, today=ehoks.today)
    app = application(node(point), Settings())
    sort = {"subject": {"type": "person"}, "action": READ, "resource": HOKS}
    found = ask(app, "/access/v1/search/subject", sort).json["results"]
    assert person("person:1") in found
    for each in found:
        assert asked(app, each)[0].json["decision"] is True
        assert among_others(app, each)["decision"] is True


@pytest.mark.parametrize(
    ("name", "flaw"),
    [("person:new", TWICE), (" new", BLANK)],
)
def test_recipient_that_only_a_mistake_makes(
    app: ASGIApp, name: str, flaw: str
) -> None:
    """As an object of type and id; as a text it says its type once."""
    detail = f"the id of resource.properties.to {flaw}"
    body = {"subject": person("boss"), "action": {"name": "grant"}}
    answer = ask(app, ONE, {**body, "resource": role(person(name))})
    assert (answer.status, answer.json["detail"]) == (400, detail)
    for to in (person("new"), "person:new"):
        assert ask(app, ONE, {**body, "resource": role(to)}).json["decision"] is True


def test_organisation_that_is_not_said_or_is_none(app: ASGIApp) -> None:
    """Each is told from the other."""
    expected = "expected the id of an organisation"
    for properties, flaw in (
        ({}, "is missing"),
        ({"organization": "1.2"}, "is missing"),
        ({"organisation": None}, "is no text"),
        ({"organisation": ["1.2"]}, "is no text"),
    ):
        resource = {"type": "hoks", "id": "1", "properties": properties}
        body = {"subject": person("user"), "action": READ, "resource": resource}
        detail = ask(app, ONE, body).json["detail"]
        assert detail == f"resource.properties.organisation {flaw}, {expected}"
