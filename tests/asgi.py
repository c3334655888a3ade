"""Sends an application a request as a server does, and takes what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from starlette.types import ASGIApp, Message


async def exchange(
    app: ASGIApp, path: str, messages: Iterable[Message], **more: object
) -> list[Message]:
    """Send an application one request, and take all that it sends back.

    Args:
        app: the application.
        path: without a query.
        messages: what it receives, one at each call.
        more: of the scope; headers as `raw_headers` writes them.
    """
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        **more,
    }
    coming, sent = iter(messages), []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def raw_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as a server gives them."""
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def read_answer(sent: Sequence[Message]) -> tuple[int, list[tuple[str, str]], bytes]:
    """The status, the headers and the body of what came back."""
    start, *parts = sent
    told = [(name.decode(), value.decode()) for name, value in start["headers"]]
    return start["status"], told, b"".join(part.get("body", b"") for part in parts)


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
    headers = {"content-type": content_type}
    if authorization is not None:
        headers["authorization"] = authorization
    sent = await exchange(
        app,
        path,
        repeat({"type": "http.request", "body": body or b"", "more_body": False}),
        method=method or ("GET" if body is None else "POST"),
        query_string=query.encode(),
        headers=raw_headers(headers),
    )
    status, told, whole = read_answer(sent)
    return Answered(status, dict(told), whole)
