"""Coverage says which lines the cases exercise, allowing and refusing."""

from __future__ import annotations

from pathlib import Path

from oikeus.analysis.testing.coverage import (
    Coverage,
    LineCoverage,
    measure_coverage,
)
from oikeus.terms import Line

from .small_suite import RULES, load


def counts(coverage: Coverage) -> dict[str, tuple[int | None, int | None]]:
    """How often each line is exercised, allowing and refusing."""
    return {str(each.line): (each.allowing, each.refusing) for each in coverage.lines}


def test_each_line_of_a_role_is_counted(tmp_path: Path) -> None:
    """What says something of an organisation, as which one is the root, is none."""
    found = measure_coverage(load(tmp_path))
    assert counts(found) == {
        "g3, role:chief, person": (1, 0),
        "g3, role:clerk, person": (2, 0),
        "g3, role:gate, system": (0, 0),
        "g4, level:root, role:chief": (1, 0),
        "g4, level:branch, role:clerk": (1, 0),
        "g4, level:desk, role:clerk": (1, 0),
        "g4, level:branch, role:gate": (0, 0),
        "p, role:clerk, book, lend, allow": (1, 1),
        "p, role:clerk, book, read, allow": (0, 0),
        "p, role:gate, door, count, allow": (0, 0),
        "p2, role:chief, role:clerk, mode:paper, active": (1, 0),
    }
    assert (found.sides, found.exercised) == (22, 8)
    assert found.lines[0].missing == ("refusing",)
    assert found.lines[2].missing == ("allowing", "refusing")


def test_a_case_shows_where_a_line_ends_if_the_one_who_asks_has_the_role(
    tmp_path: Path,
) -> None:
    """That somebody without the role is refused is nothing of this line's."""
    cannot = "cannot:\n      - {action: lend, resource: book, organisation: north}"
    other = cannot.replace("lend, resource: book", "count, resource: door")
    found = counts(measure_coverage(load(tmp_path, (cannot, other))))
    assert found["p, role:clerk, book, lend, allow"] == (1, 0)
    assert found["p, role:gate, door, count, allow"] == (0, 0)


def test_kinds_and_levels_are_shown_by_what_would_be_allowed_without_them(
    tmp_path: Path,
) -> None:
    """A role at a wrong level, and one of a wrong kind of holder."""
    grants = "  grants:\n"
    wrong = (
        f"{grants}    - {{subject: person:high, role: clerk, organisation: root,"
        " from: 2026-01-01, until: 2026-12-31}\n"
        "    - {subject: system:box, role: clerk, organisation: north,"
        " from: 2026-01-01, until: 2026-12-31}\n"
    )
    cases = "cases:\n"
    refused = "".join(
        f"  - {{rule: [A], why: {who}, subject: '{who}', cannot: "
        "[{action: lend, resource: book, organisation: north}]}\n"
        for who in ("person:high", "system:box")
    )
    suite = load(tmp_path, (grants, wrong), (cases, f"{cases}{refused}"))
    found = counts(measure_coverage(suite))
    assert found["g3, role:clerk, person"] == (2, 1)
    assert found["g4, level:desk, role:clerk"] == (1, 1)
    assert found["p, role:clerk, book, lend, allow"] == (1, 3)


def test_a_line_that_denies_is_exercised_the_other_way_round(tmp_path: Path) -> None:
    """Refusing where it matches, allowing where it ends."""
    denying = RULES.replace(
        "p, role:clerk, book, read, allow", "p, role:chief, book, lend, deny"
    )
    case = (
        "cases:\n  - {rule: [A], why: no, subject: 'person:chris', cannot: "
        "[{action: lend, resource: book, organisation: north}]}\n"
    )
    suite = load(tmp_path, ("cases:\n", case), rules=denying)
    found = counts(measure_coverage(suite))
    assert found["p, role:chief, book, lend, deny"] == (0, 1)


def test_what_no_question_can_show_is_not_asked_for(tmp_path: Path) -> None:
    """Such as the limits of a role that is for every kind, at every level."""
    more = "g3, role:clerk, system\ng4, level:root, role:clerk\n"
    found = counts(measure_coverage(load(tmp_path, rules=f"{RULES}{more}")))
    assert found["g3, role:clerk, person"] == (2, None)
    assert found["g4, level:desk, role:clerk"] == (1, None)


def test_cases_that_fail_exercise_nothing(tmp_path: Path) -> None:
    """They show nothing of the policy but that they do not hold."""
    suite = load(tmp_path, ("organisation: north-desk}", "organisation: root}"))
    found = measure_coverage(suite)
    assert counts(found)["p, role:clerk, book, lend, allow"] == (0, 1)


def test_percent_is_of_what_can_be_exercised() -> None:
    """A policy without lines lacks nothing."""
    line = Line("p", ("role:a", "b", "c", "allow"))
    each = LineCoverage(line, 1, 0), LineCoverage(line, 0, None)
    assert Coverage(each).percent == 100 / 3
    assert Coverage(()).percent == 100
    assert not LineCoverage(line, None, None).sides
