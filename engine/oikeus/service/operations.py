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
class Operation(Generic[Visit, Asked]):
    """One thing that the service does.

    Attributes:
        name: no other operation has it.
        method: where what is asked for is read from: the query, or the body.
        path: with `{id}` where a number stands.
        summary: what it does, in one line.
        description: what else its caller should know.
        scopes: one of these is needed.
        asked: what is asked for.
        answers: what may be answered, by status.
        problems: which other statuses may come, besides those that always may.
        perform: does it, in a thread; it may wait.
    """

    name: str
    method: Method
    path: str
    summary: str
    scopes: tuple[Scope, ...]
    asked: type[Asked]
    answers: Mapping[HTTPStatus, type[msgspec.Struct]]
    perform: Callable[[Visit, Asked], Done]
    problems: tuple[HTTPStatus, ...] = ()
    description: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
