"""The boundary: what is answered when something goes wrong, and what is not told."""

import asyncio
import logging
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oikeus import DecisionPoint, ModelError
from oikeus.service.application import application
from oikeus.service.calls import GoneError
from oikeus.service.described import SERVED
from oikeus.service.paths import QUESTIONS
from oikeus.service.settings import Settings

from .asking import GONE, JSON, ask, call, node, parts

ONE = "/access/v1/evaluation"


class Begun:
    """Begins to answer, and fails."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Begin."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        message = "person:secret"
        raise OSError(message)


async def failing(_: Request) -> Response:
    """Fail with what must not be told."""
    message = "person:secret"
    raise OSError(message)


async def leaving(_: Request) -> Response:
    """Notice that nobody waits any more."""
    raise GoneError


@pytest.fixture
def routed(ehoks: DecisionPoint) -> ASGIApp:
    """A service with further routes."""
    routes = [
        Route("/failing", failing),
        Route("/leaving", leaving),
        Route("/begun", Begun()),
    ]
    return application(node(ehoks), Settings(longest_body=20), routes)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        # a redirect would lead to the host that the request names
        ("GET", "/failing/", 404),
        ("GET", "/.well-known/authzen-configuration/", 404),
        ("POST", "/.well-known/authzen-configuration", 405),
        ("GET", ONE, 405),
        ("GET", "/failing", 500),
        ("GET", "/leaving", 0),
        ("GET", "/begun", 200),
    ],
)
def test_whatever_goes_wrong_is_a_problem(
    routed: ASGIApp, method: str, path: str, status: int
) -> None:
    """With the id of the request, and with nothing of what went wrong."""
    answer = ask(routed, path, method=method, headers={"x-request-id": "r1"})
    assert answer.status == status
    assert b"secret" not in answer.text
    if status:
        assert answer.headers["x-request-id"] == "r1"
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == status
        # what failed by itself may have come after what was done
        assert answer.json["done"] == ("unknown" if status >= 500 else "nothing")


def test_failure_is_logged_without_its_text(
    ehoks: DecisionPoint,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The text may hold the id of a person."""

    def fail(*_: Any) -> None:  # noqa: ANN401
        message = "person:secret"
        raise ModelError(message)

    monkeypatch.setattr("oikeus.service.judging.Judge.verdict", fail)
    place = {"organisation": "1.2"}
    body = {
        "subject": {"type": "person", "id": "secret"},
        "action": {"name": "read"},
        "resource": {"type": "hoks", "id": "1", "properties": place},
    }
    with caplog.at_level(logging.INFO):
        answer = ask(application(node(ehoks), Settings()), ONE, body)
    assert (answer.status, b"secret" in answer.text) == (500, False)
    assert [each.getMessage() for each in caplog.records] == [
        "a request failed: ModelError"
    ]


@pytest.mark.parametrize(
    "given",
    ["a" * 129, "a\r\nset-cookie: x", "a\x00", "\x7f", "é", ""],
    ids=repr,
)
def test_request_id_that_is_not_given_back(app: ASGIApp, given: str) -> None:
    """What is no plain text could be more than one header."""
    answer = ask(app, ONE, {}, headers=JSON | {"x-request-id": given})
    assert "x-request-id" not in answer.headers


@pytest.mark.parametrize("length", ["21", "9" * 5000])
def test_body_that_says_that_it_is_too_long(routed: ASGIApp, length: str) -> None:
    """It is not read."""
    headers = JSON | {"content-length": length}
    answer = asyncio.run(call(routed, ONE, [], headers=headers))
    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_body_that_is_too_long_without_saying_so(routed: ASGIApp) -> None:
    """It is read until then."""
    messages = parts(b" " * 15, b" " * 15, b"")
    assert asyncio.run(call(routed, ONE, messages)).status == 413
    messages = parts(b" " * 10, b" " * 5)
    assert asyncio.run(call(routed, ONE, messages)).status == 400


def test_nobody_is_answered_who_is_gone(routed: ASGIApp) -> None:
    """While they were sending."""
    messages = [*parts(b"{", b"")[:1], GONE]
    assert asyncio.run(call(routed, ONE, messages)).status == 0


def test_body_that_is_nested_too_deeply(app: ASGIApp) -> None:
    """In what is read, and in what nobody knows."""
    for begin in (b'{"x":', b'{"context":{"x":'):
        answer = ask(app, ONE, begin + b"[" * 100_000)
        detail = "the body is nested too deeply"
        assert (answer.status, answer.json["detail"]) == (400, detail)


def test_server_that_starts_and_stops(app: ASGIApp) -> None:
    """The lifespan goes to the router."""
    coming = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await app({"type": "lifespan", "state": {}}, receive, send)

    asyncio.run(run())
    assert [each["type"] for each in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


@pytest.mark.parametrize("path", sorted(QUESTIONS))
def test_each_path_of_a_question_is_served_and_described(
    app: ASGIApp, path: str
) -> None:
    """One list serves all."""
    assert ask(app, path, {}, method="PUT").headers["allow"] == "POST"
    assert path in {each.path for each in SERVED}
