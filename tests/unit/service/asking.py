"""Questions to an application, without a server."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

from oikeus import DecisionPoint, Scope
from oikeus.service.callers import Caller
from oikeus.service.node import Decided, Node, Observer

from ...asgi import exchange, raw_headers, read_answer

JSON = {"content-type": "application/json"}
ALL = frozenset({Scope.EVALUATE, Scope.SEARCH})


@dataclass
class Observed(Observer):
    """Keeps the decisions that it was told of, or fails."""

    decisions: list[Decided] = field(default_factory=list)
    failure: Exception | None = None

    def decided(self, decided: Decided) -> None:
        """Keep a decision."""
        if self.failure is not None:
            raise self.failure
        self.decisions.append(decided)


@dataclass
class Known:
    """Takes everybody for the same caller."""

    known: Caller = field(default_factory=lambda: Caller("token:1", None, ALL))

    def caller(self, headers: Headers) -> Caller:
        """That caller."""
        del headers
        return self.known

    def check(self, caller: Caller) -> None:
        """They stay known."""


def node(
    point: DecisionPoint,
    caller: Caller | None = None,
    observer: Any = None,  # noqa: ANN401
) -> Node:
    """What a process is made of, in a test."""
    known = Known() if caller is None else Known(caller)
    return Node(point=point, authenticator=known, observer=observer or Observed())


@dataclass(frozen=True)
class Answer:
    """What an application answered."""

    status: int
    headers: dict[str, str]
    text: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401
        """The body."""
        return json.loads(self.text)


GONE: Message = {"type": "http.disconnect"}


def parts(*bodies: bytes) -> list[Message]:
    """A body that comes in parts."""
    last = len(bodies) - 1
    return [
        {"type": "http.request", "body": body, "more_body": number < last}
        for number, body in enumerate(bodies)
    ]


async def call(
    app: ASGIApp,
    path: str,
    messages: Iterable[Message],
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Ask an application once; a status of 0 is no answer."""
    given = raw_headers(JSON if headers is None else headers)
    sent = await exchange(app, path, messages, method=method, headers=given)
    if not sent:
        return Answer(0, {}, b"")
    status, told, text = read_answer(sent)
    return Answer(status, dict(told), text)


def ask(
    app: ASGIApp,
    path: str,
    body: Any = None,  # noqa: ANN401
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Ask with a body of JSON, or with bytes as they are."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return asyncio.run(call(app, path, parts(text), method=method, headers=headers))
