"""Testing policies: cases that hold, cases that fail, and what is written of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import junitparser
import pytest

from oikeus_cli import extras

from ..conftest import GoldenCheck

Run = Callable[..., Any]
HOME = Path(__file__).resolve().parents[2]
FAILING = HOME / "tests" / "golden" / "failing-suite"
MODEL = ("--model", HOME / "model.conf")


def test_the_shipped_policy_passes_its_cases(oikeus: Run, policies: Path) -> None:
    """Without a database."""
    ended = oikeus("test", policies)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith(" questions: all hold\n")


def test_failures_say_what_was_decided_by_which_line(
    oikeus: Run, golden: GoldenCheck
) -> None:
    """The whole text is what a security officer gets to read."""
    ended = oikeus("test", FAILING / "policies", *MODEL)
    assert (ended.code, ended.err) == (3, "")
    golden(FAILING / "expected.txt", ended.out)


def test_programs_read_the_same(oikeus: Run, golden: GoldenCheck) -> None:
    """With the words apart, and the place of the line that decided."""
    ended = oikeus("test", FAILING / "policies", *MODEL, "--format", "json")
    assert ended.code == 3
    golden(FAILING / "expected.json", ended.out)
    assert json.loads(ended.out)["failed"] == 3


def test_junit_has_a_case_for_each_case(oikeus: Run, tmp_path: Path) -> None:
    """Continuous integration shows what failed, and where it is written."""
    path = tmp_path / "cases.xml"
    ended = oikeus("test", FAILING / "policies", *MODEL, "--junit", path)
    assert ended.code == 3
    (suite,) = junitparser.JUnitXml.fromfile(str(path))
    assert (suite.name, suite.tests, suite.failures) == (
        "policies/tests/lending.yaml",
        5,
        3,
    )
    *_, failed = suite
    (failure,) = failed.result
    assert failure.message in ended.out
    assert failure.text.startswith("policies/tests/lending.yaml:43\nrobot:r2 may do")


def test_junit_needs_the_extra(
    oikeus: Run, policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says how to install it."""

    def missing(name: str) -> object:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(extras, "import_module", missing)
    ended = oikeus("test", policies, "--junit", tmp_path / "cases.xml")
    assert (ended.code, ended.err) == (
        1,
        (
            "Error: `junitparser` is not installed: install it with "
            "`pip install 'oikeus[ci]'`\n"
        ),
    )


def test_cases_are_chosen_by_a_text(oikeus: Run, policies: Path) -> None:
    """A filter that finds nothing is a mistake, and no success."""
    assert oikeus("test", policies, "-k", "blocking").out == (
        "5 cases, 16 questions: all hold\n"
    )
    ended = oikeus("test", policies, "-k", "zebra")
    assert (ended.code, ended.out) == (2, "")
    assert "no case is about `zebra`" in ended.err


def test_coverage_says_which_lines_no_case_exercises(
    oikeus: Run, policies: Path, golden: GoldenCheck
) -> None:
    """Each with its place, allowing and refusing apart."""
    ended = oikeus("test", FAILING / "policies", *MODEL, "--coverage")
    assert (ended.code, ended.err) == (3, "")  # a case fails
    golden(FAILING / "coverage.txt", ended.out)
    ended = oikeus("test", policies, "-k", "scope", "--coverage", "--format", "json")
    found = json.loads(ended.out)["coverage"]
    assert ended.code == 0
    assert 0 < found["percent"] < 100
    (line,) = (
        each
        for each in found["lines"]
        if each["rule"] == "p, role:ehoks-kayttaja, hoks, read, allow"
    )
    assert (line["file"], line["line"]) == ("policies/ehoks.csv", 61)
    assert line["allowing"] >= 10
    assert line["refusing"] >= 5


def test_a_low_coverage_ends_with_3(oikeus: Run, policies: Path) -> None:
    """And says what was expected."""
    blocking = ("test", policies, "-k", "blocking", "--fail-under")
    assert oikeus(*blocking, "10").code == 0
    ended = oikeus(*blocking, "90.5")
    assert ended.code == 3
    assert "ways to exercise a line)" in ended.out
    assert ended.err == "expected a coverage of 90.5 % at least\n"
    assert oikeus("test", policies, "--fail-under", "101").code == 2


def test_mutants_come_with_the_cases_that_are_missing(
    oikeus: Run, golden: GoldenCheck
) -> None:
    """Ready to be pasted; a mutant that survives is a negative answer."""
    ended = oikeus("test", FAILING / "policies", *MODEL, "-k", "lends at", "--mutants")
    assert (ended.code, ended.err) == (3, "")
    golden(FAILING / "mutants.txt", ended.out)
    ended = oikeus(
        *("test", FAILING / "policies", *MODEL, "-k", "lends at", "--mutants"),
        *("--format", "json"),
    )
    assert ended.code == 3
    found = json.loads(ended.out)["mutants"]
    assert found["noticed"] > 10
    assert all(each["other"] for each in found["equal"])
    (missing,) = (
        each
        for each in found["missing"]
        if each["expected"] == "can" and each["asked"]["action"] == "read"
    )
    first, *_ = missing.pop("survivors")
    assert first == {
        "rule": "p, role:clerk, book, read, allow",
        "file": "policies/rules.csv",
        "line": 14,
        "slip": "dropped",
        "other": None,
    }
    assert "subject: person:kim\n    can:\n" in missing.pop("yaml")
    assert missing == {
        "file": "policies/tests/lending.yaml",
        "day": "2026-03-01",
        "subject": "person:kim",
        "expected": "can",
        "asked": {
            "action": "read",
            "resource": "book",
            "organisation": "north-desk",
        },
        "attributes": {},
        "world": [],
    }


def test_mutants_wait_until_all_cases_hold(oikeus: Run) -> None:
    """A case that fails notices no mutant."""
    ended = oikeus("test", FAILING / "policies", *MODEL, "--mutants")
    assert (ended.code, ended.err) == (3, "mutants are tried once all cases hold\n")
    assert "mutants" not in ended.out


def test_wrong_files_of_cases_are_an_error(oikeus: Run, checkout: Path) -> None:
    """Each with its file and line; no case is run."""
    (checkout / "policies" / "tests" / "more.yaml").write_text("cases: 1\n")
    ended = oikeus("test", "policies")
    assert (ended.code, ended.out) == (1, "")
    assert "policies/tests/more.yaml:1: " in ended.err
    assert ended.err.endswith(", no case was run\n")
