"""Searches of eHOKS: roles, organisations, pages, and what a caller may find."""

from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint, Scope
from oikeus.service.application import application
from oikeus.service.callers import Caller
from oikeus.service.settings import Settings

from .asking import ALL, ask, node

SEARCH = "/access/v1/search/"
USER = {"type": "person", "id": "user"}
BOSS = {"type": "person", "id": "boss"}
READ, GRANT, REVOKE = ({"name": name} for name in ("read", "grant", "revoke"))


def hoks(organisation: str | None = "1.2.1") -> dict[str, Any]:
    """Plans, of one organisation or of any."""
    place = {} if organisation is None else {"organisation": organisation}
    return {"type": "hoks", "id": "1", "properties": place}


def role(to: str | None = "person:new", organisation: str = "1.2") -> dict[str, Any]:
    """A role to be granted."""
    properties = {"organisation": organisation} | ({} if to is None else {"to": to})
    return {"type": "role", "id": "ehoks-kayttaja", "properties": properties}


def results(app: ASGIApp, what: str, **body: Any) -> Any:  # noqa: ANN401
    """What is found."""
    answer = ask(app, SEARCH + what, body)
    assert answer.status == 200, answer.text
    assert answer.json["context"] == {"version": 0}
    return answer.json["results"]


def people(app: ASGIApp, **body: Any) -> list[str]:  # noqa: ANN401
    """The ids of people that are found."""
    return [each["id"] for each in results(app, "subject", **body)]


def test_subjects(app: ASGIApp) -> None:
    """Of the type, without who is blocked."""
    sort = {"type": "person"}
    assert people(app, subject=sort, action=READ, resource=hoks()) == ["boss", "user"]
    system = {"type": "system"}
    assert people(app, subject=system, action=READ, resource=hoks()) == []
    assert people(app, subject=sort, action=GRANT, resource=role()) == ["boss"]
    assert people(app, subject=sort, action=REVOKE, resource=role()) == ["boss", "new"]


def test_resources_are_found_by_organisation(app: ASGIApp) -> None:
    """Each stands for all of its type there, and asking about it says yes."""
    found = results(app, "resource", subject=USER, action=READ, resource=hoks(None))
    assert found == [
        {"type": "hoks", "id": "*", "properties": {"organisation": place}}
        for place in ("1.2", "1.2.1")
    ]
    for each in found:
        body = {"subject": USER, "action": READ, "resource": each}
        assert ask(app, "/access/v1/evaluation", body).json["decision"] is True
    sort = {"type": "hoks"}
    assert results(app, "resource", subject=USER, action=READ, resource=sort) == found
    one = results(app, "resource", subject=USER, action=READ, resource=hoks())
    assert one == found[1:]


def test_roles_that_somebody_may_give(app: ASGIApp) -> None:
    """Where and to whom has to be said."""
    asked = {"type": "role", "properties": role()["properties"]}
    found = results(app, "resource", subject=BOSS, action=GRANT, resource=asked)
    assert found == [{**asked, "id": "ehoks-kayttaja"}]
    for body in (role(None), {"type": "role"}):
        answer = ask(
            app,
            f"{SEARCH}resource",
            {"subject": BOSS, "action": GRANT, "resource": body},
        )
        assert answer.status == 400


def test_actions(app: ASGIApp) -> None:
    """On plans, and on a role."""
    found = results(app, "action", subject=USER, resource=hoks())
    assert found == [{"name": "read"}, {"name": "share"}]
    found = results(app, "action", subject=BOSS, resource=role())
    assert found == [{"name": "grant"}, {"name": "revoke"}]
    assert results(app, "action", subject=USER, resource=role()) == []
    cat = {"type": "cat", "id": "1"}
    assert results(app, "action", subject=cat, resource=role()) == []


def test_model_that_says_nothing_of_revoking(records: DecisionPoint) -> None:
    """It has no such action."""
    served = application(node(records), Settings())
    alice = {"type": "user", "id": "alice"}
    place = {"organisation": "record-1", "to": "user:bob"}
    resource = {"type": "role", "id": "reader", "properties": place}
    assert results(served, "action", subject=alice, resource=resource) == []
    subject = {"type": "user"}
    found = results(
        served, "subject", subject=subject, action=REVOKE, resource=resource
    )
    assert found == []


def test_caller_finds_what_it_reaches(ehoks: DecisionPoint) -> None:
    """And nothing else: an empty answer tells nothing of the rest."""
    caller = Caller("token:1", None, ALL, ("1.2.1",))
    served = application(node(ehoks, caller), Settings())
    sort = {"type": "person"}
    assert people(served, subject=sort, action=READ, resource=hoks("1.2")) == []
    found = results(served, "resource", subject=USER, action=READ, resource=hoks(None))
    assert [each["properties"]["organisation"] for each in found] == ["1.2.1"]
    assert results(served, "action", subject=USER, resource=hoks("1.2")) == []
    assert results(served, "action", subject=BOSS, resource=role()) == []
    asked = role()
    assert results(served, "resource", subject=BOSS, action=GRANT, resource=asked) == []


@pytest.mark.parametrize("what", ["subject", "resource", "action"])
def test_caller_without_the_scope(ehoks: DecisionPoint, what: str) -> None:
    """Whoever may only evaluate does not search."""
    caller = Caller("token:1", None, frozenset({Scope.EVALUATE}))
    served = application(node(ehoks, caller), Settings())
    body = {"subject": USER, "action": READ, "resource": hoks()}
    assert ask(served, SEARCH + what, body).status == 403


def test_ids_that_are_none(app: ASGIApp) -> None:
    """They are refused, and not repeated."""
    body = {"subject": {"type": "person"}, "action": READ, "resource": hoks("a,b")}
    answer = ask(app, f"{SEARCH}subject", body)
    detail = "the question holds what is no id, expected ids"
    assert (answer.status, answer.json["detail"]) == (400, detail)


def test_pages_follow_each_other(app: ASGIApp) -> None:
    """By tokens that are good for their question alone."""
    body: dict[str, Any] = {
        "subject": {"type": "person"},
        "action": READ,
        "resource": hoks(),
        "page": {"limit": 1},
        "context": {"at_least_version": 0},
    }
    path = f"{SEARCH}subject"
    first = ask(app, path, body).json
    assert [each["id"] for each in first["results"]] == ["boss"]
    token = first["page"]["next_token"]
    assert first["page"] == {"next_token": token, "count": 1, "total": 2}
    body |= {"page": {"limit": 1, "token": token}, "context": {"explain": False}}
    second = ask(app, path, body).json
    assert [each["id"] for each in second["results"]] == ["user"]
    assert second["page"] == {"next_token": "", "count": 1, "total": 2}
    other = body | {"action": {"name": "share"}}
    wrong = [
        other,
        *(
            body | {"page": {"token": each}}
            for each in ("x", "é", f"{token}AA", "A" * 2000)
        ),
        *(body | {"page": {"limit": each}} for each in (0, -1, True, "1")),
    ]
    statuses = [ask(app, path, each).status for each in wrong]
    assert statuses[:3] == [400, 400, 400]
    assert statuses[4:] == [400] * 5


def test_page_is_no_longer_than_the_longest(ehoks: DecisionPoint) -> None:
    """Whatever a caller wants."""
    served = application(node(ehoks), Settings(longest_page=1))
    body = {
        "subject": USER,
        "action": READ,
        "resource": hoks(None),
        "page": {"limit": 9},
    }
    assert ask(served, f"{SEARCH}resource", body).json["page"]["count"] == 1
