"""What came of the cases of a policy, for people and for programs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import oikeus

from .views import so_many

_UNSHOWN = {
    ("", "allowing"): "no case is allowed because of it",
    ("", "refusing"): "no case shows where it ends, by being refused",
    ("grant", "allowing"): "no case is allowed to grant because of it",
    ("grant", "refusing"): "no case shows where it ends, by being refused to grant",
    ("revoke", "allowing"): "no case is allowed to revoke because of it",
    ("revoke", "refusing"): "no case shows where it ends, by being refused to revoke",
}


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of the tests of a policy; it is as it should be, or not.

    Attributes:
        cases: what came of the cases.
        wanted: the coverage that there should be, in percent.
        coverage: the coverage that there is, where it was measured.
        mutants: what came of the mutants, where they were tried.
    """

    cases: oikeus.SuiteResult
    wanted: float | None = None
    coverage: oikeus.Coverage | None = None
    mutants: oikeus.MutantResult | None = None

    @property
    def is_low(self) -> bool:
        """Whether the coverage is less than it should be."""
        measured = self.coverage
        return measured is not None and measured.percent < (self.wanted or 0)

    def __bool__(self) -> bool:
        survived = self.mutants is not None and not self.mutants
        return bool(self.cases) and not self.is_low and not survived


def tested_lines(found: Tested) -> Iterator[str]:
    """What came of the tests, for people."""
    yield from _failures(found.cases)
    if found.coverage is not None:
        yield from _unexercised(found.coverage)
    if found.mutants is not None:
        yield from _survivors(found.mutants)


def _failures(found: oikeus.SuiteResult) -> Iterator[str]:
    """Say which cases do not hold, and what was decided by which line."""
    for failed in found.failed:
        case = failed.case
        yield f"{case.file}:{case.line}: {case.why} ({', '.join(case.rules)})"
        yield from (f"  {failure}" for failure in failed.failures)
    cases = so_many(len(found.results), "case")
    asked = so_many(found.questions, "question")
    ending = f"{len(found.failed)} failed" if found.failed else "all hold"
    yield f"{cases}, {asked}: {ending}"


def _unexercised(measured: oikeus.Coverage) -> Iterator[str]:
    """Say which lines no case exercises."""
    for each in measured.lines:
        for side in each.missing:
            yield f"{each.line.source}: `{each.line}`: {_UNSHOWN[each.act, side]}"
    so_far = f"{measured.exercised} of {measured.sides}"
    # 100 only where nothing is missing
    percent = math.floor(measured.percent * 10) / 10
    yield f"coverage: {percent:g} % ({so_far} ways to exercise a line)"


def _survivors(tried: oikeus.MutantResult) -> Iterator[str]:
    """Say which mutants fail no case, each with the case that is missing."""
    for case in tried.missing:
        for mutant in case.mutants:
            yield f"{mutant.line.source}: no case fails {mutant}"
        yield "this one would:"
        yield oikeus.case_text(case)
    counts = [len(tried.noticed), len(tried.equal), len(tried.survivors)]
    mutants = so_many(sum(counts), "mutant")
    noticed, equal, survived = (f"{count:,}" for count in counts)
    yield (
        f"{mutants}: {noticed} fail a case, {equal} answer as the policy does, "
        f"{survived} survive"
    )


def tested_view(found: Tested) -> dict[str, object]:
    """What came of the tests, for programs."""
    view: dict[str, object] = {
        "cases": [
            {
                "file": result.case.file,
                "line": result.case.line,
                "rules": [*result.case.rules],
                "why": result.case.why,
                "holds": bool(result),
                "failures": [_failure(failure) for failure in result.failures],
            }
            for result in found.cases.results
        ],
        "failed": len(found.cases.failed),
        "questions": found.cases.questions,
    }
    if found.coverage is not None:
        view["coverage"] = _coverage(found.coverage)
    if found.mutants is not None:
        view["mutants"] = _mutants(found.mutants)
    return view


def _coverage(measured: oikeus.Coverage) -> dict[str, object]:
    return {
        "percent": measured.percent,
        "lines": [
            {
                **line_view(line.line),
                "act": line.act or None,
                "allowing": line.allowing,
                "refusing": line.refusing,
            }
            for line in measured.lines
        ],
    }


def _mutants(tried: oikeus.MutantResult) -> dict[str, object]:
    return {
        "noticed": len(tried.noticed),
        "equal": [_mutant(mutant) for mutant in tried.equal],
        "missing": [
            {
                "file": case.file,
                "day": case.day.isoformat(),
                **_expectation(case.expectation),
                "world": [*map(str, case.world)],
                "yaml": oikeus.case_text(case),
                "survivors": [_mutant(mutant) for mutant in case.mutants],
            }
            for case in tried.missing
        ],
    }


def _mutant(mutant: oikeus.Mutant) -> dict[str, object]:
    other = None if mutant.other is None else str(mutant.other)
    return {**line_view(mutant.line), "slip": mutant.slip.value, "other": other}


def line_view(line: oikeus.Line | None) -> dict[str, object]:
    """A line of the policy, and where it is written."""
    source = None if line is None else line.source
    return {
        "rule": None if line is None else str(line),
        "file": None if source is None else source.file,
        "line": None if source is None else source.line,
    }


def _failure(failure: oikeus.CaseFailure) -> dict[str, object]:
    return {
        **_expectation(failure.expectation),
        "reason": failure.reason,
        **line_view(failure.rule),
    }


def _expectation(expectation: oikeus.Expectation) -> dict[str, object]:
    return {
        "subject": expectation.subject,
        "expected": expectation.key,
        "asked": {**expectation.asked},
        "attributes": {**expectation.attributes},
    }
