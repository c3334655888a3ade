"""What came of the cases of a policy, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator

import oikeus

from .views import so_many


def failure_lines(found: oikeus.SuiteResult) -> Iterator[str]:
    """Say which cases do not hold, and what was decided by which line."""
    for failed in found.failed:
        case = failed.case
        yield f"{case.file}:{case.line}: {case.why} ({', '.join(case.rules)})"
        yield from (f"  {failure}" for failure in failed.failures)


def summary(found: oikeus.SuiteResult) -> str:
    """How many cases were run, and how many failed."""
    cases = so_many(len(found.results), "case")
    asked = so_many(found.questions, "question")
    failed = f"{len(found.failed)} failed" if found.failed else "all hold"
    return f"{cases}, {asked}: {failed}"


def tested_view(found: oikeus.SuiteResult) -> dict[str, object]:
    """The same for programs."""
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
    }


def _failure(failure: oikeus.CaseFailure) -> dict[str, object]:
    rule, expectation = failure.rule, failure.expectation
    source = None if rule is None else rule.source
    return {
        "subject": expectation.subject,
        "expected": expectation.key,
        "asked": {**expectation.asked},
        "attributes": {**expectation.attributes},
        "reason": failure.reason,
        "rule": None if rule is None else str(rule),
        "file": None if source is None else source.file,
        "line": None if source is None else source.line,
    }
