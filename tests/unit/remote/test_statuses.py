"""What an answer means by its status: whose words it has, and which error it is."""

import json
from typing import Any

import pytest

from oikeus import (
    Allowance,
    OikeusError,
    RefusedError,
    RequestError,
    ServiceError,
    StaleVersionError,
)
from oikeus.remote.exchange import Received
from oikeus.remote.secret import NOBODY
from oikeus.remote.statuses import failure, success

from .conftest import JSON, PROBLEM

REFUSAL = {
    "status": 403,
    "title": "Forbidden",
    "detail": "the policy does not allow this, `reason` says why",
    "reason": "the granter has no power",
    "rules": ["`p2, a, b` (policies/ehoks.csv:7; R8)"],
    "allowed": [{"role": "user", "levels": ["school"], "organisations": ["1.2"]}],
    "granters": ["head"],
}
NOTHING = {"done": "nothing"}


def received(
    status: int, body: object = None, kind: str = PROBLEM, **headers: str
) -> Received:
    """An answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Received(status, {"content-type": kind, **headers}, content)


def error(
    status: int, body: object = None, kind: str = PROBLEM, **headers: str
) -> OikeusError:
    """The error that an answer to a question is."""
    return failure(received(status, body, kind, **headers), NOBODY, reads=True)


def test_success_is_an_object_in_json() -> None:
    """And nothing else is."""
    for status in (200, 201):
        answer = success(received(status, {"x": "y"}, JSON), NOBODY, reads=True)
        assert json.loads(answer) == {"x": "y"}
    for kind in ("text/html", PROBLEM, ""):
        with pytest.raises(ServiceError, match="200 with something other than JSON"):
            success(received(200, {"decision": True}, kind), NOBODY, reads=True)
    with pytest.raises(ServiceError) as odd:
        success(received(200, b"<html>", "text/html"), NOBODY, reads=False)
    assert odd.value.is_unsure
    assert odd.value.status == 200


@pytest.mark.parametrize("status", [202, 204, 206, 302, 307, 404, 500])
def test_other_status_is_no_success_whatever_it_holds(status: int) -> None:
    """A redirect would lead the token to somebody else."""
    with pytest.raises(ServiceError) as failed:
        success(received(status, {"decision": True}, JSON), NOBODY, reads=True)
    assert failed.value.status == status


TEXTS: dict[str, tuple[int, Any, str, str]] = {
    "token": (
        401,
        {"detail": "this takes a token"},
        PROBLEM,
        "the service answered 401: this takes a token",
    ),
    "token, by a proxy": (
        401,
        b"<html>",
        "text/html",
        (
            "the service answered 401: it does not know the token, expected one that "
            "is in force"
        ),
    ),
    "scope": (
        403,
        {"detail": "the token lacks a scope"},
        PROBLEM,
        "the service answered 403: the token lacks a scope",
    ),
    "forbidden, by a proxy": (
        403,
        {"reason": "x", "detail": "y"},
        JSON,
        "the service answered 403: it does not let this token ask for that",
    ),
    "nothing there": (
        404,
        b"",
        "",
        (
            "the service answered 404: there is nothing at that address, expected the "
            "one of an oikeus service"
        ),
    ),
    "redirect": (
        302,
        b"",
        "",
        "the service answered 302: expected an answer of an oikeus service",
    ),
    "no problem": (
        500,
        b"[]",
        PROBLEM,
        "the service answered 500: expected an answer of an oikeus service",
    ),
    "no detail": (
        500,
        {"detail": 7},
        PROBLEM,
        "the service answered 500: expected an answer of an oikeus service",
    ),
    "lines": (
        500,
        {"detail": "one\n two \t three"},
        PROBLEM,
        "the service answered 500: one two three",
    ),
    "length": (
        500,
        {"detail": "x" * 2000},
        PROBLEM,
        f"the service answered 500: {'x' * 999}…",
    ),
}


@pytest.mark.parametrize("case", TEXTS, ids=list(TEXTS))
def test_failure_has_the_words_of_the_service_or_ours(case: str) -> None:
    """Never those of what stands between."""
    status, body, kind, text = TEXTS[case]
    found = error(status, body, kind)
    assert isinstance(found, ServiceError)
    assert (str(found), found.status, found.is_unsure) == (text, status, False)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_question_that_cannot_be_asked_is_a_request_error(status: int) -> None:
    """As it would be here; without the service's word it is no such thing."""
    found = error(status, {"detail": "the subject's id is blank"})
    assert type(found) is RequestError
    assert str(found) == "the subject's id is blank"
    assert type(error(status, b"<html>", "text/html")) is ServiceError


