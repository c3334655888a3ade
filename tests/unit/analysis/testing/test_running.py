"""What failed of a suite is said with what was decided, and by which line."""

from __future__ import annotations

from pathlib import Path

from oikeus.analysis.testing.running import run_suite

from .small_suite import load


def test_a_case_that_does_not_hold_names_the_line_that_decided(tmp_path: Path) -> None:
    """Who reads a failure need not ask again."""
    wrong = "resource: book, organisation: north}"
    suite = load(tmp_path, (wrong, wrong.replace("north", "north-desk")))
    result = run_suite(suite)
    assert not result
    (failed,) = result.failed
    (failure,) = failed.failures
    assert (failed.case.why, str(failure.rule)) == (
        "a clerk lends at the desk",
        "p, role:clerk, book, lend, allow",
    )
    assert str(failure) == (
        "person:kim may not do: lend book at north-desk, but it was allowed: `clerk` "
        "at `north-desk` until 2026-12-31, by `p, role:clerk, book, lend, allow` "
        "(policies/rules.csv:13; R1)"
    )


def test_a_power_that_is_missing_is_said_too(tmp_path: Path) -> None:
    """The reason is the decision point's."""
    suite = load(tmp_path, ("role: clerk, to: person:new", "role: gate, to: system:x"))
    (failed,) = run_suite(suite).failed
    (failure,) = failed.failures
    assert str(failure) == (
        "person:chris may grant: gate to system:x at north, but it was refused: "
        "no power gives `gate`: it comes from the policy files only"
    )


def test_a_recipient_of_no_known_kind_is_refused_at_the_door(tmp_path: Path) -> None:
    """As a decision point does."""
    suite = load(tmp_path, ("person:new", "robot:new"))
    (failed,) = run_suite(suite).failed
    (failure,) = failed.failures
    assert failure.rule is None
    (world,) = suite.worlds
    assert len(world.posed) == 2  # no line could change what the door says
    assert failure.reason == (
        "`robot:new` is of no known kind, expected person:ID or system:ID"
    )
