"""Every check fires on its case, a right policy with one thing wrong, and says so.

`checks/right` is a small policy that is right, with its register. Each other folder
holds what is otherwise in it, and what all checks then find.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from oikeus import CHECKS, Contents, Line, Linted, LintFinding, Severity, lint_policies
from oikeus.policy.lines import read_lines

from ..conftest import ROOT, GoldenCheck

HERE = Path(__file__).resolve().parent / "checks"
RIGHT = HERE / "right"
IDS = [check.id for check in CHECKS]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a case is put together: the right policy, and then what is otherwise."""
    shutil.copy(ROOT / "model.conf", tmp_path)
    shutil.copytree(RIGHT, tmp_path, dirs_exist_ok=True)
    return tmp_path


def lint(place: Path) -> Linted:
    """Check the policy that stands at a place, with its register."""
    text = (place / "register.csv").read_text(encoding="utf-8")
    # a line without a source is not the files' own
    lines = read_lines(text, "register.csv").lines
    register = tuple(Line(line.ptype, line.values) for line in lines)
    contents = Contents(0, None, None, register, MappingProxyType({}))
    day = date(2026, 6, 1)
    return lint_policies(place / "policies", contents=contents, today=lambda: day)


def written(found: Linted) -> str:
    """What was found, as people read it."""
    return "".join(f"{text}\n" for one in found.findings for text in told(one))


def told(one: LintFinding) -> list[str]:
    """One finding, line by line."""
    head = f"{one.place}: {one.severity.value} {one.check}: {one.reason}"
    return [head, *(f"  {step}" for step in one.steps), f"  fix: {one.fix or '-'}"]


def test_right_policy_has_no_finding(place: Path) -> None:
    """Otherwise no case would show anything."""
    assert lint(place) == Linted((), (), 19)


@pytest.mark.parametrize("check", IDS)
def test_check_fires_on_its_case(check: str, place: Path, golden: GoldenCheck) -> None:
    """The whole text is what a security officer gets to read."""
    shutil.copytree(HERE / check, place, dirs_exist_ok=True)
    found = lint(place)
    assert check in {one.check for one in found.findings}
    golden(HERE / check / "expected.txt", written(found))


def test_every_case_is_of_a_check() -> None:
    """A check that is taken away takes its case along."""
    cases = {path.name for path in HERE.iterdir()} - {"right"}
    assert cases == set(IDS)


def test_ids_are_told_apart() -> None:
    """Files name them."""
    assert len(set(IDS)) == len(IDS)
    assert sorted(IDS) == IDS
    assert {check.severity for check in CHECKS} == set(Severity)
