"""JSON of an outside register, read strictly."""

from __future__ import annotations

import sys

import pytest

from oikeus.administration.register_json import below, read_json
from oikeus.errors import RegisterError


def faults(text: str) -> list[str]:
    """What is wrong with a text that can be read, in words."""
    return [str(problem) for problem in read_json(text, "a.json")[1]]


def refusal(text: str) -> RegisterError:
    """The error for a text that cannot be read."""
    with pytest.raises(RegisterError) as caught:
        read_json(text, "a.json")
    return caught.value


def test_plain_json_is_read_as_it_is() -> None:
    """Text, lists, objects, truth and null come through."""
    value, problems = read_json('{"a": ["ä", true, null, {"b": 1.5}]}', "a.json")
    assert value == {"a": ["ä", True, None, {"b": 1.5}]}
    assert problems == ()


def test_a_byte_order_mark_is_passed_over() -> None:
    """Some services write one."""
    assert read_json("\ufeff[]", "a.json") == ([], ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a.json:1: cannot be read as JSON, expecting value at column 1"),
        (
            '{"a": 1,\n "b": }',
            "a.json:2: cannot be read as JSON, expecting value at column 7",
        ),
        (
            "[1]\n\nx",
            "a.json:3: cannot be read as JSON, extra data at column 1",
        ),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(text: str, expected: str) -> None:
    """The library's own words follow the place."""
    assert str(refusal(text)) == expected


def test_nesting_without_end_is_refused() -> None:
    """The interpreter's limit is not the caller's affair."""
    depth = sys.getrecursionlimit() * 100
    assert str(refusal("[" * depth + "]" * depth)) == (
        "a.json: is nested too deep, expected some dozen levels"
    )


def test_a_number_of_any_length_is_read() -> None:
    """Python refuses to convert thousands of digits to an integer."""
    assert read_json("9" * 5000, "a.json") == (float("inf"), ())


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_json_has_no_word_for_is_refused(word: str) -> None:
    """Python's reader would take it for a number."""
    assert faults(f'{{"a": [1, {word}]}}') == [
        f"a.json: $.a[1]: `{word}` is no JSON, expected a number"
    ]


def test_repeated_keys_are_refused_wherever_they_are() -> None:
    """Python's reader would keep the last in silence."""
    found = faults('{"oid": 1, "oid": 2, "x y": [{"b": {}, "c": 1, "b": 1, "b": 2}]}')
    assert sorted(found) == [
        "a.json: $.oid: the key is repeated, expected it once",
        'a.json: $["x y"][0].b: the key is repeated, expected it once',
    ]


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("nimi", "$.nimi"),
        ("a b", '$["a b"]'),
        ("ä", '$["\\u00e4"]'),
        ("\n", '$["\\n"]'),
        ("", '$[""]'),
    ],
)
def test_a_path_is_one_line_of_plain_characters(key: str, path: str) -> None:
    """Whatever the key, the path can be shown and searched for."""
    assert below("$", key) == path


def test_very_many_keys_are_counted_once() -> None:
    """Counting each anew took seconds for the smallest of files."""
    keys = ",".join(f'"k{number}":0' for number in range(200_000))
    assert faults(f'{{{keys},"k7":0}}') == [
        "a.json: $.k7: the key is repeated, expected it once"
    ]
