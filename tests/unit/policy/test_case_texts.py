"""The files of cases of a policy are those in its folder `tests`."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.errors import PolicyError
from oikeus.policy.case_texts import read_case_texts


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Hidden ones and those with another suffix are none."""
    folder = tmp_path / "policies" / "tests"
    folder.mkdir(parents=True)
    for name in ("b.yaml", "a.YAML", ".hidden.yaml", "a.csv", "notes.txt"):
        (folder / name).write_text(f"# {name}\r\n", encoding="utf-8", newline="")
    found = read_case_texts(tmp_path / "policies")
    assert found.files == (
        ("policies/tests/a.YAML", "# a.YAML\n"),
        ("policies/tests/b.yaml", "# b.yaml\n"),
    )
    assert found.problems == ()


def test_what_cannot_be_read_is_a_problem_under_its_whole_name(tmp_path: Path) -> None:
    """From the folder of policies on, as a version records it."""
    folder = tmp_path / "policies" / "tests"
    (folder / "a.yaml").mkdir(parents=True)
    (folder / "b.yaml").write_bytes(b"\xff")
    found = read_case_texts(folder.parent)
    files = [problem.file for problem in found.problems]
    assert files == ["policies/tests/a.yaml", "policies/tests/b.yaml"]
    assert found.files == ()


def test_a_file_that_would_not_be_run_is_told(tmp_path: Path) -> None:
    """Its cases would be taken for cases that hold."""
    folder = tmp_path / "policies" / "tests"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("x", encoding="utf-8")
    (folder / "b.yml").write_text("x", encoding="utf-8")
    (problem,) = read_case_texts(folder.parent).problems
    assert problem.file == "policies/tests/b.yml"
    assert problem.text == "would not be run, expected a name that ends with .yaml"


def test_a_policy_without_such_a_folder_has_none_to_read(tmp_path: Path) -> None:
    """It says which folder was expected."""
    with pytest.raises(PolicyError) as caught:
        read_case_texts(tmp_path)
    assert "expected a folder of cases, `tests`" in str(caught.value)
