"""Single questions about eHOKS: what is answered, why, and what is refused."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import (
    DecisionPoint,
    Line,
    PowerRequest,
    Request,
    RevocationRequest,
    Scope,
    Snapshot,
)
from oikeus.decide.scope import Scope as Part
from oikeus.service.application import application
from oikeus.service.callers import Caller
from oikeus.service.problems import HttpError
from oikeus.service.settings import Settings

from .asking import ALL, JSON, Observed, ask, node

ONE = "/access/v1/evaluation"
KNOWN = {"x-request-id": "1", **JSON}


def hoks(
    subject: str,
    action: str,
    organisation: str,
    **context: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """A question about plans."""
    kind, _, name = subject.partition(":")
    return {
        "subject": {"type": kind, "id": name},
        "action": {"name": action},
        "resource": {
            "type": "hoks",
            "id": "17",
            "properties": {"organisation": organisation},
        },
        "context": context,
    }


def power(subject: str, action: str, to: Any, organisation: str) -> dict[str, Any]:  # noqa: ANN401
    """A question about a role."""
    body = hoks(subject, action, organisation)
    body["resource"] = {
        "type": "role",
        "id": "ehoks-kayttaja",
        "properties": {"organisation": organisation, "to": to},
    }
    return body


@pytest.mark.parametrize(
    ("body", "decision", "reason"),
    [
        (hoks("person:user", "read", "1.2.1"), True, "allowed by the role eHOKS user"),
        (
            hoks("person:user", "read", "1.3"),
            False,
            "no role held here today permits it",
        ),
        (hoks("person:barred", "read", "1.2.1"), False, "the subject is blocked"),
        (
            hoks("person:new", "read", "1.2.1"),
            False,
            "no role held here today permits it",
        ),
        (
            power("person:boss", "grant", "person:new", "1.2.1"),
            True,
            "allowed by the role eHOKS administrator",
        ),
        (
            power("person:user", "grant", {"type": "person", "id": "new"}, "1.2.1"),
            False,
            "no role held here today has this power",
        ),
        (
            power("person:barred", "grant", "person:new", "1.2.1"),
            False,
            "the subject is blocked",
        ),
        (
            power("person:boss", "revoke", "person:user", "1.2"),
            True,
            "allowed by the role eHOKS administrator",
        ),
        (
            power("person:user", "revoke", "person:user", "1.2"),
            True,
            "a rule allows it",
        ),
        (
            power("person:user", "read", "person:user", "1.2"),
            False,
            "no role held here today permits it",
        ),
    ],
    ids=str,
)
def test_decision_and_its_brief_reason(
    app: ASGIApp, body: dict[str, Any], reason: str, *, decision: bool
) -> None:
    """With the version, and an id."""
    answer = ask(app, ONE, body).json
    assert (answer["decision"], answer["context"]["reason"]) == (decision, reason)
    assert answer["context"]["version"] == 0
    assert len(answer["context"]["id"]) == 32


@pytest.mark.parametrize(
    ("accepted", "reason"),
    [
        ("fi", "sallittu roolin eHOKS-käyttäjä perusteella"),
        ("sv-FI, fi;q=0.5", "tillåtet genom rollen ePUK-användare"),
    ],
)
def test_reason_is_in_the_language_of_the_reader(
    app: ASGIApp, accepted: str, reason: str
) -> None:
    """By the role's label."""
    headers = JSON | {"accept-language": accepted}
    for _ in range(2):
        answer = ask(app, ONE, hoks("person:user", "read", "1.2"), headers=headers)
        assert answer.json["context"]["reason"] == reason


