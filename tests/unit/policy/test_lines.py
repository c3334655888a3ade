"""Casbin lines are read with their place and reason, and refused with all flaws."""

from __future__ import annotations

import pytest

from oikeus.policy.lines import read_lines
from oikeus.terms import Line, Source


def texts(text: str) -> list[str]:
    """The problems of a text, as they are printed."""
    return [str(problem) for problem in read_lines(text, "p.csv").problems]


def comments(text: str) -> list[str]:
    """The comment that each line of a text has."""
    return [
        line.source.comment
        for line in read_lines(text, "p.csv").lines
        if line.source is not None
    ]


def test_a_line_carries_file_line_number_and_comment() -> None:
    """A line remembers where it was written and the reason above it."""
    reading = read_lines("\n# R8: reads\np, role:x, hoks, read, allow\n", "a/b.csv")
    assert reading.problems == ()
    assert reading.lines == (Line("p", ("role:x", "hoks", "read", "allow")),)
    assert reading.lines[0].source == Source("a/b.csv", 3, "R8: reads")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("p, role:x, y", id="no final newline"),
        pytest.param("p, role:x, y\r\n", id="Windows"),
        pytest.param("\ufeffp, role:x, y\n", id="byte order mark"),
        pytest.param("p,role:x,y\n", id="no blanks after commas"),
        pytest.param("\n\n  \n\t\np, role:x, y\n \n", id="blank lines"),
        pytest.param("#\np, role:x, y\n#", id="empty comments"),
    ],
)
def test_a_line_is_the_same_however_the_file_is_laid_out(text: str) -> None:
    """Line ends, marks and blanks around lines say nothing."""
    reading = read_lines(text, "p.csv")
    assert (reading.lines, reading.problems) == ((Line("p", ("role:x", "y")),), ())


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "# R1: only a comment\n"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    """A file without lines is not wrong."""
    reading = read_lines(text, "p.csv")
    assert (reading.lines, reading.problems) == ((), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# a\np, x\np, y\n", ["a", "a"], id="counts for a run of lines"),
        pytest.param("# a\n# b\np, x\n", ["a b"], id="several lines are joined"),
        pytest.param("# a\n\np, x\n", [""], id="a blank line ends it"),
        pytest.param("# a\n \t\np, x\n", [""], id="a line of blanks ends it"),
        pytest.param("# a\np, x\n# b\np, y\n", ["a", "b"], id="a new one replaces it"),
        pytest.param("# a\np, x\n#\np, y\n", ["a", ""], id="an empty one replaces it"),
        pytest.param("# a\np, x\n\np, y\n", ["a", ""], id="not beyond a blank line"),
        pytest.param("# a\n#\n# b\np, x\n", ["a b"], id="empty comment lines vanish"),
        pytest.param("##  a \t b\u00a0c\r\np, x\r\n", ["a b c"], id="blanks are even"),
        pytest.param("\ufeff# a\np, x\n", ["a"], id="behind a byte order mark"),
        pytest.param("# a\np, \x00\np, y\n", ["a"], id="a wrong line does not end it"),
        pytest.param("p, x # a\n", [""], id="never behind a line"),
    ],
)
def test_a_comment_block_counts_until_a_blank_line_or_the_next_block(
    text: str, expected: list[str]
) -> None:
    """The reason of a line is the comment block above its run of lines."""
    assert comments(text) == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "value 2 is blank, expected a value"),
        (" ", "value 2 ` ` has a leading or trailing blank, expected none"),
        (" x", "value 2 ` x` has a leading or trailing blank, expected none"),
        ("x ", "value 2 `x ` has a leading or trailing blank, expected none"),
        ("\tx", "value 2 `\\tx` has a leading or trailing blank, expected none"),
        ("x\u00a0", "value 2 `x\\xa0` has a leading or trailing blank, expected none"),
        *(
            (
                f"x{sign}y",
                (
                    f"value 2 `x{name}y` holds a control or invisible character, "
                    "expected plain text"
                ),
            )
            for sign, name in (
                ("\x00", "\\x00"),
                ("\t", "\\t"),
                ("\r", "\\r"),
                ("\x1b", "\\x1b"),
                ("\x0b", "\\x0b"),
                ("\x85", "\\x85"),
                ("\u00a0", "\\xa0"),
                ("\u00ad", "\\xad"),
                ("\u200b", "\\u200b"),
                ("\u200d", "\\u200d"),
                ("\u2028", "\\u2028"),
                ("\u202e", "\\u202e"),
                ("\ufeff", "\\ufeff"),
                ("\ud800", "\\ud800"),
            )
        ),
        ('"x"', 'value 2 `"x"` holds ", which ids cannot'),
        ("o'x", "value 2 `o'x` holds ', which ids cannot"),
        ("`x", "value 2 `\\x60x` holds `, which ids cannot"),
        ("x@y", "value 2 `x@y` holds @, which ids cannot"),
        ("x..y", "value 2 `x..y` holds .., which ids cannot"),
        ("x(y)", "value 2 `x(y)` holds (, which ids cannot"),
        ("x]", "value 2 `x]` holds ], which ids cannot"),
        (
            "x" * 256,
            (
                f"value 2 `{'x' * 60}…` is longer than 255 characters, "
                "the most there may be"
            ),
        ),
    ],
)
def test_a_value_that_no_id_can_be_is_refused(value: str, problem: str) -> None:
    """What Casbin or a database would read otherwise than a person is refused."""
    reading = read_lines(f"g2, org, {value}\n", "p.csv")
    assert [str(item) for item in reading.problems] == [f"p.csv:1: {problem}"]
    assert reading.lines == ()


