"""A question may name the version that it must at least be decided by.

Whoever has just changed a right, and knows the number of the version, asks so not to be
answered by an older one. A process that has not taken that version in yet waits, not
for long, and otherwise says so: an old answer is none.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ..decide.decision_point import DecisionPoint
from ..runtime import LivePoint
from .problems import HttpError

MEMBER = "at_least_version"
"""The member of a question's context."""


def wanted(context: dict[str, Any]) -> int:
    """The version that a context names; 0 where it names none.

    Raises:
        HttpError: 400, when it is no number of a version.
    """
    version = context.get(MEMBER, 0)
    if type(version) is not int or version < 0:
        detail = f"context.{MEMBER} is no version, expected a whole number"
        raise HttpError(HTTPStatus.BAD_REQUEST, detail)
    return version


async def until(point: DecisionPoint, version: int, patience: float) -> None:
    """Wait for a version.

    Args:
        point: what decides; one that follows no versions gets no other either.
        version: the least that will do.
        patience: how many seconds to wait.

    Raises:
        HttpError: 503, when it has not come by then.
    """
    if point.version >= version:
        return
    if isinstance(point, LivePoint) and await point.arrival(version, patience):
        return
    detail = f"version {version} has not arrived here yet, try again later"
    headers = {"Retry-After": "1"}
    raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
