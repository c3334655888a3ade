"""Tells the observer of decisions, before they are answered.

INVARIANT: what the observer does not take in is not answered: a decision that is
recorded nowhere would be one that nobody can account for.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from os import urandom

from .node import Decided, Observer, Together
from .problems import HttpError

_LOG = logging.getLogger("oikeus.service")
_MILLISECONDS = 1000


def decision_ids(time: datetime) -> str:
    """The beginning of ids that sort by time; four characters are to follow.

    With `0000` and the like after it, it is 32 digits to base 16.
    """
    return f"{int(time.timestamp() * _MILLISECONDS):012x}{urandom(8).hex()}"


def tell(observer: Observer, decided: Decided) -> None:
    """Tell of a decision.

    Raises:
        HttpError: 503, when the observer failed: nothing may be answered.
    """
    try:
        observer.decided(decided)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing is answered
        raise _failed(error) from None


def tell_together(observer: Observer, together: Sequence[Decided | Together]) -> None:
    """Tell of the decisions of one request.

    Raises:
        HttpError: 503, when the observer failed: none of them may be answered.
    """
    try:
        observer.decided_together(together)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing is answered
        raise _failed(error) from None


def _failed(error: Exception) -> HttpError:
    """What is answered instead of decisions that the observer did not take in."""
    if isinstance(error, HttpError):
        return error
    _LOG.error("a decision was not recorded: %s", type(error).__name__)
    _LOG.debug("a decision was not recorded", exc_info=error)
    detail = "the decision could not be recorded, so it is not answered"
    return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail)
