"""What AuthZEN certifies, on its own fixture: all levels, Core and Properties."""

from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint
from oikeus.service.application import application
from oikeus.service.settings import Settings

from .asking import ask, node

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
SEARCH = "/access/v1/search/"

CORE = [
    ("alice", "read", "record-1", True),
    ("alice", "write", "record-1", True),
    ("bob", "read", "record-1", True),
    ("bob", "write", "record-1", False),
    ("nobody", "read", "record-1", False),
    ("alice", "read", "record-9", False),
    ("alice", "fly", "record-1", False),
]
PROPERTIES = [
    *[(each, "write", {"status": "archived"}, {}, {}, False) for each in ("alice",)],
    ("alice", "write", {"status": "archived", "more": [1]}, {}, {}, False),
    ("bob", "write", {"status": "archived"}, {"role": "admin"}, {}, True),
    ("alice", "delete", {}, {}, {"soft": True}, True),
    ("alice", "delete", {}, {}, {"soft": False}, False),
]
CONTEXTS: list[dict[str, Any]] = [{}, {"context": {"time": "12:00", "x": [1, {}]}}]


@pytest.fixture
def app(records: DecisionPoint) -> ASGIApp:
    """The service of the fixture."""
    return application(node(records), Settings(public_url="https://pdp.example/"))


def question(subject: str, action: str, resource: str) -> dict[str, Any]:
    """A question of identifiers only."""
    return {
        "subject": {"type": "user", "id": subject},
        "action": {"name": action},
        "resource": {"type": "record", "id": resource},
    }


@pytest.mark.parametrize("context", CONTEXTS, ids=str)
@pytest.mark.parametrize(("subject", "action", "resource", "expected"), CORE)
def test_basic_core(  # noqa: PLR0913
    app: ASGIApp,
    subject: str,
    action: str,
    resource: str,
    *,
    expected: bool,
    context: dict[str, Any],
) -> None:
    """Identifiers decide, with a context and without, the same each time."""
    body = question(subject, action, resource) | context | {"unknown": {"a": None}}
    answers = [ask(app, ONE, body) for _ in range(2)]
    assert [each.status for each in answers] == [200, 200]
    assert [each.json["decision"] for each in answers] == [expected, expected]
    assert answers[0].headers["content-type"] == "application/json"
    assert "x-request-id" not in answers[0].headers


@pytest.mark.parametrize(
    ("subject", "action", "resource", "who", "how", "expected"), PROPERTIES
)
def test_basic_properties(  # noqa: PLR0913, PLR0917
    app: ASGIApp,
    subject: str,
    action: str,
    resource: dict[str, Any],
    who: dict[str, Any],
    how: dict[str, Any],
    *,
    expected: bool,
) -> None:
    """Properties decide, and properties that nobody knows are passed over."""
    body = question(subject, action, "record-1")
    body["resource"]["properties"] = resource
    body["subject"]["properties"] = {"department": "it", **who}
    body["action"]["properties"] = how
    assert ask(app, ONE, body).json["decision"] is expected


@pytest.mark.parametrize("missing", ["subject", "action", "resource"])
def test_part_that_is_missing(app: ASGIApp, missing: str) -> None:
    """It is no question then."""
    body = question("alice", "read", "record-1")
    del body[missing]
    answer = ask(app, ONE, body)
    assert (answer.status, answer.headers["content-type"]) == (
        400,
        "application/problem+json",
    )
    assert answer.json["detail"] == f"object missing required field `{missing}`"


@pytest.mark.parametrize("wrong", [1, None, [], {}, True, ["x"]], ids=str)
@pytest.mark.parametrize(
    "place",
    [
        ("subject",),
        ("subject", "type"),
        ("subject", "id"),
        ("action",),
        ("action", "name"),
        ("resource",),
        ("resource", "type"),
        ("resource", "id"),
    ],
    ids=".".join,
)
def test_type_that_is_wrong(
    app: ASGIApp, place: tuple[str, ...], wrong: object
) -> None:
    """A number is no text, and nothing is no object."""
    body: dict[str, Any] = question("alice", "read", "record-1")
    inner = body
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = wrong
    assert ask(app, ONE, body).status == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"nonsense"])