@pytest.mark.parametrize(
    "body",
    [
        hoks("person:user", "read", "1.2", explain=True),
        hoks("person:user", "read", "1.3", explain=True),
        power("person:boss", "grant", "person:new", "1.2")
        | {"context": {"explain": True}},
        power("person:boss", "revoke", "person:new", "1.2")
        | {"context": {"explain": True}},
    ],
    ids=str,
)
def test_whole_explanation_where_it_is_asked_for(
    app: ASGIApp, ehoks: DecisionPoint, body: dict[str, Any]
) -> None:
    """The sentence of the decision point."""
    subject = f"person:{body['subject']['id']}"
    where = body["resource"]["properties"]["organisation"]
    if body["resource"]["type"] == "hoks":
        decision = ehoks.decide(Request(subject, "read", "hoks", where))
    else:
        name = body["action"]["name"]
        may = ehoks.may_grant if name == "grant" else ehoks.may_revoke
        decision = may(subject, "person:new", "ehoks-kayttaja", where)
    answer = ask(app, ONE, body).json
    assert answer["decision"] is decision.allowed
    assert answer["context"]["reason"] == decision.reason


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (
            lambda body: body["subject"].update(type="cat"),
            "the subject's type is unknown, expected person or system",
        ),
        (
            lambda body: body["subject"].update(id="a,b"),
            "the subject's id holds ,, which ids cannot",
        ),
        (
            lambda body: body["action"].update(name=" "),
            "the action's name has a leading or trailing blank, expected none",
        ),
        (
            lambda body: body["resource"].update(properties={"organisation": "a:b"}),
            "the organisation, the recipient or an attribute cannot be read",
        ),
        (
            lambda body: body["resource"].update(properties={}),
            (
                "resource.properties.organisation is missing, expected the id of an "
                "organisation"
            ),
        ),
        (
            lambda body: body["resource"].pop("properties"),
            (
                "resource.properties.organisation is missing, expected the id of an "
                "organisation"
            ),
        ),
        (
            lambda body: body.update(context={"at_least_version": "1"}),
            (
                "context.at_least_version is no version, expected a whole number, "
                "2147483647 at most"
            ),
        ),
        (
            lambda body: body.update(context={"at_least_version": True}),
            (
                "context.at_least_version is no version, expected a whole number, "
                "2147483647 at most"
            ),
        ),
        (
            lambda body: body.update(context={"at_least_version": 2_147_483_648}),
            (
                "context.at_least_version is no version, expected a whole number, "
                "2147483647 at most"
            ),
        ),
    ],
)
def test_question_that_cannot_be_decided(
    app: ASGIApp, change: Callable[[dict[str, Any]], object], detail: str
) -> None:
    """It is refused, and what it named is not repeated."""
    body = hoks("person:user", "read", "1.2")
    change(body)
    answer = ask(app, ONE, body)
    assert (answer.status, answer.json["detail"]) == (400, detail)


@pytest.mark.parametrize(
    "to",
    [
        *(None, 1, "new", "cat:1", {"type": "person"}, {"type": 1, "id": "x"}, {}),
        {"type": "person:x", "id": "y"},
    ],
    ids=str,
)
def test_recipient_that_is_nobody(app: ASGIApp, to: Any) -> None:  # noqa: ANN401
    """A role is given to somebody."""
    body = power("person:boss", "grant", to, "1.2")
    if to is None:
        del body["resource"]["properties"]["to"]
    answer = ask(app, ONE, body)
    assert answer.status == 400
    del body["resource"]["properties"]
    assert ask(app, ONE, body).status == 400


def test_role_that_is_no_id(app: ASGIApp) -> None:
    """Its name is not repeated either."""
    body = power("person:boss", "grant", "person:new", "1.2")
    body["resource"]["id"] = "a'b"
    detail = ask(app, ONE, body).json["detail"]
    assert detail == "the resource's id holds ', which ids cannot"


def test_attribute_that_cannot_be_read(records: DecisionPoint) -> None:
    """Text, a whole number, or true or false; nothing was not sent."""
    served = application(node(records), Settings())
    for value, status in (([], 400), (1.5, 400), ("a\n", 400), (1, 200), (None, 200)):
        body = {
            "subject": {"type": "user", "id": "alice", "properties": {"role": value}},
            "action": {"name": "read"},
            "resource": {"type": "record", "id": "record-1"},
        }
        assert ask(served, ONE, body).status == status


def test_version_that_has_not_come(ehoks: DecisionPoint) -> None:
    """It is waited for, not for long, and then the caller is to try again."""
    served = application(node(ehoks), Settings(patience=0.02))
    answer = ask(served, ONE, hoks("person:user", "read", "1.2", at_least_version=7))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert ask(served, ONE, hoks("person:user", "read", "1.2", at_least_version=0)).json


