"""A question that waits is judged by the tokens of the version that answers it.

It may wait for its body, which a slow client sends bit by bit, or for a version.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.types import Message

from oikeus import Scope, revoke_token
from oikeus.service.application import application
from oikeus.service.settings import Settings

from ..asgi import ask_app, exchange, raw_headers, read_answer
from .conftest import DAY, Served

APP = "system:app"
SCHOOL = "1.2.246.562.10.90101000000"

_SUBJECT = {"type": "person", "id": "1.2.246.562.24.90100000013"}
_ACTION = {"name": "read"}
_RESOURCE = {"type": "hoks", "id": "1", "properties": {"organisation": SCHOOL}}
_QUESTION = {"subject": _SUBJECT, "action": _ACTION, "resource": _RESOURCE}

QUESTIONS = {
    "evaluation": _QUESTION,
    "evaluations": {**_QUESTION, "evaluations": [{}, {"action": {"name": "update"}}]},
    "search/subject": {**_QUESTION, "subject": {"type": "person"}},
    "search/resource": {**_QUESTION, "resource": {"type": "hoks"}},
    "search/action": {"subject": _SUBJECT, "resource": _RESOURCE},
}


@pytest.fixture
def waited(served: Served) -> Served:
    """A node that follows when it is told to, and waits long for a version."""
    served.point.on_change(served.book.refresh)
    served.app = application(served.node, Settings(patience=20.0))
    return served


def revoke(served: Served, token: str) -> None:
    """Revoke a token, and let the node know of it."""
    number = int(token.split("_")[1])
    revoke_token(served.store, number, reason="lost", actor="os:owner")
    served.point.refresh()


def ask_late(served: Served, path: str, token: str, happens: Iterator[None]) -> int:
    """Ask with a body that comes in two parts, with something in between."""
    text = json.dumps(QUESTIONS[path]).encode()

    def parts() -> Iterator[Message]:
        yield {"type": "http.request", "body": text[:5], "more_body": True}
        next(happens)
        yield {"type": "http.request", "body": text[5:], "more_body": False}

    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    asked = exchange(
        served.app,
        f"/access/v1/{path}",
        parts(),
        method="POST",
        headers=raw_headers(headers),
    )
    return read_answer(asyncio.run(asked))[0]


@pytest.mark.parametrize("path", QUESTIONS)
def test_body_that_comes_after_the_revocation_of_its_token(
    waited: Served, path: str
) -> None:
    """The token was good when the request began; nothing is decided."""
    token = waited.token(APP, *Scope)

    def happens() -> Iterator[None]:
        yield
        revoke(waited, token)
        yield

    happening = happens()
    assert ask_late(waited, path, token, happening) == 200
    assert ask_late(waited, path, token, happening) == 401


@pytest.mark.parametrize("path", QUESTIONS)
def test_body_that_comes_after_the_last_day_of_its_token(
    waited: Served, path: str
) -> None:
    """It expired at midnight."""
    token = waited.token(APP, *Scope, until=DAY)

    def happens() -> Iterator[None]:
        waited.day += timedelta(days=1)
        yield

    assert ask_late(waited, path, token, happens()) == 401


@pytest.mark.parametrize("path", QUESTIONS)
def test_version_that_is_waited_for_may_revoke_the_token(
    waited: Served, path: str
) -> None:
    """It is not decided by for whoever brought that one."""
    token = waited.token(APP, *Scope)
    waited.point.refresh()
    version = waited.point.version + 1
    body = {**QUESTIONS[path], "context": {"at_least_version": version}}

    async def both() -> int:
        asked = ask_app(
            waited.app,
            f"/access/v1/{path}",
            json.dumps(body).encode(),
            authorization=f"Bearer {token}",
        )
        asking = asyncio.create_task(asked)
        await asyncio.sleep(0)
        await asyncio.to_thread(revoke, waited, token)
        return (await asking).status

    assert asyncio.run(both()) == 401
    assert waited.point.version == version
