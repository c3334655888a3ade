"""How far what is decided by is known to be what is in force: one value, at one moment.

Whoever reads it needs no lock. Seconds are those of `time.monotonic`: a clock that is
set makes nothing older or younger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from ..errors import OtherHistoryError, OutdatedError
from ..store import Mark


class Standing(StrEnum):
    """How a node stands to its database."""

    CURRENT = "current"
    """At the last look it decided by the head."""

    BEHIND = "behind"
    """The database is away, or its head cannot be used: it decides by the last one."""

    FOREIGN = "foreign"
    """The database has another history: not ready until the owner accepts that."""

    OUTDATED = "outdated"
    """Too long without the head: it decides nothing until it has caught up."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a node decides by, and how well that is known to be in force.

    Attributes:
        mark: of the version that is decided by.
        reached: when the last look began that found it to be the head.
        failure: why the last look did not, or nothing.
        cause: of what kind that is.
        foreign: the head of another history, where the last look found one.
        max_stale: how many seconds may pass without the head; nothing for no limit.
    """

    mark: Mark
    reached: float
    failure: str | None = None
    cause: type[Exception] | None = None
    foreign: Mark | None = None
    max_stale: float | None = None

    @property
    def version(self) -> int:
        """The number of the version that is decided by."""
        return self.mark.number

    def age(self, now: float) -> float:
        """For how many seconds it has not been known to be the head."""
        return max(now - self.reached, 0.0)

    def is_outdated(self, now: float) -> bool:
        """Whether it may not decide any more."""
        return self.max_stale is not None and self.age(now) >= self.max_stale

    def standing(self, now: float) -> Standing:
        """How the node stands, the worst that is true."""
        if self.is_outdated(now):
            return Standing.OUTDATED
        if self.foreign is not None:
            return Standing.FOREIGN
        return Standing.CURRENT if self.failure is None else Standing.BEHIND

    def is_ready(self, now: float) -> bool:
        """Whether requests may be sent to it: also while the database is away."""
        return self.standing(now) in {Standing.CURRENT, Standing.BEHIND}

    def failing(self, error: Exception) -> Self:
        """The same after a look that failed."""
        foreign = self.foreign
        # once met it counts until the head can be taken in
        if isinstance(error, OtherHistoryError):
            foreign = Mark(error.number, error.digest)
        return replace(self, failure=str(error), cause=type(error), foreign=foreign)

    def check(self, now: float) -> None:
        """Refuse to decide by what may have been revoked long ago.

        Raises:
            OutdatedError: the head was out of reach for too long.
        """
        if self.max_stale is not None and self.is_outdated(now):
            raise OutdatedError(self.version, self.age(now), self.max_stale)