def test_caller_without_the_scope(ehoks: DecisionPoint) -> None:
    """Whoever may only search does not evaluate, in either way."""
    caller = Caller("token:1", None, frozenset({Scope.SEARCH}))
    served = application(node(ehoks, caller), Settings())
    for path in (ONE, f"{ONE}s"):
        assert ask(served, path, hoks("person:user", "read", "1.2")).status == 403


def test_caller_who_reaches_some_organisations(ehoks: DecisionPoint) -> None:
    """Those below count, and no others."""
    served = application(
        node(ehoks, Caller("token:1", None, ALL, ("1.2",))), Settings()
    )
    for where, status in (("1.2.1", 200), ("1.3", 403), ("9.9", 403)):
        for body in (
            hoks("person:user", "read", where),
            power("person:boss", "grant", "person:new", where),
        ):
            assert ask(served, ONE, body).status == status
    items = [hoks("person:user", "read", where) for where in ("1.2", "1.3")]
    evaluations = ask(served, f"{ONE}s", {"evaluations": items}).json["evaluations"]
    assert [each["decision"] for each in evaluations] == [True, False]
    assert evaluations[1]["context"]["error"]["status"] == 403


def test_decision_is_told_before_it_is_answered(ehoks: DecisionPoint) -> None:
    """With all that a record of it needs."""
    observed = Observed()
    served = application(node(ehoks, observer=observed), Settings())
    bodies = [
        hoks("person:user", "read", "1.2"),
        power("person:boss", "grant", "person:new", "1.2"),
        power("person:boss", "revoke", "person:new", "1.2"),
        hoks("person:user", "read", "1.2", explain=True),
    ]
    ids = [ask(served, ONE, body).json["context"]["id"] for body in bodies]
    assert [each.id for each in observed.decisions] == ids
    assert [each[:12] for each in ids] == sorted(each[:12] for each in ids)
    first, second, third, explained = observed.decisions
    assert first.request == Request("person:user", "read", "hoks", "1.2")
    asked = ("person:boss", "person:new", "role:ehoks-kayttaja", "1.2")
    assert (second.request, third.request) == (
        PowerRequest(*asked),
        RevocationRequest(*asked),
    )
    assert first.allowed
    assert first.seconds is not None
    assert (first.caller.name, first.version, first.at) == ("token:1", 0, ehoks.today())
    assert explained.rule is not None
    assert explained.grant is not None


@pytest.mark.parametrize("path", [ONE, f"{ONE}s"])
def test_decision_that_is_not_recorded_is_not_answered(
    ehoks: DecisionPoint, path: str
) -> None:
    """Whatever the observer fails with, and what it says of it itself."""
    body = hoks("person:user", "read", "1.2")
    failure: Exception
    for failure, detail in (
        (OSError("person:user"), "the decision could not be recorded"),
        (HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "full"), "full"),
    ):
        observer = Observed(failure=failure)
        served = application(node(ehoks, observer=observer), Settings())
        answer = ask(served, path, body | {"evaluations": [{}, {}]})
        assert answer.status == 503
        assert answer.json["detail"].startswith(detail)
        assert b"person" not in answer.text


def test_question_about_what_is_not_loaded(
    ehoks: DecisionPoint, lines: tuple[Line, ...]
) -> None:
    """A part of the organisations is loaded: a deny would look like an answer."""
    snapshot = part_of(ehoks, lines)
    served = application(node(DecisionPoint(snapshot, today=ehoks.today)), Settings())
    assert ask(served, ONE, hoks("person:user", "read", "1.2.1")).json["decision"]
    for body in (
        hoks("person:user", "read", "1.3"),
        power("person:boss", "grant", "person:new", "1.3"),
    ):
        answer = ask(served, ONE, body)
        assert answer.status == 400
        assert answer.json["detail"].startswith("this service decides about `1.2`")


def part_of(point: DecisionPoint, lines: tuple[Line, ...]) -> Snapshot:
    """The part of a policy below 1.2."""
    part = Part.under("1.2", lines)
    return Snapshot.build(
        point.snapshot.model,
        part.lines(lines),
        catalogue=point.snapshot.catalogue,
        scope=part,
    )


def test_one_thread_may_be_too_few(ehoks: DecisionPoint) -> None:
    """What comes when all threads are taken is refused."""
    served = application(node(ehoks), Settings(threads=1, waiting=-1))
    answer = ask(served, ONE, hoks("person:user", "read", "1.2", explain=True))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
