"""Requirements on attributes: what a caller may send with a question."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from oikeus.attributes import check_attributes
from oikeus.errors import RequestError
from oikeus.terms import Request

from ..pretenders import PosingText

_NONE = "the attributes are no values by name, expected a mapping"
_CONTROL = "holds a control or invisible character, expected plain text"
_FORM = "is not in Unicode's form NFC, expected it in that form"

GOOD = ("person:a", "read", "hoks", "1.2")


class Status(StrEnum):
    """A word as a service may keep it."""

    ARCHIVED = "archived"


def test_attributes_are_kept_sorted_and_as_plain_text() -> None:
    """However they are given, two requests that ask the same are equal."""
    given = {"status": Status.ARCHIVED, "role": "admin"}
    request = Request(*GOOD, attributes=given)
    assert request.attributes == (("role", "admin"), ("status", "archived"))
    assert request == Request(
        *GOOD, attributes=(("status", "archived"), ("role", "admin"))
    )
    assert hash(request) == hash(Request(*GOOD, attributes=request.attributes))
    assert {type(text) for pair in request.attributes for text in pair} == {str}
    assert [*request] == [*GOOD]
    assert request != Request(*GOOD)


def test_a_blank_attribute_was_not_sent() -> None:
    """So it is not kept either."""
    assert Request(*GOOD, attributes={"role": ""}) == Request(*GOOD)
    assert Request(*GOOD).attributes == ()


@pytest.mark.parametrize(
    "value",
    ["true", "10.0.0.1", "anna@example.fi", "a, b", "[1, 2]", "it's (so)..", "Åbo"],
)
def test_a_value_may_be_any_text_of_one_spelling(value: str) -> None:
    """No file holds it, and no chain is made of it: it need not be an id."""
    assert check_attributes({"note": value}) == (("note", value),)
    assert check_attributes({"note": PosingText(value, "x")}) == (("note", value),)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"": "x"}, "the name of an attribute is blank, expected a value"),
        ({"a@b": "x"}, "the name of an attribute holds @, which ids cannot"),
        (
            {5: "x"},
            "the name of an attribute is not text, expected one such as `role`",
        ),
        ({"soft": True}, "the attribute `soft` is not text, expected text such as `1`"),
        (
            {"role": " admin"},
            "the attribute `role` has a leading or trailing blank, expected none",
        ),
        (
            {"role": "x" * 256},
            "the attribute `role` is longer than 255 characters, the most there may be",
        ),
        (
            {"role": "a\nb"},
            f"the attribute `role` {_CONTROL}",
        ),
        (
            {"role": "\ud800"},
            f"the attribute `role` {_CONTROL}",
        ),
        (
            {"role": "e\N{COMBINING ACUTE ACCENT}"},
            f"the attribute `role` {_FORM}",
        ),
        (
            (("role", ""), ("role", "admin")),
            "the attribute `role` stands twice, expected it once",
        ),
        ("role", _NONE),
        (5, _NONE),
        (
            (("a", "b", "c"),),
            _NONE,
        ),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(given: Any, message: str) -> None:  # noqa: ANN401 # as a caller may
    """The text names the attribute, and never its value."""
    with pytest.raises(RequestError) as refused:
        Request(*GOOD, attributes=given)
    assert str(refused.value) == message
