"""Rules and powers that decide no case of the policy."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import PolicyError
from ...terms import Line
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.stage import Stage
from ..linting.values import Noted, Severity
from ..testing.cases import CaseFile
from ..testing.reading import read_cases
from ..testing.suite import CaseSuite

_FIX = "write a case that it decides; `oikeus test --coverage` says more"


def _find(examined: Examined) -> Iterator[Noted]:
    rules = [*examined.lines("p", "p2")]
    if not examined.cases.files:
        # once is enough
        for rule in rules[:1]:
            text = "no case tests this policy, and this line as the first of it"
            yield Noted.on(rule, text, _FIX)
        return
    files: list[CaseFile] = []
    problems = [*examined.cases.problems]
    for name, text in examined.cases.files:
        try:
            files.append(read_cases(text, name, examined.policies, examined.model))
        except PolicyError as error:
            problems.extend(error.problems)
    if problems:
        for problem in problems:
            text = f"no case can be asked: {problem.text}"
            yield Noted(problem.file, problem.line, text, "mend the file of cases")
        return
    suite = CaseSuite(examined.model, examined.policies, tuple(files))
    deciding = set(_deciding(suite))
    for rule in rules:
        if rule not in deciding and not _would_decide(suite, examined.stage, rule):
            yield Noted.on(rule, f"`{rule}` decides no case", _FIX)


def _deciding(suite: CaseSuite) -> Iterator[Line]:
    """The rules by which the cases that hold are decided."""
    for world in suite.worlds:
        for posed in world.ruled:
            rule = world.snapshot.evaluator.answer(posed).rule
            if rule is not None:
                yield rule


def _would_decide(suite: CaseSuite, stage: Stage, rule: Line) -> bool:
    """Whether a case is decided as a rule says that another rule came before."""
    denies = stage.is_deny(rule)
    for world in suite.worlds:
        evaluator = world.snapshot.evaluator
        alone = evaluator.over(
            evaluator.facts.ruled_by(stage.allowing(rule) if denies else rule)
        )
        if any(
            alone.answer(posed).allowed
            and evaluator.answer(posed).allowed is not denies
            for posed in world.ruled
        ):
            return True
    return False


CHECK = Check(
    "rule-without-test",
    Severity.WARNING,
    "a rule or power that decides no case",
    _find,
)
