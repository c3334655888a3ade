"""The shipped policy decides every case of policies/tests as it is written."""

from __future__ import annotations

import unicodedata

import pytest

from .policy_cases import Case, CaseFile, shipped_cases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each case, called by its file, line and reason."""
    if {"case_file", "case"} <= set(metafunc.fixturenames):
        found: list[tuple[str, Case]] = [
            (name, case)
            for name, file in shipped_cases().items()
            for case in file.cases
        ]
        metafunc.parametrize(
            ("case_file", "case"),
            [(shipped_cases()[name], case) for name, case in found],
            ids=[f"{name}:{case.line} {_plain(case.why)}" for name, case in found],
        )


def _plain(text: str) -> str:
    """The text without the dots of its letters, which pytest would escape."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def test_a_case_is_decided_as_it_is_written(case_file: CaseFile, case: Case) -> None:
    """What a case expects is what the policy decides."""
    failures = list(case_file.failures(case))
    assert not failures, f"{case.file}:{case.line}: {case.why}\n" + "\n".join(failures)


def test_there_are_cases_on_every_topic() -> None:
    """No file was lost, and no file is empty."""
    assert len(shipped_cases()) >= 14
    assert all(file.cases for file in shipped_cases().values())


def test_no_two_cases_say_the_same() -> None:
    """A reason names one case, so that documents can point at it."""
    whys = [case.why for file in shipped_cases().values() for case in file.cases]
    assert sorted(whys) == sorted(set(whys))
