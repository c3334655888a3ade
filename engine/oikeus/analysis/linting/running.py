"""Runs all checks on a policy, and takes away what its files allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...errors import Problem
from ..checks.registry import BAD_SUPPRESSION, CHECKS, LOAD_ERROR, check_named
from .check import Check
from .examined import Examined
from .suppressing import bad_suppressions, suppress, suppressions
from .values import Linted, LintFinding, Noted, Severity


def lint(examined: Examined, also: Iterable[LintFinding] = ()) -> Linted:
    """Run all checks.

    Args:
        examined: a policy that can be loaded.
        also: what else was found in its files, and can be allowed in them.

    Raises:
        ModelError: a matcher failed.
    """
    asked = [
        check for check in CHECKS if examined.has_register or not check.of_register
    ]
    names = {check.id for check in asked}
    found = [
        *also,
        *(one for one in _of_loading(examined) if one.check in names),
        *(one for check in asked for one in _of_check(check, examined)),
    ]
    allowed = [*suppressions(_files(examined))]
    errors = {one.id for one in CHECKS if one.severity is Severity.ERROR}
    left, gone, used = suppress(found, allowed, errors)
    suppressible = {one.check for one in found} | {one.id for one in CHECKS}
    unasked = {check.id for check in CHECKS} - names
    bad = bad_suppressions(allowed, used, suppressible, unasked, errors)
    left += (_finding(BAD_SUPPRESSION, noted) for noted in bad)
    return Linted(_sorted(left), tuple(gone), len(examined.policies.lines))


def unloadable(problems: Iterable[Problem]) -> Linted:
    """Why a policy cannot be loaded, as findings; no check can be asked of it."""
    return Linted(
        _sorted(
            LintFinding.of(problem, check.id, Severity.ERROR, "")
            for problem in problems
            for check in (check_named(problem.check) or LOAD_ERROR,)
        )
    )


def _of_loading(examined: Examined) -> Iterator[LintFinding]:
    """What loading warns of."""
    for problem in examined.policies.warnings:
        check = check_named(problem.check) or LOAD_ERROR
        yield LintFinding.of(problem, check.id, check.severity, check.fix)


def _of_check(check: Check, examined: Examined) -> Iterator[LintFinding]:
    for noted in check.find(examined) if check.find else ():
        yield _finding(check, noted)


def _finding(check: Check, noted: Noted) -> LintFinding:
    place = noted.file, noted.line
    said = noted.reason, noted.fix
    return LintFinding(check.id, check.severity, *place, *said, steps=noted.steps)


def _files(examined: Examined) -> Iterator[tuple[str, str]]:
    """The files of a policy in which something can be allowed."""
    texts = examined.texts
    yield from texts.files
    if texts.invariants is not None:
        yield texts.invariants
    yield texts.catalogue_file, examined.policies.catalogue_text
    model = examined.model
    yield model.places["m"].file, model.text


def _sorted(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    def order(one: LintFinding) -> tuple[str, int, str, str]:
        return one.file, one.line, one.check, one.reason

    return tuple(sorted(dict.fromkeys(findings), key=order))
