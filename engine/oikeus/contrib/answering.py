"""Decides what a request over HTTP asks, and answers it: go on, or a status and why.

INVARIANT: only an allow of the point goes on; whatever else happens is a refusal.
`allows` takes microseconds and is asked on the event loop. To find out why something is
denied takes milliseconds, so a thread does that: one, since many would keep the loop
from its turn when many requests are denied at once. A point at a service waits for the
network, in threads: others are served meanwhile.
"""

from __future__ import annotations

import logging
import os
from asyncio import get_running_loop, to_thread
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

from ..decide.decides import Decides
from ..decide.decision import Decision
from ..decide.decision_point import DecisionPoint
from ..errors import RequestError
from ..terms import Request, check_parts

_LOG = logging.getLogger("oikeus.contrib")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    Attributes:
        status: OK where the request may go on, and nowhere else.
        detail: for a refusal, one sentence that names no people.
    """

    status: HTTPStatus
    detail: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the request may go on."""
        return self.status is HTTPStatus.OK


GO_ON = Answer(HTTPStatus.OK)
_NOBODY = Answer(HTTPStatus.UNAUTHORIZED, "it is not known who asks")
_NO_PLACE = Answer(
    HTTPStatus.BAD_REQUEST, "the organisation asked about is no id, expected an OID"
)


async def answer(
    point: Decides,
    subject: str | None,
    action: str,
    resource: str,
    organisation: str,
) -> Answer:
    """Decide for today.

    Args:
        point: asked once where it allows, and once more for the reason of a deny.
        subject: `person:ID` or `system:ID`; nothing where nobody is signed in.
        action: what is to be done.
        resource: on what.
        organisation: where.
    """
    if subject is None:
        return _NOBODY
    try:
        # `is True`: what a point of another making returns may be true without being it
        asked = (subject, action, resource, organisation)
        if await _allows(point, asked) is True:
            return GO_ON
        request = Request(subject, action, resource, organisation)
        decision = await _decision(point, request)
        # a version that came meanwhile may allow it
        if decision.allowed is True:
            return GO_ON
        return Answer(HTTPStatus.FORBIDDEN, decision.reason)
    except RequestError as error:
        return _NO_PLACE if _is_no_id(organisation) else undecided(error)
    except Exception as error:  # noqa: BLE001 - no exception may become an allow
        return undecided(error)


async def _allows(point: Decides, asked: tuple[str, str, str, str]) -> bool:
    if isinstance(point, DecisionPoint):
        return point.allows(*asked)
    return await to_thread(point.allows, *asked)


async def _decision(point: Decides, request: Request) -> Decision:
    if not isinstance(point, DecisionPoint):
        return await to_thread(point.decide, request)
    explainer = _explainer(os.getpid())
    return await get_running_loop().run_in_executor(explainer, point.decide, request)


def _is_no_id(organisation: object) -> bool:
    """Whether it is the request's fault: a path says where, and never who."""
    if not isinstance(organisation, str):
        return False
    try:
        check_parts(organisation=organisation)
    except RequestError:
        return True
    return False


@cache
def _explainer(process: int) -> ThreadPoolExecutor:
    """The thread of this process: none that a server began before it forked."""
    return ThreadPoolExecutor(1, f"oikeus-reasons-{process}")


def undecided(error: Exception) -> Answer:
    """The answer where nothing could be decided; the log gets what went wrong.

    The text of an error may hold the id of a person: it is logged for debugging only.
    """
    _LOG.error("no decision was made: %s", type(error).__name__)
    _LOG.debug("no decision was made", exc_info=error)
    return Answer(HTTPStatus.SERVICE_UNAVAILABLE, "no decision could be made")