@pytest.mark.parametrize("value", ["x" * 255, "x y", "ä", "字", "x.y", "role:x", "*"])
def test_a_plain_value_is_taken_as_it_is(value: str) -> None:
    """Letters of any language, blanks within and single stops are plain."""
    reading = read_lines(f"g2, org, {value}\n", "p.csv")
    assert (reading.lines, reading.problems) == ((Line("g2", ("org", value)),), ())


def test_days_stand_in_the_domain_of_a_grant_and_nowhere_else() -> None:
    """Only the third value of a `g` line may hold `@` and `..`."""
    domain = "1.2@2026-01-01..2026-12-31"
    assert texts(f"g, person:a, role:x, {domain}\n") == []
    assert texts(f"g, person:a, {domain}, 1.2\n") == [
        f"p.csv:1: value 2 `{domain}` holds @, which ids cannot"
    ]
    assert texts(f"p, person:a, role:x, {domain}\n") == [
        f"p.csv:1: value 3 `{domain}` holds @, which ids cannot"
    ]
    assert texts("g, person:a, role:x, 1.2 @2026-01-01..2026-12-31 \n") == [
        (
            "p.csv:1: value 3 `1.2 @2026-01-01..2026-12-31 ` has a leading or trailing "
            "blank, expected none"
        )
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("x, role:y, z", "x"),
        (", role:y, z", ""),
        (" p, role:y, z", " p"),
        (" # comment, z", " # comment"),
        ("P, role:y, z", "P"),
        ("p\u0662, role:y, z", "p\u0662"),
        ("pp, role:y, z", "pp"),
        ("p 2, role:y, z", "p 2"),
        ('"p", role:y, z', '"p"'),
        ("\u200bp, role:y, z", "\\u200bp"),
        ("\t\x00, role:y", "\\t\\x00"),
    ],
)
def test_a_line_of_an_unknown_kind_is_refused(written: str, shown: str) -> None:
    """A line begins with p, p2 or a g, as it stands in the model."""
    assert texts(written) == [
        f"p.csv:1: unknown kind of line `{shown}`, expected p, p2, g, g2, g3 or g4"
    ]


def test_a_line_without_values_is_refused() -> None:
    """A word alone is no line."""
    assert texts("p\n") == [
        "p.csv:1: the line has no values, expected them after commas"
    ]


def test_everything_wrong_is_reported_with_its_line() -> None:
    """One wrong line, or one wrong value, hides no other; right lines are kept."""
    reading = read_lines("p, , x\nq, a@b\ng2, a, b\ng2, a , b,\n", "p.csv")
    assert [str(problem) for problem in reading.problems] == [
        "p.csv:1: value 1 is blank, expected a value",
        "p.csv:2: unknown kind of line `q`, expected p, p2, g, g2, g3 or g4",
        "p.csv:2: value 1 `a@b` holds @, which ids cannot",
        "p.csv:4: value 1 `a ` has a leading or trailing blank, expected none",
        "p.csv:4: value 3 is blank, expected a value",
    ]
    assert reading.lines == (Line("g2", ("a", "b")),)


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# R8: reads\rp, role:x, hoks, read, allow", id="lone return"),
        pytest.param("# R8\x00", id="NUL, which no database takes"),
        pytest.param("# \x1b[2J", id="terminal sequence"),
        pytest.param("# \u202edeny", id="reversed text"),
    ],
)
def test_a_comment_that_hides_something_is_refused(comment: str) -> None:
    """A comment is shown to auditors, and must not hide a line."""
    assert texts(comment) == [
        (
            "p.csv:1: the comment holds a control or invisible character, "
            "expected plain text"
        )
    ]
