"""Sends an application a request as a server does, and takes what it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 # whatever it is
        """The body, read."""
        return json.loads(self.body)


async def ask_app(  # noqa: PLR0913 # what a request is made of
    app: ASGIApp,
    path: str,
    body: bytes | None = None,
    *,
    query: str = "",
    authorization: str | None = None,
    content_type: str = "application/json",
    method: str | None = None,
) -> Answered:
    """Ask an application for something; with a body, by POST.

    Args:
        app: the application.
        path: without a query.
        body: what is sent as JSON.
        query: encoded.
        authorization: the header of this name.
        content_type: of what is sent.
        method: another one.
    """
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 # of any kind
        sent.append(message)

    headers = {"content-type": content_type}
    if authorization is not None:
        headers["authorization"] = authorization
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method or ("GET" if body is None else "POST"),
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
    }
    await app(scope, receive, send)
    start, *parts = sent
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    whole = b"".join(part.get("body", b"") for part in parts)
    return Answered(start["status"], told, whole)
