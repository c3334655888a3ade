"""A question may name the version that it must at least be decided by.

Whoever has just changed a right, and knows the number of the version, asks so not to be
answered by an older one. A process that has not taken that version in yet waits, not
for long, and otherwise says so: an old answer is none. No more than so many wait at
once, since anybody can name a version that never comes.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ..decide.decision_point import DecisionPoint
from ..runtime import LivePoint
from ..store import LAST_NUMBER
from .problems import HttpError

MEMBER = "at_least_version"
"""The member of a question's context."""

MOST_WAITING = 512
"""How many questions wait for a version at once, of one process."""

_LATER = {"Retry-After": "1"}


def wanted(context: dict[str, Any]) -> int:
    """The version that a context names; 0 where it names none.

    Raises:
        HttpError: 400, when it is no number of a version.
    """
    version = context.get(MEMBER, 0)
    if type(version) is not int or not 0 <= version <= LAST_NUMBER:
        expected = f"expected a whole number, {LAST_NUMBER} at most"
        detail = f"context.{MEMBER} is no version, {expected}"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail)
    return version


async def until(point: DecisionPoint, version: int, patience: float) -> None:
    """Wait for a version.

    Args:
        point: what decides; one that follows no versions gets no other either.
        version: the least that will do.
        patience: how many seconds to wait.

    Raises:
        HttpError: 503, when it has not come by then, or when too many wait.
    """
    if point.version >= version:
        return
    detail = f"version {version} has not arrived here yet, try again later"
    if isinstance(point, LivePoint):
        if point.waiting >= MOST_WAITING:
            detail = "too many questions wait for a version, try again later"
        elif await point.arrival(version, patience):
            return
    raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, _LATER)
