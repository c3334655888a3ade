"""Middleware lets through what the policy allows, and answers all else itself."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest

from oikeus import DecisionPoint, Request
from oikeus.contrib.asgi import AccessMiddleware, Question, Receive, Scope, Send

Ask = Callable[..., Any]

MESSAGE = {"type": "http.response.start", "status": 200, "headers": []}


class Application:
    """One that notes which requests reach it."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say yes to everything."""
        del receive
        self.reached.append(scope["type"])
        await send(MESSAGE)


@pytest.fixture
def application() -> Application:
    """What is behind the middleware."""
    return Application()


def subject(scope: Scope) -> str | None:
    """Who asks, as a test says it."""
    return next(
        (value.decode() for name, value in scope["headers"] if name == b"x-user"), None
    )


def question(scope: Scope) -> Question | None:
    """Paths end with an organisation; the one about health is open."""
    if scope["path"] == "/health":
        return None
    _, _, place = scope["path"].rpartition("/")
    return Question("read", "file", place)


@pytest.fixture
def guarded(application: Application, point: DecisionPoint) -> AccessMiddleware:
    """The application behind the middleware."""
    return AccessMiddleware(application, point, question=question, subject=subject)


def problem(status: HTTPStatus, detail: str) -> dict[str, object]:
    """A problem of RFC 9457."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
    }


def test_allowed_request_reaches_the_application(
    guarded: AccessMiddleware, application: Application, ask: Ask
) -> None:
    """And what it sends is sent."""
    assert ask(guarded, "/files/1.1", user="person:a").sent == [MESSAGE]
    assert application.reached == ["http"]


def test_denied_request_is_forbidden_with_the_reason(
    guarded: AccessMiddleware, application: Application, point: DecisionPoint, ask: Ask
) -> None:
    """As a JSON problem; the application never sees it."""
    answered = ask(guarded, "/files/1.2", user="person:a")
    assert application.reached == []
    assert answered.status == 403
    assert answered.headers == {
        "content-type": "application/problem+json",
        "content-length": str(len(answered.body)),
    }
    asked = Request("person:a", "read", "file", "1.2")
    reason = point.decide(asked).reason
    assert json.loads(answered.body) == problem(HTTPStatus.FORBIDDEN, reason)


def test_request_of_nobody_is_told_how_to_sign_in(
    application: Application, point: DecisionPoint, ask: Ask
) -> None:
    """By the header that HTTP has for it."""
    told = "Basic realm=test"
    guarded = AccessMiddleware(
        application, point, question=question, subject=subject, challenge=told
    )
    answered = ask(guarded, "/files/1.1")
    assert application.reached == []
    assert (answered.status, answered.headers["www-authenticate"]) == (401, told)
    detail = "it is not known who asks"
    assert json.loads(answered.body) == problem(HTTPStatus.UNAUTHORIZED, detail)


def test_open_path_is_for_everybody(
    guarded: AccessMiddleware, application: Application, ask: Ask
) -> None:
    """Nobody is asked who they are there."""
    assert ask(guarded, "/health").sent == [MESSAGE]
    assert ask(guarded, "/health", user="no id").sent == [MESSAGE]
    assert application.reached == ["http", "http"]


def fails(scope: Scope) -> Any:  # noqa: ANN401 # it gives nothing
    """What an application says wrongly."""
    raise KeyError(scope["path"])


@pytest.mark.parametrize(
    "said",
    [
        {"question": fails},
        {"subject": fails},
        {"question": lambda _: ("read", "file", "1.1")},
        {"question": lambda _: False},
        {"question": lambda _: Question("read", "file", None)},  # type: ignore[arg-type]
        {"subject": lambda _: ""},
        {"subject": lambda _: "a"},
        {"subject": lambda _: True},
    ],
)
def test_whatever_goes_wrong_is_no_allow(
    application: Application, point: DecisionPoint, ask: Ask, said: dict[str, Any]
) -> None:
    """Unavailable, with nothing of what went wrong."""
    functions = {"question": question, "subject": subject, **said}
    guarded = AccessMiddleware(application, point, **functions)
    answered = ask(guarded, "/files/1.1", user="person:a")
    assert application.reached == []
    assert answered.status == 503
    detail = "no decision could be made"
    assert json.loads(answered.body) == problem(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def test_connection_without_a_type_is_served_by_nobody(
    guarded: AccessMiddleware, application: Application, ask: Ask
) -> None:
    """One of a type that is not known is asked about like a request."""
    assert ask(guarded, "/files/1.2", user="person:a", type="other").status == 403
    assert application.reached == []


def test_start_and_stop_of_a_server_reach_the_application(
    guarded: AccessMiddleware, application: Application, ask: Ask
) -> None:
    """They are no requests."""
    ask(guarded, type="lifespan")
    assert application.reached == ["lifespan"]


def test_error_of_the_application_is_its_own(point: DecisionPoint, ask: Ask) -> None:
    """It is not taken for a failure to decide, which would hide it."""

    async def broken(*_: object) -> None:
        raise KeyError

    guarded = AccessMiddleware(broken, point, question=question, subject=subject)
    with pytest.raises(KeyError):
        ask(guarded, "/files/1.1", user="person:a")


def test_websocket_is_asked_about_as_well(
    guarded: AccessMiddleware, application: Application, ask: Ask
) -> None:
    """And closed before it is accepted."""
    socket = {"type": "websocket"}
    refused = ask(guarded, "/files/1.2", user="person:a", **socket)
    assert refused.sent == [{"type": "websocket.close", "code": 1008}]
    none = ask(guarded, "/files/1.2", user="person:a", **socket, extensions=None)
    assert none.sent == refused.sent
    assert application.reached == []
    ask(guarded, "/files/1.1", user="person:a", **socket)
    assert application.reached == ["websocket"]


def test_websocket_is_refused_with_a_reason_where_the_server_can(
    guarded: AccessMiddleware, application: Application, ask: Ask
) -> None:
    """The ASGI extension for it sends an answer in place of the close."""
    can = {"type": "websocket", "extensions": {"websocket.http.response": {}}}
    refused = ask(guarded, "/files/1.2", user="person:a", **can)
    assert [message["type"] for message in refused.sent] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
    assert refused.status == json.loads(refused.body)["status"] == 403
    assert application.reached == []
