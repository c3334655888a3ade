"""What is answered when a request gets no answer: a status, and why, as RFC 9457 says.

INVARIANT: a detail is a sentence of ours. It never holds a token, the id of a person,
or the text of an exception that is not ours.

INVARIANT: a problem that says that nothing was done is true: what is raised where
something may have been done says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Consequence(StrEnum):
    """What is known to have been done for a request that is answered by a problem."""

    NOTHING = "nothing"
    UNKNOWN = "unknown"


class HttpError(Exception):
    """A request that is answered by a status other than 200.

    Attributes:
        status: of the answer.
        detail: one sentence: what was expected.
        headers: more of the answer's headers.
        done: whether something may have been done all the same.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        done: Consequence = Consequence.NOTHING,
    ) -> None:
        self.status = status
        self.detail = detail
        self.headers = headers
        self.done = done
        super().__init__(detail)


class Problem(msgspec.Struct, frozen=True):
    """The body of such an answer (RFC 9457, section 3).

    `done` is `nothing` where nothing was changed, and `unknown` where something may
    have been, or may be still. An answer without it is not of this service, and tells
    neither.
    """

    status: int
    title: str
    detail: str
    done: Consequence


def problem_response(error: HttpError) -> Response:
    """Write the answer."""
    problem = Problem(error.status.value, error.status.phrase, error.detail, error.done)
    return Response(
        msgspec.json.encode(problem),
        error.status.value,
        headers=dict(error.headers),
        media_type=MEDIA_TYPE,
    )
