"""Coverage says which lines the cases exercise, allowing and refusing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oikeus.analysis.testing.coverage import (
    Coverage,
    LineCoverage,
    measure_coverage,
)
from oikeus.policy.model import parse_model
from oikeus.terms import Line

from .small_suite import RULES, load, model


def counts(coverage: Coverage) -> dict[str, tuple[int | None, int | None]]:
    """How often each line is exercised, allowing and refusing."""
    return {
        f"{each.line}{each.act and f' ({each.act})'}": (each.allowing, each.refusing)
        for each in coverage.lines
    }


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
        "p2, role:chief, role:clerk, mode:paper, active (grant)": (1, 0),
        "p2, role:chief, role:clerk, mode:paper, active (revoke)": (0, 0),
    }
    assert (found.sides, found.exercised) == (24, 8)
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


def revoking(*questions: str) -> tuple[str, str]:
    """Cases about revoking, before those that there are."""
    cases = (
        "".join(
            f"  - {{rule: [B], why: it is so, subject: '{who}', {answer}: "
            f"[{{role: {role}, from: '{holder}', organisation: {place}}}]}}\n"
            for who, answer, role, holder, place in map(str.split, questions)
        )
        .replace("may-", "may ")
        .replace("not-", "not ")
    )
    return "cases:\n", f"cases:\n{cases}"


def test_a_power_is_exercised_in_revoking_apart(tmp_path: Path) -> None:
    """The model may say otherwise who revokes than who grants."""
    case = revoking(
        "person:chris may-revoke clerk person:kim north",
        "person:chris may-not-revoke gate system:gate north",
        "person:kim may-not-revoke clerk person:chris north-desk",
    )
    found = counts(measure_coverage(load(tmp_path, case)))
    power = "p2, role:chief, role:clerk, mode:paper, active"
    assert found[f"{power} (grant)"] == (1, 0)
    # neither one who asks for another role, nor one who has no power
    assert found[f"{power} (revoke)"] == (1, 0)


def test_where_a_power_to_revoke_ends(tmp_path: Path) -> None:
    """As on the day after the last."""
    case = revoking("person:chris may-not-revoke clerk person:kim north")
    old, new = case
    case = old, new.replace("rule: [B]", "rule: [B], day: 2027-01-01")
    found = counts(measure_coverage(load(tmp_path, case)))
    assert found["p2, role:chief, role:clerk, mode:paper, active (revoke)"] == (0, 1)


def test_giving_up_a_right_exercises_no_power(tmp_path: Path) -> None:
    """It is allowed whatever the powers are."""
    case = revoking(
        "person:kim may-revoke clerk person:kim north-desk",
        "person:chris may-revoke clerk person:chris north",
    )
    found = counts(measure_coverage(load(tmp_path, case)))
    assert found["p2, role:chief, role:clerk, mode:paper, active (revoke)"] == (0, 0)


def test_a_model_without_revoking_asks_for_no_case_of_it(tmp_path: Path) -> None:
    """Models of earlier versions have no `m3`."""
    suite = load(tmp_path)
    old = parse_model(model().text.partition("\nm3 = ")[0])
    found = measure_coverage(replace(suite, model=old))
    powers = [each.act for each in found.lines if each.line.ptype == "p2"]
    assert powers == ["grant"]


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
