"""Values and choices in the texts of problems."""

from __future__ import annotations

import pytest

from oikeus.policy.wording import choice, did_you_mean, shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hoks", "`hoks`"),
        ("", "``"),
        (None, "nothing"),
        ({"a": 1}, "a mapping"),
        ([1], "a list"),
        (True, "`true`"),
        (12, "`12`"),
        (1.5, "`1.5`"),
        ("ä", "`ä`"),
    ],
)
def test_a_value_is_shown_by_what_it_is(value: object, expected: str) -> None:
    """Text and numbers are quoted, collections are named by their sort."""
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\nb", "`a\\nb`"),
        ("\x1b[31m", "`\\x1b[31m`"),
        ("\u202eabc", "`\\u202eabc`"),
        ("\ud800", "`\\ud800`"),
        ("a`b", "`a\\x60b`"),
    ],
)
def test_what_would_break_a_line_is_escaped(value: str, expected: str) -> None:
    """No value can break the line, command a terminal or end its own quotes."""
    assert shown(value) == expected


def test_a_long_value_is_cut() -> None:
    """A text stays readable when the value does not."""
    assert shown("x" * 1000) == f"`{'x' * 60}…`"


def test_a_choice_of_one_is_that_one() -> None:
    """One word needs no `or`."""
    assert choice(["allow"]) == "allow"


def test_a_choice_ends_with_or() -> None:
    """Several words read as a sentence does."""
    assert choice(["read", "share", "create"]) == "read, share or create"


def test_nothing_is_suggested_for_a_word_unlike_all_others() -> None:
    """A hint that is far off would mislead."""
    assert not did_you_mean("xyz", ["label", "validity"])


def test_a_near_word_is_suggested() -> None:
    """A misspelt word brings the right one."""
    assert did_you_mean("vailidity", ["label", "validity"]) == (
        " (did you mean `validity`?)"
    )
