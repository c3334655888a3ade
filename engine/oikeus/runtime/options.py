"""What is said of how to follow a database: checked before anything is opened."""

from __future__ import annotations

import threading
from types import EllipsisType

from ..errors import StoreError

EVERY = 1.0
"""How many seconds pass between two looks, where nobody says."""

MAX_STALE = 3600.0
"""For how many seconds a point that follows decides without the head, likewise."""


def seconds_between(follow: object, every: float | EllipsisType | None) -> float | None:
    """How long to wait between two looks for a newer version; nothing to take none.

    Raises:
        StoreError: what was given says neither, or both.
    """
    seconds = EVERY if every is ... else every
    check_seconds("every", seconds)
    if follow is None:
        return seconds
    if not isinstance(follow, bool):
        message = f"{follow!a} does not say whether to follow, expected True or False"
        raise StoreError(message)
    if every is ...:
        return seconds if follow else None
    if follow == (every is None):
        message = f"follow={follow} contradicts every={every}, expected one of the two"
        raise StoreError(message)
    return seconds


_MEANING = {
    "every": "between two looks for a newer version, expected one above 0, or None to "
    "look only on `refresh`",
    "max_stale": "to decide without the head, expected one above 0, or None for no "
    "limit",
}


def check_seconds(name: str, seconds: object) -> None:
    """Refuse what is no number of seconds; none is one.

    Raises:
        StoreError: with what was expected.
    """
    if seconds is None:
        return
    # what is too long for the clock would end the thread that waits
    if isinstance(seconds, int | float) and 0 < seconds <= threading.TIMEOUT_MAX:
        return
    message = f"{seconds!a} is no number of seconds {_MEANING[name]}"
    raise StoreError(message)


def check_progress(progress: object) -> None:
    """Refuse what cannot show how far a load has come.

    Raises:
        StoreError: it is no function.
    """
    if progress is not None and not callable(progress):
        message = f"{progress!a} shows no progress, expected a function or None"
        raise StoreError(message)
