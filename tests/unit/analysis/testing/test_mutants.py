"""A mutant is one slip of the pen in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.analysis.testing.line_change import LineChange
from oikeus.analysis.testing.mutants import (
    Mutant,
    Slip,
    is_of_place,
    is_rule,
    mutants_of,
)
from oikeus.policy.lines import read_lines
from oikeus.terms import Line

from .small_suite import RULES, load, model


def made_of(tmp_path: Path, text: str, *others: str) -> dict[Slip, set[str]]:
    """The mutants of a line, among other lines, by how they are made."""
    catalogue = load(tmp_path).policies.catalogue
    lines = read_lines("\n".join((text, *others)), "a.csv").lines
    found: dict[Slip, set[str]] = {slip: set() for slip in Slip}
    for mutant in mutants_of(lines, catalogue, model()):
        if mutant.line == lines[0]:
            found[mutant.slip].add(str(mutant.other))
    return found


RULE_WORDS = {
    "p, role:chief, book, lend, allow",
    "p, role:gate, book, lend, allow",
    "p, role:clerk, book, read, allow",
}
POWER_WORDS = {
    "p2, role:clerk, role:clerk, mode:paper, active",
    "p2, role:gate, role:clerk, mode:paper, active",
    "p2, role:chief, role:chief, mode:paper, active",
    "p2, role:chief, role:gate, mode:paper, active",
    "p2, role:chief, role:clerk, mode:screen, active",
}
LEVEL_WORDS = {
    "g4, level:root, role:clerk",
    "g4, level:desk, role:clerk",
    "g4, level:branch, role:chief",
    "g4, level:branch, role:gate",
}


@pytest.mark.parametrize(
    ("text", "swapped", "widened"),
    [
        (
            "p, role:clerk, book, lend, allow",
            # an action is one of its resource, and beside a rule stands no other effect
            {*RULE_WORDS, "p, role:clerk, book, lend, deny"},
            RULE_WORDS,
        ),
        (
            "p2, role:chief, role:clerk, mode:paper, active",
            {
                *POWER_WORDS,
                "p2, role:chief, role:clerk, *, active",
                "p2, role:chief, role:clerk, mode:paper, *",
            },
            POWER_WORDS,
        ),
        (
            "g3, role:clerk, person",
            {
                "g3, role:chief, person",
                "g3, role:gate, person",
                "g3, role:clerk, system",
            },
            {
                "g3, role:chief, person",
                "g3, role:gate, person",
                "g3, role:clerk, system",
            },
        ),
        ("g4, level:branch, role:clerk", LEVEL_WORDS, LEVEL_WORDS),
    ],
)
def test_every_word_is_dropped_swapped_and_widened(
    text: str, swapped: set[str], widened: set[str], tmp_path: Path
) -> None:
    """To each other word that the catalogue or the model knows."""
    assert made_of(tmp_path, text) == {
        Slip.DROPPED: {"None"},
        Slip.SWAPPED: swapped,
        Slip.WIDENED: widened,
    }


def test_a_power_for_any_mode_is_not_widened_but_narrowed(tmp_path: Path) -> None:
    """Beside a line for all, one for some says nothing."""
    found = made_of(tmp_path, "p2, role:chief, role:clerk, *, *")
    narrower = {
        "p2, role:chief, role:clerk, mode:paper, *",
        "p2, role:chief, role:clerk, mode:screen, *",
        "p2, role:chief, role:clerk, *, active",
    }
    assert found[Slip.SWAPPED] >= narrower
    assert not found[Slip.WIDENED] & narrower


def test_no_mutant_has_the_lines_of_the_policy_or_of_another(tmp_path: Path) -> None:
    """What is there already is no slip of the pen."""
    lines = read_lines(RULES, "a.csv").lines
    catalogue = load(tmp_path).policies.catalogue
    mutants = [*mutants_of(lines, catalogue, model())]
    assert not {mutant.other for mutant in mutants} & {*lines}
    changes = [mutant.change for mutant in mutants]
    assert len(changes) == len({*changes})
    assert len(mutants) == 67


def test_lines_on_people_and_of_unknown_words_are_left(tmp_path: Path) -> None:
    """Who is appointed is no rule; an unknown word has no neighbours."""
    for text in (
        "g, person:a, role:b, c@2026-01-01..2026-12-31",
        "g3, person:a, blocked",
    ):
        (line,) = read_lines(text, "a.csv").lines
        assert not is_rule(line)
        assert not is_of_place(line)
        assert not any(made_of(tmp_path / text[:3], text).values())
    found = made_of(tmp_path, "p, role:clerk, sea, sail, allow")
    assert found[Slip.WIDENED] == {
        "p, role:chief, sea, sail, allow",
        "p, role:gate, sea, sail, allow",
    }


TOWN = "g4, town, level:root"


@pytest.mark.parametrize(
    ("text", "dropped", "swapped", "widened"),
    [
        # an organisation has one mode, and what is active has no line
        ("g2, north, mode:paper", True, {"g2, north, mode:screen"}, set()),
        ("g2, north, status:passive", True, set(), set()),
        (
            "g4, north, level:branch",
            True,
            {"g4, north, level:desk"},
            {"g4, north, level:desk"},
        ),
        # there is one root, and every policy has it
        (TOWN, False, set(), {"g4, town, level:branch", "g4, town, level:desk"}),
        # where an organisation stands comes from a register, but for that
        ("g2, north, south", False, {"g2, north, town"}, set()),
        ("g2, north, town", False, set(), set()),
    ],
)
def test_what_is_said_of_an_organisation_is_altered_as_far_as_it_would_be_loaded(
    text: str, swapped: set[str], widened: set[str], tmp_path: Path, *, dropped: bool
) -> None:
    """What `check` refuses needs no case."""
    (line,) = read_lines(text, "a.csv").lines
    assert is_of_place(line)
    others = () if text == TOWN else (TOWN,)
    assert made_of(tmp_path, text, *others) == {
        Slip.DROPPED: {"None"} if dropped else set(),
        Slip.SWAPPED: swapped,
        Slip.WIDENED: widened,
    }


def test_a_line_is_widened_beside_one_of_the_same_role(tmp_path: Path) -> None:
    """That a gate may be a person is said of the gate, and not of the clerk."""
    catalogue = load(tmp_path).policies.catalogue
    lines = read_lines(RULES, "a.csv").lines
    mutants = mutants_of(lines, catalogue, model())
    wider = [
        (str(mutant.line), str(mutant.other))
        for mutant in mutants
        if mutant.slip is Slip.WIDENED
    ]
    assert ("g3, role:gate, system", "g3, role:gate, person") in wider
    assert ("g4, level:branch, role:gate", "g4, level:desk, role:gate") in wider
    order = [lines.index(mutant.line) for mutant in mutants]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("slip", "text", "removed", "added"),
    [
        (Slip.DROPPED, "without `p, a`", True, False),
        (Slip.SWAPPED, "with `p, b` in the place of `p, a`", True, True),
        (Slip.WIDENED, "with `p, b` beside `p, a`", False, True),
    ],
)
def test_a_mutant_says_what_it_changes(
    slip: Slip, text: str, *, removed: bool, added: bool
) -> None:
    """In words, and as lines."""
    line, other = Line("p", ("a",)), Line("p", ("b",))
    mutant = Mutant(slip, line, other if added else None)
    assert str(mutant) == text
    assert mutant.change == LineChange(
        (line,) if removed else (), (other,) if added else ()
    )
