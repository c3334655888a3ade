"""Calls of an ASGI application, without a server."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """What an application answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, if it was sent."""
        return dict(self.headers).get(name)

    @property
    def json(self) -> Any:  # noqa: ANN401 # whatever JSON holds
        """The body."""
        return json.loads(self.body)


def call(
    app: ASGIApp,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    scope: dict[str, Any] | None = None,
) -> Answer:
    """Ask an application once."""
    asked = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"secret=1",
        "root_path": "",
        "headers": [
            (name.encode(), value.encode()) for name, value in (headers or {}).items()
        ],
        **(scope or {}),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await app(asked, receive, send)

    asyncio.run(run())
    if not sent:
        return Answer(0, [], b"")
    start, *rest = sent
    told = [(name.decode(), value.decode()) for name, value in start["headers"]]
    body = b"".join(message.get("body", b"") for message in rest)
    return Answer(start["status"], told, body)
