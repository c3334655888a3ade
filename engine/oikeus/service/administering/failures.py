"""What is answered when an act is refused, or cannot be done.

A refusal says what the command says of it: what stood in the way, by which lines, what
is allowed instead, and which roles could do it.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.responses import Response

from ...errors import (
    Allowance,
    ConflictError,
    DelegationError,
    LockedError,
    OikeusError,
    ReadOnlyError,
    RefusedError,
    RequestError,
    StaleVersionError,
    StoreError,
)
from ..problems import MEDIA_TYPE, Consequence, HttpError, Problem

_REFUSED = "the policy does not allow this, `reason` says why"
_CONFLICT = "what is there already stands in the way, `reason` says how"
_FAILED = "the database failed"
_UNUSABLE = "this node cannot use the policy in force"
_UNKNOWN = (
    "whether this was done is not known, expected a look at the list of what it was to "
    "change before it is sent again"
)


class AllowedShape(msgspec.Struct, frozen=True):
    """What the caller may do instead: at these levels, in and below these places."""

    role: str
    levels: tuple[str, ...]
    organisations: tuple[str, ...]


class Refusal(Problem, frozen=True):
    """A refusal: what stood in the way, and by which lines of the policy.

    `allowed` is what the caller may do instead, `granters` are the roles whose holders
    could do this.
    """

    reason: str
    rules: tuple[str, ...]
    allowed: tuple[AllowedShape, ...]
    granters: tuple[str, ...]


def refusal_response(error: RefusedError) -> Response:
    """Answer what the policy, or what is there already, does not allow."""
    conflicts = isinstance(error, ConflictError)
    status = HTTPStatus.CONFLICT if conflicts else HTTPStatus.FORBIDDEN
    refusal = Refusal(
        status.value,
        status.phrase,
        _CONFLICT if conflicts else _REFUSED,
        Consequence.NOTHING,
        error.reason,
        error.rules,
        tuple(map(_allowed, error.allowed)),
        error.granters,
    )
    body = msgspec.json.encode(refusal)
    return Response(body, status.value, media_type=MEDIA_TYPE)


def _allowed(allowance: Allowance) -> AllowedShape:
    return AllowedShape(allowance.role, allowance.levels, allowance.organisations)


def failure(error: OikeusError, *, has_begun: bool) -> HttpError:
    """What to answer to an error that is no refusal.

    Args:
        error: what was raised.
        has_begun: whether it was by an act that had begun. What is refused in its turn
            was not done; whatever else went wrong may have done so after the commit.
    """
    match error:
        case RequestError() | DelegationError():
            # what was sent is repeated in it, to whoever sent it
            return HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        case StaleVersionError():
            detail = "the policy has changed meanwhile, expected to be asked again"
            return HttpError(HTTPStatus.CONFLICT, detail)
        case LockedError():
            detail = "another writer is at work, expected to be asked again later"
            headers = {"Retry-After": "1"}
            return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
        case ReadOnlyError():
            detail = "this node does not write, expected one that does"
            return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail)
        case _:
            detail = _FAILED if isinstance(error, StoreError) else _UNUSABLE
            return _unavailable(detail, has_begun=has_begun)


def _unavailable(detail: str, *, has_begun: bool) -> HttpError:
    if not has_begun:
        detail = f"{detail}; nothing was done"
        return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    return HttpError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"{detail}, and {_UNKNOWN}",
        done=Consequence.UNKNOWN,
    )
