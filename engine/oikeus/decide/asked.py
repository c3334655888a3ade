"""What is asked, read as what it is: callers may give types of their own.

A subclass can say of itself whatever it likes, and would be decided as that. What is
read here are the parts that it holds, and what holds none is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from ..errors import RequestError
from ..policy.model import Model
from ..terms import Request
from .sent import values_of

Asked = tuple[str, str, str, str]
"""A request as a tuple: subject, action, resource, organisation."""

PARTS = 4
"""How many parts a request has."""


def each_of(requests: Iterable[Request | Asked]) -> Iterator[Request | Asked]:
    """Go through requests.

    Raises:
        RequestError: they cannot be gone through.
    """
    try:
        return iter(requests)
    except TypeError:
        message = (
            "what is to be decided cannot be gone through, expected a list of requests"
        )
        raise RequestError(message) from None


def parts_of(request: object) -> tuple[Any, ...]:
    """The four parts of a request, of whatever types; nothing has checked them.

    Raises:
        RequestError: it is no `Request`, and no tuple or list of four.
    """
    if type(request) is Request:
        return request.subject, request.action, request.resource, request.organisation
    parts: tuple[Any, ...] = ()
    kind = tuple if issubclass(type(request), tuple) else list
    with suppress(TypeError):
        parts = (*kind.__iter__(request),)  # type: ignore[arg-type] # tells what is none
    if len(parts) != PARTS:
        message = (
            "what is to be decided is no request, expected a `Request` or a tuple of "
            "subject, action, resource and organisation"
        )
        raise RequestError(message)
    return parts


def sent_with(request: object, model: Model) -> tuple[str, ...]:
    """The value of each attribute that a model declares; none where none was sent.

    Raises:
        RequestError: an attribute that the model does not declare.
    """
    if type(request) is Request and request.attributes:
        return values_of(model, request.attributes)
    return ()


def check_request(request: object) -> None:
    """Refuse what was not checked when it was made.

    Raises:
        RequestError: it is no `Request`.
    """
    if type(request) is not Request:
        message = "what is to be decided is no request, expected a `Request`"
        raise RequestError(message)
