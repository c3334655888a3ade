"""Answers that come in several parts, all by one version of the policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from ..errors import ServiceError
from .questions import Conditions
from .session import Session

_TRIES = 3


class Part(Protocol):
    """A part of an answer."""

    @property
    def version(self) -> int:
        """The version that decided."""


Found = TypeVar("Found", bound=Part)


def by_one_version(
    session: Session,
    conditions: Conditions,
    ask: Callable[[Conditions], Sequence[Found]],
) -> Sequence[Found]:
    """Ask until all parts of an answer are by one version.

    What is asked anew is to be decided by the latest one that was met, or a later one.

    Args:
        session: with the service.
        conditions: how it is to be decided.
        ask: asks for all parts.

    Raises:
        ServiceError: the policy changed each time.
    """
    for _ in range(_TRIES):
        found = ask(conditions)
        versions = {each.version for each in found}
        if len(versions) <= 1:
            for version in versions:
                session.saw(version)
            return found
        conditions = replace(conditions, at_least=max(versions))
    message = "the policy changed each time while the service was asked"
    raise ServiceError(message)
