"""What is answered when a request gets no answer: a status, and why, as RFC 9457 says.

INVARIANT: a detail is a sentence of ours. It never holds a token, the id of a person,
or the text of an exception that is not ours.

INVARIANT: a problem that says that nothing was done is true: what is raised where
something may have been done says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_TYPES = re.compile(r"`([a-z]+(?: \| [a-z]+)*)`")
_CALLED: Mapping[str, str] = MappingProxyType(
    {
        "array": "a list",
        "bool": "true or false",
        "float": "a number",
        "int": "a whole number",
        "object": "an object",
        "str": "text",
    }
)
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


def plain(error: msgspec.ValidationError) -> str:
    """What a decoder found wrong, in our words: it names members, and no value.

    >>> plain(msgspec.ValidationError("Expected `str | null`, got `int` - at `$.id`"))
    'expected text or null, got a whole number - at `$.id`'
    """
    text = str(error)
    # no path holds a key that was sent, only members of ours
    said, at, place = text.rpartition(" - at `")
    said = said if at else text
    if said.startswith("Expected"):
        said = _TYPES.sub(_named, said)
    elif said.startswith("Invalid enum value"):
        said = "an unknown word, expected one that /openapi.json lists"
    elif said.startswith("Invalid RFC3339"):
        said = "no day, expected one such as 2026-03-01"
    return f"{said[:1].lower()}{said[1:]}{at}{place if at else ''}"


def _named(found: re.Match[str]) -> str:
    return " or ".join(_CALLED.get(each, each) for each in found[1].split(" | "))
