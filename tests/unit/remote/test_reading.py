"""What a service answered: what it must be, or an error."""

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any

import pytest

from oikeus import Effect, ServiceError
from oikeus.remote.reading import Fields, read_object
from oikeus.remote.secret import NOBODY

VALUES: dict[str, Any] = {
    "yes": True,
    "no": False,
    "text": "t",
    "none": None,
    "number": 7,
    "day": "2026-03-01",
    "word": "allow",
    "words": ["allow", "deny"],
    "inner": {"text": "in"},
    "inners": [{"text": "a"}, {"text": "b"}],
    "texts": ["a", "b"],
}


def test_fields_are_read_as_what_they_are() -> None:
    """Each by the reading that its type has."""
    fields = Fields(VALUES)
    assert fields.truth("yes") is True
    assert fields.truth("no") is False
    assert fields.text("text") == "t"
    assert fields.number("number") == 7
    assert fields.day("day") == date(2026, 3, 1)
    assert fields.choice("word", Effect) is Effect.ALLOW
    assert fields.choices("words", Effect) == (Effect.ALLOW, Effect.DENY)
    assert fields.inner("inner").text("text") == "in"
    assert [each.text("text") for each in fields.inners("inners")] == ["a", "b"]
    assert fields.texts("texts") == ("a", "b")
    assert fields.perhaps("number", fields.number) == 7
    assert fields.perhaps("none", fields.number) is None
    assert fields.perhaps("missing", fields.number) is None
    assert "text" in fields
    assert "none" not in fields


ODD: dict[str, tuple[Callable[[Fields], object], object, str]] = {
    "no truth": (lambda it: it.truth("x"), None, "`x` is not true or false"),
    "one": (lambda it: it.truth("x"), 1, "`x` is not true or false"),
    "zero": (lambda it: it.truth("x"), 0, "`x` is not true or false"),
    "true as text": (lambda it: it.truth("x"), "true", "`x` is not true or false"),
    "full list": (lambda it: it.truth("x"), [True], "`x` is not true or false"),
    "no text": (lambda it: it.text("x"), 7, "`x` is not text"),
    "truth for a number": (
        lambda it: it.number("x"),
        True,
        "`x` is not a whole number from 0 on",
    ),
    "below nothing": (
        lambda it: it.number("x"),
        -1,
        "`x` is not a whole number from 0 on",
    ),
    "fraction": (
        lambda it: it.number("x"),
        7.0,
        "`x` is not a whole number from 0 on",
    ),
    "no day": (
        lambda it: it.day("x"),
        "2026-02-30",
        "`x` is not a day of the form 2026-03-01",
    ),
    "no word": (
        lambda it: it.choice("x", Effect),
        "Allow",
        "`x` is not one of allow, deny",
    ),
    "no list": (lambda it: it.texts("x"), "ab", "`x` is not a list"),
    "no texts": (lambda it: it.texts("x"), ["a", 1], "`x[1]` is not text"),
    "no object": (lambda it: it.inner("x"), [], "`x` is not an object"),
    "no objects": (lambda it: it.inners("x"), [{}, 1], "`x[1]` is not an object"),
    "further in": (
        lambda it: it.inners("x")[0].inner("y").text("z"),
        [{"y": {}}],
        "`x[0].y.z` is not text",
    ),
}


@pytest.mark.parametrize("case", ODD, ids=list(ODD))
def test_odd_field_is_an_error_that_names_it(case: str) -> None:
    """And never something that is nearly right."""
    read, value, text = ODD[case]
    with pytest.raises(ServiceError) as odd:
        read(Fields({"x": value}))
    assert str(odd.value) == f"the service answered oddly: {text}"
    with pytest.raises(ServiceError):
        read(Fields({}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>",
        b"\xff{}",
        b'{"decision": false, "decision": true}',
        b'{"x": NaN}',
        b'{"x": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_an_error(body: bytes) -> None:
    """Of a key that stands twice, one says yes."""
    with pytest.raises(ServiceError, match="what cannot be read, expected an object"):
        read_object(body, NOBODY)


@pytest.mark.parametrize("body", [b"[]", b"true", b"null", b'"x"', b"1"])
def test_whole_answer_is_an_object(body: bytes) -> None:
    """A bare `true` is no decision."""
    with pytest.raises(ServiceError, match="the whole is not an object"):
        read_object(body, NOBODY)


def test_object_is_read() -> None:
    """As JSON has it."""
    assert read_object(b' {"x": "\xc3\xa4"} ', NOBODY).text("x") == "ä"


def test_words_of_other_enumerations_are_named_too() -> None:
    """Their values need not be text."""

    class Size(Enum):
        ONE = 1

    with pytest.raises(ServiceError, match="is not one of 1"):
        Fields({"x": "2"}).choice("x", Size)
