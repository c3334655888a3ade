"""The canonical spelling: what RFC 8785 says, for the values that are put there."""

from __future__ import annotations

import hashlib

import pytest

from oikeus.canonical import canonical, digest_of


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        (None, "null"),
        (True, "true"),
        (-7, "-7"),
        (["a", 1, []], '["a",1,[]]'),
        (("a", None), '["a",null]'),
        ({"b": 1, "a": {"d": 2, "c": 3}}, '{"a":{"c":3,"d":2},"b":1}'),
        ('"\\/', '"\\"\\\\/"'),
        ("\b\t\n\f\r", '"\\b\\t\\n\\f\\r"'),
        ("\x00\x1f\x7f", '"\\u0000\\u001f\x7f"'),
        ("é\u2028\ufeff😀", '"é\u2028\ufeff😀"'),
    ],
)
def test_each_value_has_one_spelling(value: object, spelt: str) -> None:
    """No blanks, keys sorted, and nothing escaped that need not be."""
    assert canonical(value) == spelt


def test_a_value_that_json_does_not_have_is_refused() -> None:
    """NaN has no spelling that others read."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_digest_is_that_of_the_spelling_in_utf_8() -> None:
    """As anybody computes it."""
    assert digest_of(["é"]) == hashlib.sha256('["é"]'.encode()).hexdigest()
