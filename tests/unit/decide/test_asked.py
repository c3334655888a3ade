"""Requirements on reading what is asked: requests of types of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from oikeus.errors import RequestError
from oikeus.terms import Request

from ...pretenders import FailingObject, PosingList, PosingObject, PosingTuple
from .small_world import held, point

ROWS = (held("person:1", "user", "north"),)
GOOD = ("person:1", "read", "plan", "north")


class Named(NamedTuple):
    """A request as a service may keep it."""

    who: str
    act: str
    obj: str
    at: str


def test_many_requests_are_what_they_hold() -> None:
    """Not what a type of its own gives when it is gone through."""
    asked = point(*ROWS)
    no = ("person:1", "send", "plan", "north")
    many: list[Any] = [Named(*GOOD), Named(*no), PosingTuple(no), PosingList(no)]
    assert asked.allows_many(many) == [True, False, False, False]
    assert asked.allows_many({GOOD: 1, no: 2}) == [True, False]
    assert asked.allows_many({GOOD}) == [True]


class NoRequest:
    """Neither: it only says so."""

    subject, action, resource, organisation = GOOD

    @property  # type: ignore[misc] # says so
    def __class__(self) -> type:
        return Request

    def __iter__(self) -> Iterator[str]:
        return iter(GOOD)

    def __len__(self) -> int:
        return 4


class Otherwise(Request):  # type: ignore[misc] # as nobody should
    """A request that says something else than its fields."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(GOOD)


def test_only_a_request_itself_was_checked() -> None:
    """A subclass may say something else; what is gone through has no order, or ends."""
    asked = point(*ROWS)
    for value in (
        PosingTuple(GOOD[:3]),
        PosingList(GOOD[:3]),
        NoRequest(),
        Otherwise(*GOOD),
        {*GOOD},
        dict.fromkeys(GOOD),
        iter(GOOD),
        "four",
        b"four",
        PosingObject(GOOD),
        FailingObject(),
        Request,
        tuple,
        None,
    ):
        with pytest.raises(RequestError, match="is no request, expected a `Request`"):
            asked.allows_many([GOOD, value])  # type: ignore[list-item] # as a caller may
        with pytest.raises(RequestError, match="is no request, expected a `Request`"):
            asked.decide(value)  # type: ignore[arg-type] # as a caller may


@pytest.mark.parametrize("value", [None, 5, Request])
def test_what_cannot_be_gone_through_is_refused(value: object) -> None:
    """The text says what was expected."""
    with pytest.raises(RequestError) as refused:
        point(*ROWS).allows_many(value)  # type: ignore[arg-type] # as a caller may
    assert str(refused.value) == (
        "what is to be decided cannot be gone through, expected a list of requests"
    )


def test_an_error_of_a_callers_own_iterator_is_theirs() -> None:
    """It is no refusal, and not hidden."""

    def requests() -> Iterator[tuple[str, str, str, str]]:
        yield GOOD
        raise TypeError

    with pytest.raises(TypeError):
        point(*ROWS).allows_many(requests())
