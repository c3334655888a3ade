"""Says in the log when a process stands otherwise to its database, and why.

Each change is said once, however often the database is looked at; another text of a
reason of one kind only now and then, for it may be another with each look. The reason
is that of the store, which names no people; an error of another kind may quote a line
of the policy, and is said by its kind alone.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from time import monotonic

from ..errors import RequestError, StoreError
from ..runtime import Freshness, Standing

_LOG = logging.getLogger("oikeus.service")

_QUIET = 10.0
"""For how many seconds after the last word another text of the reason is not said."""

_PLAIN = RequestError, StoreError
"""What speaks of the database and of what the owner asked for."""

_MEANING = {
    Standing.CURRENT: "decides by",
    Standing.BEHIND: "goes on deciding by",
    Standing.FOREIGN: "not ready, and goes on deciding by",
    Standing.OUTDATED: "decides nothing any more, the last was",
}


class StandingLog:
    """Follows what a process decides by, for as many threads as there are.

    Args:
        clock: seconds that only go on.
    """

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._said: tuple[Standing, type[Exception] | None] = Standing.CURRENT, None
        self._why = ""
        self._quiet_until = 0.0
        self._saying = threading.Lock()

    def note(self, freshness: Freshness) -> None:
        """Say how it stands and why, unless that was said."""
        now, cause = self._clock(), freshness.cause
        standing = freshness.standing(now)
        why = "" if cause is None else f": {reason(cause, freshness.failure)}"
        with self._saying:
            is_same = (standing, cause) == self._said
            if is_same and (why == self._why or now < self._quiet_until):
                return
            self._said, self._why = (standing, cause), why
            self._quiet_until = now + _QUIET
            _LOG.log(
                logging.INFO if standing is Standing.CURRENT else logging.WARNING,
                "process %d is %s: %s version %d%s",
                os.getpid(),
                standing,
                _MEANING[standing],
                freshness.version,
                why,
            )


def reason(cause: type[Exception], text: str | None) -> str:
    """What may be said of an error: its text, or only of what kind it is."""
    return str(text) if issubclass(cause, _PLAIN) else cause.__name__