def test_body_that_is_no_question(app: ASGIApp, body: bytes) -> None:
    """Malformed, empty, or something else."""
    assert ask(app, ONE, body).status == 400


@pytest.mark.parametrize("kind", ["text/plain", "", "application/jsonp"])
def test_content_type_that_is_not_json(app: ASGIApp, kind: str) -> None:
    """It is refused before it is read."""
    body = question("alice", "read", "record-1")
    assert ask(app, ONE, body, headers={"content-type": kind}).status == 400
    assert ask(app, ONE, body, headers={}).status == 400


def test_request_id_comes_back(app: ASGIApp) -> None:
    """With a decision, and with an error."""
    headers = {"content-type": "Application/JSON; charset=utf-8", "x-request-id": "a b"}
    for body, status in ((question("alice", "read", "record-1"), 200), ({}, 400)):
        answer = ask(app, ONE, body, headers=headers)
        assert (answer.status, answer.headers["x-request-id"]) == (status, "a b")


def decisions(app: ASGIApp, body: dict[str, Any]) -> list[bool]:
    """What is answered to several questions."""
    answer = ask(app, MANY, body)
    assert answer.status == 200
    assert "decision" not in answer.json
    return [each["decision"] for each in answer.json["evaluations"]]


def test_batch_takes_defaults_whole(app: ASGIApp) -> None:
    """An item's own part takes the place of the request's, with all its properties."""
    body = question("alice", "write", "record-1")
    body["resource"]["properties"] = {"status": "archived"}
    body["evaluations"] = [
        {},
        {"resource": {"type": "record", "id": "record-1"}},
        {"subject": {"type": "user", "id": "bob", "properties": {"role": "admin"}}},
        {"action": {"name": "read"}},
    ]
    assert decisions(app, body) == [False, True, True, False]


def test_batch_of_properties_and_order(app: ASGIApp) -> None:
    """As many answers as questions, in their order."""
    body: dict[str, Any] = {"evaluations": [question(*each[:3]) for each in CORE]}
    assert decisions(app, body) == [each[3] for each in CORE]


def test_batch_item_that_cannot_be_evaluated(app: ASGIApp) -> None:
    """It is denied with its error, and the others are decided."""
    good = question("alice", "read", "record-1")
    wrong = [{"subject": {"type": "user"}}, {"action": {}}, {"subject": 1}, 7]
    body = {"evaluations": [good, *wrong, {"resource": good["resource"]}, good]}
    answer = ask(app, MANY, body)
    found = answer.json["evaluations"]
    assert answer.status == 200
    assert [each["decision"] for each in found] == [True, *[False] * 5, True]
    for each in found[1:-1]:
        assert each["context"]["error"]["status"] == 400
        assert each["context"]["error"]["message"]


@pytest.mark.parametrize("more", [{}, {"evaluations": []}])
def test_batch_of_none_is_a_single_evaluation(
    app: ASGIApp, more: dict[str, Any]
) -> None:
    """With no array, and with an empty one."""
    answer = ask(app, MANY, question("alice", "read", "record-1") | more)
    assert (answer.status, answer.json["decision"]) == (200, True)
    assert ask(app, MANY, more).status == 400


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        (None, [True, False, True]),
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_batch_semantics(
    app: ASGIApp, semantic: str | None, expected: list[bool]
) -> None:
    """The answer ends with the item that decides."""
    body = question("alice", "read", "record-1")
    body["evaluations"] = [{}, {"subject": {"type": "user", "id": "x"}}, {}]
    body["options"] = {"evaluations_semantic": semantic} if semantic else {"other": 1}
    assert decisions(app, body) == expected


