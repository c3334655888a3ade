"""A finding says where its line stands, and names the word that was meant."""

from __future__ import annotations

from oikeus.errors import Problem
from oikeus.policy.finding import Finding, known_word, listed
from oikeus.terms import Line, Source

HERE = Line("p", ("role:x", "hoks", "raed", "allow"), Source("a.csv", 7))


def test_a_problem_stands_where_its_line_stands() -> None:
    """A finding becomes a problem at the line's file and number."""
    assert Finding(HERE, "is wrong").problem == Problem("a.csv", 7, "is wrong")


def test_a_line_from_nowhere_is_named_by_its_text() -> None:
    """A line that stands in no file is quoted, so that it can be found."""
    finding = Finding(Line("g2", ("a", "b")), "is wrong")
    assert str(finding.problem) == "`g2, a, b`: is wrong"


def test_a_known_word_is_no_finding() -> None:
    """Nothing is said of a word that is known."""
    assert list(known_word(HERE, "action", "read", ["read", "share"])) == []


def test_an_unknown_word_comes_with_all_known_ones_and_the_nearest() -> None:
    """An unknown word is put beside those it could have been, each once, in order."""
    (finding,) = known_word(HERE, "action", "raed", ["share", "read", "share"])
    assert finding.text == (
        "unknown action `raed`, expected share or read (did you mean `read`?)"
    )
    assert not finding.warning


def test_a_word_near_to_none_gets_no_hint() -> None:
    """A guess that helps nobody is not made."""
    (finding,) = known_word(HERE, "action", "x\x00", iter(["share"]))
    assert finding.text == "unknown action `x\\x00`, expected share"


def test_no_word_at_all_can_be_expected() -> None:
    """A policy without modes expects none."""
    (finding,) = known_word(HERE, "mode", "mode:x", [])
    assert finding.text == "unknown mode `mode:x`, expected none"


def test_words_are_listed_in_order() -> None:
    """A list of words reads the same whatever order they were found in."""
    assert listed({"b", "a"}) == "`a`, `b`"
    assert listed([]) == "none"
