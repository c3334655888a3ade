"""What one operation of the service takes and answers: for its route and its document.

INVARIANT: the document of the API is made of the operations that are served, and of the
same types that read what is sent and write what is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Generic, TypeVar

import msgspec

from ..store import Scope

Asked = TypeVar("Asked", bound=msgspec.Struct)
Visit = TypeVar("Visit")


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation answers.

    Attributes:
        answer: the body.
        status: of the answer.
        location: the path of what was made, where it can be looked at.
    """

    answer: msgspec.Struct
    status: HTTPStatus = HTTPStatus.OK
    location: str = ""


class Method(StrEnum):
    """How an operation is called: to look, or to act."""

    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is said of one thing that the service does.

    Attributes:
        name: nothing else has it.
        method: where what is asked for is read from: the query, or the body.
        path: with `{id}` where a number stands.
        summary: what it does, in one line.
        description: what else its caller should know.
        scopes: one of these is needed; where there is none, a token of any.
        asked: what is asked for; nothing besides the path unless told.
        answers: the types of what may be answered, by status.
        problems: which other statuses may come, besides those that always may.
        media_type: of the answers.
        is_open: whether it is answered without a token.
        example: of what is asked for.
    """

    name: str
    method: Method
    path: str
    summary: str
    answers: Mapping[HTTPStatus, Any]
    scopes: tuple[Scope, ...] = ()
    asked: type[msgspec.Struct] | None = None
    problems: tuple[HTTPStatus, ...] = ()
    description: str = ""
    media_type: str = "application/json"
    is_open: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Described, Generic[Visit, Asked]):
    """One thing that the service does, and how.

    Attributes:
        asked: what is asked for.
        perform: does it, in a thread; it may wait.
    """

    asked: type[Asked]
    perform: Callable[[Visit, Asked], Done]
