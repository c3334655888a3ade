"""A suite is a folder of policies with its cases, whole or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.analysis.testing.coverage import measure_coverage
from oikeus.analysis.testing.running import run_suite
from oikeus.analysis.testing.suite import load_suite
from oikeus.analysis.testing.surviving import try_mutants
from oikeus.errors import PolicyError

from .small_suite import CASES, load, model, write_files


def test_a_suite_holds_each_file_with_its_world(tmp_path: Path) -> None:
    """Files are named from the folder of policies on."""
    suite = load(tmp_path)
    assert [file.name for file in suite.files] == ["policies/tests/lending.yaml"]
    assert [case.why for case in suite.cases] == [
        "a clerk lends at the desk",
        "the chief appoints clerks",
    ]
    assert run_suite(suite)
    assert run_suite(suite).questions == 3


def test_everything_wrong_in_all_files_is_said_at_once(tmp_path: Path) -> None:
    """As of a policy: nothing is run while anything is wrong."""
    wrong = CASES.replace("role: clerk, to", "role: clrek, to")
    folder = write_files(tmp_path, {"a.yaml": wrong, "b.yaml": "cases: []\n"})
    (folder / "tests" / "c.yaml").write_bytes(b"\xff")
    with pytest.raises(PolicyError) as caught:
        load_suite(folder, model())
    files = {problem.file for problem in caught.value.problems}
    assert files == {f"policies/tests/{name}.yaml" for name in "abc"}


def test_a_folder_without_cases_is_an_error(tmp_path: Path) -> None:
    """Nothing tested must not look like everything in order."""
    folder = write_files(tmp_path, {})
    (folder / "tests" / "lending.yaml").unlink()
    with pytest.raises(PolicyError) as caught:
        load_suite(folder, model())
    assert str(caught.value) == "policies/tests: holds no cases, expected .yaml files"
    (folder / "tests").rmdir()
    with pytest.raises(PolicyError) as caught:
        load_suite(folder, model())
    assert "expected a folder of cases, `tests`" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("R1", ["a clerk lends at the desk"]),
        ("CHIEF", ["the chief appoints clerks"]),
        ("lending", ["a clerk lends at the desk", "the chief appoints clerks"]),
        ("R", []),
    ],
)
def test_cases_are_selected_by_rule_file_and_why(
    text: str, found: list[str], tmp_path: Path
) -> None:
    """A rule is named whole: R1 is not R10."""
    suite = load(tmp_path)
    if text == "R":  # the file, the reasons and the folder hold one in small letters
        suite = load(tmp_path / "other", ("[R1]", "[R10]"), ("[B]", "[R11]"))
        text = "R1"
    selected = suite.selecting(text)
    assert [case.why for case in selected.cases] == found
    assert len(selected.files) == bool(found)


def test_a_suite_without_cases_notices_nothing(tmp_path: Path) -> None:
    """And no line could be exercised: there is no world to ask in."""
    suite = load(tmp_path).selecting("zebra")
    assert suite.vocabularies == ()
    assert not measure_coverage(suite).exercised
    assert not try_mutants(suite).noticed
