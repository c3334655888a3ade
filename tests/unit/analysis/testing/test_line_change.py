"""A change of lines, held against facts: the same as reading the lines anew."""

from __future__ import annotations

import pytest

from oikeus.analysis.testing.line_change import LineChange
from oikeus.decide.facts import Facts
from oikeus.policy.lines import read_lines
from oikeus.terms import Line

from .small_suite import RULES, model

LINES = read_lines(RULES, "rules.csv").lines


def line(text: str) -> Line:
    """A line from its text."""
    ptype, *values = text.split(", ")
    return Line(ptype, tuple(values))


@pytest.mark.parametrize(
    ("removed", "added"),
    [
        ((), ()),
        (("p, role:clerk, book, lend, allow",), ()),
        ((), ("p, role:gate, book, lend, allow",)),
        (("p2, role:chief, role:clerk, mode:paper, active",), ("p2, a, b, c, d",)),
        (("g3, role:clerk, person",), ("g3, role:clerk, system",)),
        (("g4, level:branch, role:gate",), ("g4, level:desk, role:gate",)),
        ((), ("g4, level:branch, role:clerk", "g4, level:branch, role:chief")),
        (("p, no, such, line, allow", "g3, role:x, person"), ()),
    ],
)
def test_facts_with_a_change_are_those_of_the_other_lines(
    removed: tuple[str, ...], added: tuple[str, ...]
) -> None:
    """Whatever is changed, and whether it was there or not."""
    change = LineChange(tuple(map(line, removed)), tuple(map(line, added)))
    kept = [each for each in LINES if each not in change.removed]
    expected = Facts.from_lines(model(), dict.fromkeys((*kept, *change.added)))
    found = change.apply(Facts.from_lines(model(), LINES))
    assert {*found.lines()} == {*expected.lines()}
    assert found.rules == expected.rules
    assert all(
        found.linked(ptype, first) == words
        for ptype, links in expected.links.items()
        for first, words in links.items()
    )
    assert {*change.rules, *change.links} == {*change.removed, *change.added}


def test_what_is_not_changed_is_shared() -> None:
    """So that a change costs what it changes."""
    facts = Facts.from_lines(model(), LINES)
    found = LineChange(added=(line("g3, role:gate, person"),)).apply(facts)
    assert found.rules["p"] is facts.rules["p"]
    assert found.links["g4"] is facts.links["g4"]
    assert found.grants is facts.grants
