"""A call of the service, from its first byte to the answer's last.

What goes past Starlette's own request and response does so because it is asked
thousands of times a second.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Receive, Send

from .callers import Caller
from .problems import HttpError

_JSON = "application/json"


class GoneError(Exception):
    """Whoever asked is gone before the question was whole."""


@dataclass(frozen=True, slots=True)
class Call:
    """A question that has arrived.

    Attributes:
        caller: who asks.
        headers: of the request.
        body: all of it.
    """

    caller: Caller
    headers: Headers
    body: bytes


Endpoint = Callable[[Call], Awaitable[bytes]]
"""Answers a call with JSON.

Raises:
    HttpError: another answer.
"""


def header(headers: Headers, name: bytes) -> str | None:
    """The first header of a name, in lower case; a fifth of the time of asking it."""
    for each, value in headers.raw:
        if each == name:
            return value.decode("latin-1")
    return None


def check_json(headers: Headers) -> None:
    """Refuse what does not say that it is JSON.

    Raises:
        HttpError: 400, as AuthZEN has it.
    """
    kind = header(headers, b"content-type") or ""
    if kind != _JSON and kind.partition(";")[0].strip().lower() != _JSON:
        detail = f"the content type is not JSON, expected {_JSON}"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail)


async def read_body(headers: Headers, receive: Receive, longest: int) -> bytes:
    """Read what a request brings.

    Raises:
        HttpError: 413, when that is too long; the rest is not read.
        GoneError: whoever sends it has gone away.
    """
    length = header(headers, b"content-length") or ""
    if length.isdecimal() and int(length[:20]) > longest:
        raise _too_long(longest)
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise GoneError
        more: bytes = message.get("body", b"")
        if len(body) + len(more) > longest:
            raise _too_long(longest)
        body = body + more if body else more
        if not message.get("more_body", False):
            return body


def _too_long(longest: int) -> HttpError:
    return HttpError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"the body is longer than {longest} bytes",
        {"Connection": "close"},
    )


async def answer(send: Send, body: bytes, identity: bytes | None) -> None:
    """Answer with JSON."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
    ]
    if identity is not None:
        headers.append((b"x-request-id", identity))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
