"""A point over the small world, and a server that sends an application a request."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from oikeus import DecisionPoint, Store, snapshot_of
from oikeus.contrib.asgi import App, Message, Scope

Commit = Callable[..., int]

DAY = date(2026, 6, 1)


@pytest.fixture
def point(loaded: Store, commit: Commit) -> DecisionPoint:
    """Somebody may read at a school and its offices, today; anything else is denied."""
    days = "1.1@2026-01-01..2026-12-31"
    commit(loaded, add=(("g", "person:a", "role:clerk", days),))
    return DecisionPoint(snapshot_of(loaded.load()), today=lambda: DAY)


@dataclass
class Answered:
    """What an application sent."""

    sent: list[Message] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The status of the answer, which was begun once."""
        (start,) = (message for message in self.sent if "status" in message)
        return int(start["status"])

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by their names in lower case."""
        (start,) = (message for message in self.sent if "headers" in message)
        return {name.decode(): value.decode() for name, value in start["headers"]}

    @property
    def body(self) -> bytes:
        """The body, whole."""
        return b"".join(message.get("body", b"") for message in self.sent)


Ask = Callable[..., Answered]


@pytest.fixture
def ask() -> Ask:
    """Send a request to an application as a server does, and take what it sends."""

    def _ask(
        app: App, path: str = "/", *, user: str | None = None, **scope: object
    ) -> Answered:
        answered = Answered()

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            answered.sent.append(message)

        headers = [] if user is None else [(b"x-user", user.encode())]
        whole: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            **scope,
        }

        async def serve() -> None:
            await app(whole, receive, send)

        asyncio.run(serve())
        return answered

    return _ask
