"""FastAPI and stock pycasbin: what one would write today to ask over HTTP.

A path operation that FastAPI runs in a thread, a body that pydantic checks, a bearer
token, and the stock enforcer with the domain matching function, as docs/casbin.md says.
One thread asks the enforcer at a time: without the lock some answers are errors, since
it writes when it is asked, and Python's own parser fails in its hands.
The body is flat, which costs less than AuthZEN's. `/inline` decides on the event loop
instead, without a thread: nothing else is answered meanwhile.
"""

from __future__ import annotations

import logging
import sys
from hmac import compare_digest
from threading import Lock
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from oikeus.terms import kind_of

from . import casbins
from .worlds import SIZES, make_world

TOKEN = "not-a-secret"  # noqa: S105 - of this benchmark alone
_Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


class Question(BaseModel):
    """May this subject do this there?"""

    subject: str
    action: str
    resource: str
    organisation: str


class Answer(BaseModel):
    """Whether it may."""

    decision: bool


def application(size: str) -> FastAPI:
    """The application, over the grants of a world."""
    world = make_world(SIZES[size])
    enforcer = casbins.stock(world)
    day = world.today.isoformat()
    app, turn = FastAPI(), Lock()

    def decided(question: Question, bearer: HTTPAuthorizationCredentials) -> Answer:
        if not compare_digest(bearer.credentials, TOKEN):
            raise HTTPException(401)
        values = (question.subject, kind_of(question.subject), question.organisation)
        with turn:
            allowed = enforcer.enforce(*values, day, question.resource, question.action)
        return Answer(decision=allowed)

    @app.post("/decide")
    def decide(question: Question, bearer: _Bearer) -> Answer:
        return decided(question, bearer)

    @app.post("/inline")
    async def inline(question: Question, bearer: _Bearer) -> Answer:
        return decided(question, bearer)

    return app


if __name__ == "__main__":
    # by default it writes each denial to the log
    logging.getLogger("casbin").setLevel(logging.ERROR)
    uvicorn.run(
        application(sys.argv[2]),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="error",
    )
