"""Says in the log when a process stands otherwise to its database, and why.

Each change is said once, however often the database is looked at. The reason is that of
the store, which names no people; an error of another kind may quote a line of the
policy, and is said by its kind alone.
"""

from __future__ import annotations

import logging
import os
import threading
from time import monotonic

from ..errors import RequestError, StoreError
from ..runtime import Freshness, Standing

_LOG = logging.getLogger("oikeus.service")

_PLAIN = RequestError, StoreError
"""What speaks of the database and of what the owner asked for."""

_MEANING = {
    Standing.CURRENT: "decides by",
    Standing.BEHIND: "goes on deciding by",
    Standing.FOREIGN: "not ready, and goes on deciding by",
    Standing.OUTDATED: "decides nothing any more, the last was",
}


class StandingLog:
    """Follows what a process decides by, for as many threads as there are."""

    def __init__(self) -> None:
        self._said: tuple[Standing, type[Exception] | None] = Standing.CURRENT, None
        self._saying = threading.Lock()

    def note(self, freshness: Freshness) -> None:
        """Say how it stands, unless that was said."""
        stands = freshness.standing(monotonic()), freshness.cause
        with self._saying:
            if stands == self._said:
                return
            self._said = stands
            standing, cause = stands
            _LOG.log(
                logging.INFO if standing is Standing.CURRENT else logging.WARNING,
                "process %d is %s: %s version %d%s",
                os.getpid(),
                standing,
                _MEANING[standing],
                freshness.version,
                "" if cause is None else f": {reason(cause, freshness.failure)}",
            )


def reason(cause: type[Exception], text: str | None) -> str:
    """What may be said of an error: its text, or only of what kind it is."""
    return str(text) if issubclass(cause, _PLAIN) else cause.__name__
