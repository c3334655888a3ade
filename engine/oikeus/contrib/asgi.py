"""Asks before each request: middleware for any ASGI application.

The application says what a request asks and who asks it. Whatever goes wrong, in saying
so or in deciding, is a refusal; once the application is called, errors are its own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ..decide.decides import Decides
from .answering import GO_ON, Answer, answer, undecided

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY_VIOLATION = 1008
_DENIAL = "websocket.http.response"


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks for, whoever sends it."""

    action: str
    resource: str
    organisation: str


class AccessMiddleware:
    """Lets a request through to an application only where the policy allows it.

    A refusal is a JSON problem (RFC 9457): 400 where the organisation is no id, 401
    where nobody is signed in, 403 with the reason where the policy denies, 503 where
    nothing could be decided. A websocket is refused with the same where the server can
    send it, and else closed.

    Args:
        app: what is called where the policy allows.
        point: decides, for today.
        question: says from the scope of a request what it asks; nothing where its path
            is open to everybody.
        subject: says who asks, `person:ID` or `system:ID`; nothing where nobody is
            signed in. It is not asked where the path is open.
        challenge: how to sign in, for the header WWW-Authenticate of a 401.
    """

    def __init__(
        self,
        app: App,
        point: Decides,
        *,
        question: Callable[[Scope], Question | None],
        subject: Callable[[Scope], str | None],
        challenge: str = "Bearer",
    ) -> None:
        self._app = app
        self._point = point
        self._question = question
        self._subject = subject
        self._challenge = challenge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; that of a server which starts and stops is no request.

        Raises:
            Exception: whatever the application raises.
        """
        answered = GO_ON if scope["type"] == "lifespan" else await self._answer(scope)
        if answered.goes_on:
            await self._app(scope, receive, send)
        else:
            await self._refuse(answered, scope, send)

    async def _answer(self, scope: Scope) -> Answer:
        try:
            asked = self._question(scope)
            if asked is None:
                return GO_ON
            parts = asked.action, asked.resource, asked.organisation
            subject = self._subject(scope)
        except Exception as error:  # noqa: BLE001 - no exception may become an allow
            return undecided(error)
        return await answer(self._point, subject, *parts)

    async def _refuse(self, answered: Answer, scope: Scope, send: Send) -> None:
        kind = "http.response"
        if scope["type"] == "websocket":
            if _DENIAL not in (scope.get("extensions") or {}):
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return
            kind = _DENIAL
        body = _problem(answered)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
        ]
        if answered.status is HTTPStatus.UNAUTHORIZED:
            headers.append((b"www-authenticate", self._challenge.encode()))
        status = answered.status.value
        await send({"type": f"{kind}.start", "status": status, "headers": headers})
        await send({"type": f"{kind}.body", "body": body})


def _problem(answered: Answer) -> bytes:
    problem = {
        "type": "about:blank",
        "title": answered.status.phrase,
        "status": answered.status.value,
        "detail": answered.detail,
    }
    return json.dumps(problem).encode()
