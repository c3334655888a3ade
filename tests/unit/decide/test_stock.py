"""What of a line survives a CSV file: only what Casbin reads as it is."""

import pytest

from oikeus.decide.stock import csv_line, csv_text
from oikeus.terms import Line, Source

HERE = Source("lines.csv", 1)


@pytest.mark.parametrize(
    "line",
    [
        Line("p", ("role:a", "hoks", "read", "allow")),
        Line(
            "g", ("person:Åsa \N{GRINNING FACE}", "role:a", "1@2026-01-01..2026-12-31")
        ),
        Line("g", ("person:\"quoted\" 'too'", "role:a", "1@x")),
        Line("g", ("person:a#b", "", "1@x")),
        Line("p", ("f(a, b)", "[x]")),
        Line("q", ("kind", "of no model")),
        Line("g", ()),
    ],
)
def test_line_that_casbin_reads_as_it_is_survives(line: Line) -> None:
    """Quotes are ordinary characters, and so is a comma in brackets."""
    text = csv_text(line)
    assert text == str(line)
    assert csv_line(text, HERE) == line


@pytest.mark.parametrize(
    "line",
    [
        Line("g", ("mallory, role:x", "role:a")),
        Line("g", ("a ", "role:a")),
        Line("g", ("a", "role:a\N{NO-BREAK SPACE}")),
        Line("g", ("a", "two\nlines")),
        Line("g", ("a)", "role:a")),
        Line("g", ("(a", "role:a")),
        Line("", ("a",)),
        Line("#g", ("a",)),
        Line(" g", ("a",)),
        Line("g,a", ("b",)),
        Line("g", ("\ud800",)),
        Line("", ()),
    ],
)
def test_line_that_casbin_would_misread_has_no_text(line: Line) -> None:
    """It is never shifted, cut or lost in silence."""
    assert csv_text(line) is None
