"""How applications for roles are dealt with: how long one can be decided (R12)."""

from __future__ import annotations

from dataclasses import dataclass

from .validity import Ending

_OPEN_FOR = Ending("P60D")


@dataclass(frozen=True, slots=True)
class Applications:
    """What the catalogue says of applications.

    Attributes:
        open_for: how long one is open, from the day on which it was requested.
    """

    open_for: Ending = _OPEN_FOR
