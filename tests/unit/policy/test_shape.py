"""What a schema's error is called in our words."""

from __future__ import annotations

from typing import Any

import pytest

from oikeus.policy.shape import flaws_in_shape

TEXT: dict[str, Any] = {"type": "string"}
KEYS: dict[str, Any] = {
    "type": "object",
    "properties": {"label": TEXT, "types": TEXT},
    "additionalProperties": False,
}
WORD: dict[str, Any] = {"type": "string", "pattern": "^x$", "format": "oikeus-word"}
HINTED = {"pattern": "^x$", "patternErrorMessage": "expected an x"}


@pytest.mark.parametrize(
    ("schema", "value", "path", "text"),
    [
        (TEXT, {}, (), "the file is a mapping, expected text"),
        (TEXT, None, (), "the file is nothing, expected text"),
        (TEXT, 12, (), "the file is `12`, expected text (in quotes)"),
        (TEXT, False, (), "the file is `false`, expected text (in quotes)"),
        ({"type": "object"}, "x", (), "the file is `x`, expected a mapping"),
        ({"type": "array"}, {}, (), "the file is a mapping, expected a list"),
        ({"type": "boolean"}, 1, (), "the file is `1`, expected true or false"),
        (
            KEYS,
            {"lable": "x"},
            ("lable",),
            (
                "the file has the unknown key `lable`, expected label or types "
                "(did you mean `label`?)"
            ),
        ),
        (
            {"properties": {"a": {"items": {"required": ["b", "c"]}}}},
            {"a": [{"b": 1}]},
            ("a", 0),
            "`a[0]` has no key `c`, which it needs",
        ),
        (
            {"properties": {"eft": {"enum": ["allow", "deny"]}}},
            {"eft": "dney"},
            ("eft",),
            "`eft` is `dney`, expected allow or deny (did you mean `deny`?)",
        ),
        ({"items": HINTED}, ["y"], (0,), "`[0]` is `y`, expected an x"),
        (
            {"properties": {"a": {"properties": {"b": WORD}}}},
            {"a": {"b": "X"}},
            ("a", "b"),
            (
                "`a.b` is wrong: `X` is no name, expected small letters a to z, digits "
                "and single hyphens"
            ),
        ),
        (
            {"properties": {"a": {"propertyNames": WORD}}},
            {"a": {"B": 1}},
            ("a", "B"),
            (
                "`a` has a key that is wrong: `B` is no name, expected small letters a "
                "to z, digits and single hyphens"
            ),
        ),
        ({"minItems": 1}, [], (), "the file is empty, expected at least 1"),
        ({"minProperties": 1}, {}, (), "the file is empty, expected at least 1"),
        ({"minItems": 2}, ["a"], (), "the file has 1, expected at least 2"),
        (
            {"uniqueItems": True},
            [1, 2, 2],
            (),
            "the file holds `2` twice, expected it once",
        ),
        (
            {"anyOf": [{"required": ["can"]}, {"required": ["cannot"]}]},
            {},
            (),
            "the file is incomplete, expected at least one key of `can` or `cannot`",
        ),
    ],
)
def test_a_flaw_says_where_and_what_was_expected(
    schema: dict[str, Any], value: object, path: tuple[str | int, ...], text: str
) -> None:
    """Every keyword of the schemas has its own text."""
    assert [(flaw.path, flaw.text) for flaw in flaws_in_shape(value, schema)] == [
        (path, text)
    ]


def test_a_format_speaks_for_its_pattern() -> None:
    """The pattern is for editors; where the format is content, so are we."""
    assert not list(flaws_in_shape("y", WORD))


def test_all_flaws_are_found() -> None:
    """One flaw does not hide another, in the same place or elsewhere."""
    schema = {**KEYS, "required": ["label"]}
    texts = {flaw.text for flaw in flaws_in_shape({"types": 1, "x": 2}, schema)}
    assert texts == {
        "the file has no key `label`, which it needs",
        "the file has the unknown key `x`, expected label or types",
        "`types` is `1`, expected text (in quotes)",
    }
