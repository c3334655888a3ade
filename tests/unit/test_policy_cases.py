"""The shipped policy decides every case of policies/tests as it is written."""

from __future__ import annotations

import unicodedata

import pytest

from oikeus.analysis.testing.cases import PolicyCase
from oikeus.analysis.testing.running import run_case
from oikeus.analysis.testing.world import World

from .policy_cases import shipped_suite


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each case, called by its file, line and reason."""
    if {"world", "case"} <= set(metafunc.fixturenames):
        found = [
            (world, case)
            for world in shipped_suite().worlds
            for case in world.file.cases
        ]
        names = [
            f"{case.file.rpartition('/')[2]}:{case.line} {_plain(case.why)}"
            for _, case in found
        ]
        metafunc.parametrize(("world", "case"), found, ids=names)


def _plain(text: str) -> str:
    """The text without the dots of its letters, which pytest would escape."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def test_a_case_is_decided_as_it_is_written(world: World, case: PolicyCase) -> None:
    """What a case expects is what the policy decides."""
    failures = run_case(world, case).failures
    assert not failures, f"{case.file}:{case.line}: {case.why}\n" + "\n".join(
        map(str, failures)
    )


def test_there_are_cases_on_every_topic() -> None:
    """No file was lost, and no file is empty."""
    assert len(shipped_suite().files) >= 14
    assert all(file.cases for file in shipped_suite().files)


def test_no_two_cases_say_the_same() -> None:
    """A reason names one case, so that documents can point at it."""
    whys = [case.why for case in shipped_suite().cases]
    assert sorted(whys) == sorted(set(whys))