def test_batch_semantic_that_nobody_knows(app: ASGIApp) -> None:
    """All of the request is refused."""
    body = question("alice", "read", "record-1")
    body["evaluations"] = [{}]
    body["options"] = {"evaluations_semantic": "some"}
    answer = ask(app, MANY, body)
    assert (answer.status, "execute_all" in answer.json["detail"]) == (400, True)


def found(app: ASGIApp, what: str, body: dict[str, Any]) -> list[str]:
    """What a search finds, by id or name."""
    answer = ask(app, SEARCH + what, body)
    assert answer.status == 200
    assert answer.json["page"]["next_token"] == ""
    key = "name" if what == "action" else "id"
    return [each[key] for each in answer.json["results"]]


def test_search_of_subjects(app: ASGIApp) -> None:
    """Core, Properties, and an id that is not looked at."""
    body = question("ignored", "read", "record-1")
    assert found(app, "subject", body) == ["alice", "bob"]
    body["subject"] = {"type": "user", "properties": {"role": "admin"}}
    body |= {
        "action": {"name": "write"},
        "resource": {
            "type": "record",
            "id": "record-2",
            "properties": {"status": "archived"},
        },
    }
    assert "bob" in found(app, "subject", body)
    body["subject"] = {"type": "user"}
    assert found(app, "subject", body) == ["bob"]


def test_search_of_resources(app: ASGIApp) -> None:
    """Core and Properties."""
    body = question("alice", "read", "ignored")
    body["resource"] = {"type": "record"}
    assert found(app, "resource", body) == ["record-1"]
    body["subject"] = {"type": "user", "id": "bob", "properties": {"role": "admin"}}
    body["action"] = {"name": "write"}
    assert found(app, "resource", body) == ["record-2"]


def test_search_of_actions(app: ASGIApp) -> None:
    """Core and Properties; there is no action in the question."""
    body = question("alice", "ignored", "record-1")
    del body["action"]
    assert found(app, "action", body) == ["read", "write"]
    body["subject"] = {"type": "user", "id": "bob", "properties": {"role": "admin"}}
    body["resource"] = {
        "type": "record",
        "id": "record-2",
        "properties": {"status": "archived"},
    }
    assert found(app, "action", body) == ["write"]


@pytest.mark.parametrize("part", ["subject", "resource"])
@pytest.mark.parametrize("member", ["type", "id"])
@pytest.mark.parametrize("what", ["subject", "resource", "action"])
def test_search_of_the_unknown_is_empty(
    app: ASGIApp, what: str, part: str, member: str
) -> None:
    """Unknown ids and types find nothing."""
    body = question("alice", "read", "record-1")
    body[part][member] = "unknown"
    if what == "action":
        del body["action"]
    if what == part and member == "id":
        assert found(app, what, body)  # it is not looked at
    else:
        assert found(app, what, body) == []


@pytest.mark.parametrize("what", ["subject", "resource", "action"])
def test_search_without_a_part(app: ASGIApp, what: str) -> None:
    """Missing members are refused."""
    body = question("alice", "read", "record-1")
    for part in body.keys() - ({"action"} if what == "action" else set()):
        rest = {name: value for name, value in body.items() if name != part}
        assert ask(app, SEARCH + what, rest).status == 400
    body[what] = {}
    assert what == "action" or ask(app, SEARCH + what, body).status == 400


def test_discovery(app: ASGIApp) -> None:
    """Absolute addresses from the settings, whatever host a request names."""
    path = "/.well-known/authzen-configuration"
    answer = ask(app, path, b"", method="GET", headers={"host": "evil.example"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "policy_decision_point": "https://pdp.example",
        "access_evaluation_endpoint": f"https://pdp.example{ONE}",
        "access_evaluations_endpoint": f"https://pdp.example{MANY}",
        "search_subject_endpoint": f"https://pdp.example{SEARCH}subject",
        "search_resource_endpoint": f"https://pdp.example{SEARCH}resource",
        "search_action_endpoint": f"https://pdp.example{SEARCH}action",
        "subject_types": ["user"],
    }
