"""What came of the cases of a policy, for people and for programs."""

from __future__ import annotations

import math
from collections.abc import Iterator

import oikeus

from .views import so_many

_UNSHOWN = {
    "allowing": "no case is allowed because of it",
    "refusing": "no case shows where it ends, by being refused",
}


def failure_lines(found: oikeus.SuiteResult) -> Iterator[str]:
    """Say which cases do not hold, and what was decided by which line."""
    for failed in found.failed:
        case = failed.case
        yield f"{case.file}:{case.line}: {case.why} ({', '.join(case.rules)})"
        yield from (f"  {failure}" for failure in failed.failures)
    cases = so_many(len(found.results), "case")
    asked = so_many(found.questions, "question")
    ending = f"{len(found.failed)} failed" if found.failed else "all hold"
    yield f"{cases}, {asked}: {ending}"


def coverage_lines(measured: oikeus.Coverage | None) -> Iterator[str]:
    """Say which lines no case exercises; nothing where it was not measured."""
    if measured is None:
        return
    for each in measured.lines:
        for side in each.missing:
            yield f"{each.line.source}: `{each.line}`: {_UNSHOWN[side]}"
    so_far = f"{measured.exercised} of {measured.sides}"
    yield f"coverage: {percent(measured)} % ({so_far} ways to exercise a line)"


def percent(measured: oikeus.Coverage) -> str:
    """A coverage in words: 100 only where nothing is missing."""
    return f"{math.floor(measured.percent * 10) / 10:g}"


def tested_view(
    found: oikeus.SuiteResult, measured: oikeus.Coverage | None
) -> dict[str, object]:
    """The same for programs."""
    coverage = {} if measured is None else {"coverage": _coverage(measured)}
    return {
        "cases": [
            {
                "file": result.case.file,
                "line": result.case.line,
                "rules": [*result.case.rules],
                "why": result.case.why,
                "holds": bool(result),
                "failures": [_failure(failure) for failure in result.failures],
            }
            for result in found.results
        ],
        "failed": len(found.failed),
        "questions": found.questions,
        **coverage,
    }


def _coverage(measured: oikeus.Coverage) -> dict[str, object]:
    return {
        "percent": measured.percent,
        "lines": [
            {
                **line_view(line.line),
                "allowing": line.allowing,
                "refusing": line.refusing,
            }
            for line in measured.lines
        ],
    }


def line_view(line: oikeus.Line | None) -> dict[str, object]:
    """A line of the policy, and where it is written."""
    source = None if line is None else line.source
    return {
        "rule": None if line is None else str(line),
        "file": None if source is None else source.file,
        "line": None if source is None else source.line,
    }


def _failure(failure: oikeus.CaseFailure) -> dict[str, object]:
    expectation = failure.expectation
    return {
        "subject": expectation.subject,
        "expected": expectation.key,
        "asked": {**expectation.asked},
        "attributes": {**expectation.attributes},
        "reason": failure.reason,
        **line_view(failure.rule),
    }
