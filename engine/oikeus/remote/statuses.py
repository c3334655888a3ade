"""What an answer that is no success means: which error it is, and in whose words.

The service's own sentence is repeated where it sent one (RFC 9457), on one line and
without the token; what a proxy sent instead is not.

INVARIANT: an act may have been done unless the service says that nothing was: what
stands before it may have passed the act on, whatever it answers itself.
"""

from __future__ import annotations

from http import HTTPStatus

from ..errors import (
    ConflictError,
    OikeusError,
    RefusedError,
    RequestError,
    ServiceError,
    StaleVersionError,
)
from .exchange import Received
from .reading import Fields, read_object
from .secret import Secret
from .shapes import allowance_of

_JSON = "application/json"
_PROBLEM = "application/problem+json"
_DIGITS = 5
_DONE, _NOTHING = "done", "nothing"
_CONFLICT = HTTPStatus.CONFLICT.value

_REFUSED = frozenset({403, 409})
_ABOUT_THE_QUESTION = frozenset({400, 413, 422})
_INSTEAD = {
    401: "it does not know the token, expected one that is in force",
    403: "it does not let this token ask for that",
    404: "there is nothing at that address, expected the one of an oikeus service",
}


def success(received: Received, secret: Secret, *, reads: bool) -> bytes:
    """The JSON of an answer that is a success.

    Args:
        received: the answer.
        secret: is not to be shown.
        reads: whether what was asked for changes nothing.

    Raises:
        RefusedError: the policy refuses an act.
        RequestError: what was asked cannot be asked.
        ServiceError: the service did not do it, or what it says cannot be used.
    """
    if received.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        raise failure(received, secret, reads=reads)
    if received.media_type != _JSON:
        message = (
            f"the service answered {received.status} with something other than JSON, "
            "expected the address of an oikeus service"
        )
        raise ServiceError(message, status=received.status, is_unsure=not reads)
    return received.body


def failure(received: Received, secret: Secret, *, reads: bool) -> OikeusError:
    """The error that an answer is."""
    status = received.status
    problem = _problem(received, secret)
    said = _said(problem)
    is_unsure = not reads and not _says_nothing_was_done(problem)
    if problem is not None and said and not is_unsure:
        if status in _REFUSED and "reason" in problem:
            return _refused(problem)
        if status in _ABOUT_THE_QUESTION:
            return RequestError(said)
        if status == HTTPStatus.CONFLICT:
            return StaleVersionError(said)
    text = said or _INSTEAD.get(status, "expected an answer of an oikeus service")
    return ServiceError(
        f"the service answered {status}: {text}",
        status=status,
        retry_after=_retry_after(received),
        is_unsure=is_unsure,
    )


def _problem(received: Received, secret: Secret) -> Fields | None:
    """The problem that the service describes; nothing where it is not ours."""
    if received.media_type != _PROBLEM:
        return None
    try:
        return read_object(received.body, secret)
    except ServiceError:
        return None


def _says_nothing_was_done(problem: Fields | None) -> bool:
    return problem is not None and problem.values.get(_DONE) == _NOTHING


def _said(problem: Fields | None) -> str:
    """The service's own sentence, blank where there is none."""
    if problem is None:
        return ""
    try:
        return problem.sentence("detail")
    except ServiceError:
        return ""


def _refused(problem: Fields) -> OikeusError:
    """A refusal with all that it tells; an odd one is a failure all the same."""
    try:
        kind = (
            ConflictError if problem.values.get("status") == _CONFLICT else RefusedError
        )
        return kind(
            problem.sentence("reason"),
            rules=problem.sentences("rules"),
            allowed=map(allowance_of, problem.inners("allowed")),
            granters=problem.sentences("granters"),
        )
    except ServiceError as error:
        return error


def _retry_after(received: Received) -> int | None:
    """For how many seconds the service wants to be left alone, where it says so."""
    text = received.headers.get("retry-after", "")
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS:
        return None
    return int(text)
