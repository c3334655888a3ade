"""Two servers that answer a constant: our application, and a bare handler."""

from __future__ import annotations

import sys
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from oikeus.service.exposure import AuthSettings
from oikeus.service.judging import Judge, Verdict
from oikeus.service.serving import Serving, serve

from .decision_server import ANSWER, HOST

_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(ANSWER)),
]
_ALLOWED = Verdict(allowed=True, reason="the role `ehoks-kayttaja` allows it")


def _constant(_: Judge, question: object) -> Verdict:
    del question
    return _ALLOWED


class Undecided(Serving):
    """Our application, of which only the deciding is taken out."""

    def __call__(self) -> ASGIApp:
        """Make the application."""
        patched: Any = Judge
        patched.verdict = _constant
        return super().__call__()


class Bare(Serving):
    """A handler that reads a body and answers."""

    def __call__(self) -> ASGIApp:
        """Make the application."""
        return _bare


async def _bare(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})


if __name__ == "__main__":
    kind, db, port = sys.argv[1:]
    made = {"undecided": Undecided, "bare": Bare}[kind]
    serve(made(db=db, auth=AuthSettings(host=HOST), port=int(port)))
