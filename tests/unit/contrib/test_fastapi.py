"""A dependency stands before a path operation until the policy allows it."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException

from oikeus import DecisionPoint, Request
from oikeus.contrib.fastapi import Requires

Ask = Callable[..., Any]


def whoever(x_user: Annotated[str | None, Header()] = None) -> str | None:
    """Who asks, as a test says it."""
    if x_user == "expired":
        raise HTTPException(401, "the token has expired")
    return x_user


async def place(place: str) -> str:
    """The organisation in the path."""
    return place


@pytest.fixture
def app(point: DecisionPoint) -> FastAPI:
    """One operation for its value, and one that only has to be allowed."""
    made = FastAPI()
    reads = Requires(
        point, "read", "file", subject=whoever, organisation=place, challenge="Basic"
    )
    moves = Requires(point, "move", "file", subject=whoever, organisation=place)

    @made.get("/files/{place}")
    def read(organisation: Annotated[str, Depends(reads)]) -> dict[str, str]:
        return {"organisation": organisation}

    @made.get("/moves/{place}", dependencies=[Depends(moves)])
    def move(place: str) -> str:
        return place

    return made


def test_allowed_operation_gets_the_organisation_that_was_asked_about(
    app: FastAPI, ask: Ask
) -> None:
    """So that it works on the one that was decided, and no other."""
    answered = ask(app, "/files/1.1.1", user="person:a")
    assert answered.status == 200
    assert json.loads(answered.body) == {"organisation": "1.1.1"}


def test_denied_operation_is_forbidden_with_the_reason(
    app: FastAPI, point: DecisionPoint, ask: Ask
) -> None:
    """In FastAPI's own form."""
    for path, action, where in (
        ("/files/1.2", "read", "1.2"),
        ("/moves/1.1", "move", "1.1"),
    ):
        answered = ask(app, path, user="person:a")
        assert answered.status == 403
        reason = point.decide(Request("person:a", action, "file", where)).reason
        assert json.loads(answered.body) == {"detail": reason}
        assert "www-authenticate" not in answered.headers


def test_request_of_nobody_is_told_how_to_sign_in(app: FastAPI, ask: Ask) -> None:
    """Bearer, unless it is said otherwise."""
    for path, challenge in (("/files/1.1", "Basic"), ("/moves/1.1", "Bearer")):
        answered = ask(app, path)
        assert answered.status == 401
        assert answered.headers["www-authenticate"] == challenge


@pytest.mark.parametrize("user", ["a", "role:clerk"])
def test_whatever_cannot_be_decided_is_no_allow(
    app: FastAPI, ask: Ask, user: str
) -> None:
    """Unavailable, with nothing of what went wrong."""
    answered = ask(app, "/files/1.1", user=user)
    assert answered.status == 503
    assert json.loads(answered.body) == {"detail": "no decision could be made"}


def test_what_a_dependency_answers_is_the_answer(app: FastAPI, ask: Ask) -> None:
    """It may refuse by itself."""
    answered = ask(app, "/files/1.1", user="expired")
    assert answered.status == 401
    assert json.loads(answered.body) == {"detail": "the token has expired"}


def test_parameters_of_the_dependencies_are_in_the_openapi_document(
    app: FastAPI,
) -> None:
    """As of any other dependency of FastAPI."""
    operation = app.openapi()["paths"]["/files/{place}"]["get"]
    assert {found["name"] for found in operation["parameters"]} == {"place", "x-user"}
