"""Runs a suite: which cases hold, and what was decided where one does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...decide.decision import Decision
from ...terms import Line
from .cases import Expectation, PolicyCase
from .suite import CaseSuite
from .world import World


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """An expectation that does not hold.

    Attributes:
        expectation: what should have been answered.
        reason: why the opposite was.
        rule: the line that decided, where one did.
    """

    expectation: Expectation
    reason: str
    rule: Line | None = None

    def __str__(self) -> str:
        decided = "refused" if self.expectation.allowed else "allowed"
        return f"{self.expectation}, but it was {decided}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case; it holds where nothing failed."""

    case: PolicyCase
    failures: tuple[CaseFailure, ...]

    def __bool__(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What came of the cases of a suite, in their order."""

    results: tuple[CaseResult, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that do not hold."""
        return tuple(result for result in self.results if not result)

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return sum(len(result.case.expectations) for result in self.results)

    def __bool__(self) -> bool:
        return not self.failed


def run_suite(suite: CaseSuite) -> SuiteResult:
    """Ask every question of every case.

    Raises:
        ModelError: a matcher failed.
    """
    return SuiteResult(
        tuple(
            run_case(world, case) for world in suite.worlds for case in world.file.cases
        )
    )


def run_case(world: World, case: PolicyCase) -> CaseResult:
    """Ask the questions of a case in its world.

    Raises:
        ModelError: a matcher failed.
    """
    return CaseResult(case, tuple(_failures(world, case)))


def _failures(world: World, case: PolicyCase) -> Iterator[CaseFailure]:
    for expectation in case.expectations:
        if world.allows(expectation, case.day) is not expectation.allowed:
            decision = world.explain(expectation, case.day)
            if isinstance(decision, Decision):
                yield CaseFailure(expectation, decision.reason, decision.rule)
            else:
                yield CaseFailure(expectation, str(decision))
