"""What an id may be: its flaws are named, and plain ids are told at first sight."""

from __future__ import annotations

import pytest

from oikeus.ids import flaw_in_id, is_id, is_plain, not_plain


@pytest.mark.parametrize(
    "value", ["a", "1.2.246.562.10.00000000001", "person:x y", "é", "*", "x" * 255]
)
def test_a_plain_id_has_no_flaw(value: str) -> None:
    """An id is any plain text of at most 255 characters."""
    assert flaw_in_id(value) is None


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        ("", "is blank, expected a value"),
        (" ", "has a leading or trailing blank, expected none"),
        ("a\n", "has a leading or trailing blank, expected none"),
        ("\u3000a", "has a leading or trailing blank, expected none"),
        ("x" * 256, "is longer than 255 characters, the most there may be"),
        ("a\x00b", "holds a control or invisible character, expected plain text"),
        ("a\u00a0b", "holds a control or invisible character, expected plain text"),
        ("a\u200bb", "holds a control or invisible character, expected plain text"),
        ("a,b", "holds ,, which ids cannot"),
        ('"', 'holds ", which ids cannot'),
        ("'", "holds ', which ids cannot"),
        ("`", "holds `, which ids cannot"),
        ("a(b", "holds (, which ids cannot"),
        ("a)b", "holds ), which ids cannot"),
        ("a[b", "holds [, which ids cannot"),
        ("a]b", "holds ], which ids cannot"),
        ("a@b", "holds @, which ids cannot"),
        ("a..b", "holds .., which ids cannot"),
    ],
)
def test_the_flaw_of_an_id_is_named(value: str, flaw: str) -> None:
    """What a Casbin, a database or a reader could take otherwise is a flaw."""
    assert flaw_in_id(value) == flaw


def test_a_column_may_allow_what_ids_may_not() -> None:
    """The domain of a grant holds `@` and `..`, and nothing else besides."""
    assert flaw_in_id("1.2@2026-01-01..2026-12-31", allowed="@..") is None
    assert flaw_in_id("1,2@2026-01-01..2026-12-31", allowed="@..") == (
        "holds ,, which ids cannot"
    )


@pytest.mark.parametrize("sign", ["\u3164", "\ufe0f", "\u2800", "\u034f"])
def test_a_sign_that_nobody_sees_is_no_part_of_an_id(sign: str) -> None:
    """Two ids that look alike would let a block miss the one that is meant."""
    expected = "holds a control or invisible character, expected plain text"
    assert flaw_in_id(f"a{sign}b") == expected


def test_an_id_has_one_spelling() -> None:
    """The composed form is taken, the decomposed one is refused."""
    assert flaw_in_id("caf\u00e9") is None
    expected = "is not in Unicode's form NFC, expected it in that form"
    assert flaw_in_id("cafe\u0301") == expected


@pytest.mark.parametrize("word", ["a", "person:1.2", "role:x_y-z", "x" * 255])
def test_a_plain_word_is_an_id_at_first_sight(word: str) -> None:
    """Letters, digits and a few signs are an id whatever their order."""
    assert is_plain(word)
    assert is_id(word)


@pytest.mark.parametrize("word", ["caf\u00e9", "person:x y", "*"])
def test_a_word_that_is_not_plain_may_be_an_id_all_the_same(word: str) -> None:
    """First sight tells nothing about other words: they are looked at one by one."""
    assert not is_plain(word)
    assert is_id(word)


@pytest.mark.parametrize("word", ["", "a..b", "a,b", "x" * 256])
def test_what_is_no_id_is_never_plain(word: str) -> None:
    """What is taken at first sight is taken rightly."""
    assert not is_plain(word)
    assert not is_id(word)


@pytest.mark.parametrize("odd", ["", "a..b", "a,b", "caf\u00e9", "x" * 256])
def test_the_words_that_are_not_plain_are_found_among_many(odd: str) -> None:
    """A batch that has one is looked at word by word, and any other as a whole."""
    words = [f"person:{number}" for number in range(2500)]
    assert [*not_plain(words)] == []
    assert [*not_plain([*words[:1200], odd, *words[1200:]])] == [odd]


def test_two_words_whose_dots_meet_are_plain_both() -> None:
    """Words are looked at together, and dots of two words are no dots of one."""
    assert [*not_plain(["a.", ".b"])] == []
