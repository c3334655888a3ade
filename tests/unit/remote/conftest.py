"""A service that answers what a test has written down, and keeps what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from oikeus import RemotePoint
from oikeus.remote.exchange import Call, Received
from oikeus.remote.secret import Secret
from oikeus.remote.session import Session

TOKEN = f"oik_17_{'0123456789abcdef' * 4}"

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass
class Scripted:
    """A transport that has its answers ready, one for each call."""

    answers: list[Received] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    closed: bool = False

    def send(self, call: Call, headers: Mapping[str, str]) -> Received:
        """Keep a call, and give the next answer."""
        self.calls.append(call)
        self.headers.append(headers)
        return self.answers.pop(0)

    def close(self) -> None:
        """Keep that it was closed."""
        self.closed = True

    def will(
        self, body: object, status: int = 200, kind: str = JSON, **headers: str
    ) -> None:
        """Have an answer ready."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(Received(status, {"content-type": kind, **more}, content))

    def bodies(self) -> list[Any]:
        """What was sent."""
        return [json.loads(call.body or b"null") for call in self.calls]


@pytest.fixture
def service() -> Scripted:
    """A service that has no answer yet."""
    return Scripted()


@pytest.fixture
def session(service: Scripted) -> Session:
    """Somebody with a token, at that service."""
    return Session(service, Secret(TOKEN))


@pytest.fixture
def point(session: Session) -> RemotePoint:
    """A point that asks that service."""
    return RemotePoint(session)


@pytest.fixture
def token() -> str:
    """The token that nothing may show."""
    return TOKEN


Answer = Callable[..., dict[str, Any]]


@pytest.fixture
def answer() -> Answer:
    """A decision as a service explains it."""

    def make(*, decision: object = True, **context: object) -> dict[str, Any]:
        said = {"id": "d-1", "version": 7, "reason": "a rule allows it", **context}
        return {"decision": decision, "context": said}

    return make
