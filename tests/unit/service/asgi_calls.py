"""Calls of an ASGI application, without a server."""

import asyncio
import json
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from starlette.types import ASGIApp

from ...asgi import exchange, raw_headers, read_answer


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
    body = {"type": "http.request", "body": b"", "more_body": False}
    more = {
        "method": method,
        "query_string": b"secret=1",
        "headers": raw_headers(headers or {}),
        **(scope or {}),
    }
    sent = asyncio.run(exchange(app, path, repeat(body), **more))
    if not sent:
        return Answer(0, [], b"")
    return Answer(*read_answer(sent))