@pytest.mark.parametrize("status", [403, 409])
def test_refusal_tells_all_that_it_tells_here(status: int) -> None:
    """Why, by which lines, what is allowed, and who could do it."""
    found = error(status, REFUSAL)
    assert isinstance(found, RefusedError)
    assert found.reason == "the granter has no power"
    assert found.rules == ("`p2, a, b` (policies/ehoks.csv:7; R8)",)
    assert found.allowed == (Allowance("user", ("school",), ("1.2",)),)
    assert found.granters == ("head",)


@pytest.mark.parametrize("member", ["rules", "allowed", "granters"])
def test_odd_refusal_is_an_error_all_the_same(member: str) -> None:
    """It is not taken for one that says less."""
    found = error(403, {**REFUSAL, member: "x"})
    assert isinstance(found, ServiceError)
    assert str(found) == f"the service answered oddly: `{member}` is not a list"


def test_policy_that_changed_meanwhile_is_a_stale_version() -> None:
    """What was prepared is to be prepared again."""
    found = error(409, {"detail": "the policy has changed meanwhile"})
    assert type(found) is StaleVersionError
    assert str(found) == "the policy has changed meanwhile"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("1", 1),
        ("120", 120),
        ("0", 0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("123456", None),
        ("\u0661", None),
        ("Sun, 29 Nov 2026 04:00:00 GMT", None),
    ],
)
def test_service_that_wants_to_be_left_alone_says_for_how_long(
    header: str, seconds: int | None
) -> None:
    """Where it says so in seconds."""
    found = error(503, {"detail": "busy"}, **{"retry-after": header})
    assert isinstance(found, ServiceError)
    assert found.retry_after == seconds
    assert ("; ask again in" in str(found)) is (seconds is not None)


STATUSES = [302, 400, 401, 403, 404, 409, 413, 422, 500, 502, 503, 504]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("done", "kind"),
    [
        ({"done": "nothing"}, JSON),
        ({"done": "nothing"}, "text/html"),
        ({"done": "unknown"}, PROBLEM),
        ({"done": True}, PROBLEM),
        ({"done": None}, PROBLEM),
        ({}, PROBLEM),
    ],
)
def test_act_may_be_done_where_no_answer_says_that_it_is_not(
    status: int, done: dict[str, object], kind: str
) -> None:
    """A gateway may have passed it on, whatever it answers itself."""
    answer = received(status, {**REFUSAL, **done}, kind, **{"retry-after": "1"})
    found: OikeusError = failure(answer, NOBODY, reads=False)
    assert isinstance(found, ServiceError)
    assert found.is_unsure
    assert "the act may have been done" in str(found)


@pytest.mark.parametrize("status", STATUSES)
def test_act_was_not_done_where_the_service_says_so(status: int) -> None:
    """It need not be looked for, by whichever status that is said."""
    for more in ({}, {"reason": "no power"}):
        said = {**NOTHING, "detail": "it does not write", **more}
        found = failure(received(status, said), NOBODY, reads=False)
        assert not getattr(found, "is_unsure", False)
        assert "may have been done" not in str(found)
    kind = type(failure(received(status, {**REFUSAL, **NOTHING}), NOBODY, reads=False))
    assert issubclass(kind, RefusedError) is (status in (403, 409))
