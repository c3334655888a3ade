"""Tries mutants: which of them the cases notice, and which case is missing for others.

A mutant that answers every question alike that the worlds' words can make is equal to
the policy: no case could tell them apart. Each of the others must fail a case; one that
does not is a survivor, and the first question that tells it from the policy is the
case that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ...decide.evaluator import Posed
from ...terms import Grant, parse_day
from .cases import ROOT, Expectation
from .mutants import Mutant, mutants_of
from .questions import Questions
from .suite import CaseSuite
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class MissingCase:
    """A question that the policy answers, and a survivor answers otherwise.

    Attributes:
        file: the file of cases in whose world it is asked.
        day: the day that it is asked for.
        expectation: the question, with the answer of the policy.
        grants: what the world must hold besides: those of somebody imagined.
    """

    file: str
    day: date
    expectation: Expectation
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case notices, and the case that would."""

    mutant: Mutant
    missing: MissingCase


@dataclass(frozen=True, slots=True)
class MutantResult:
    """What came of the mutants of a policy.

    Attributes:
        noticed: those that fail a case.
        equal: those that no question tells from the policy.
        survivors: the others.
    """

    noticed: tuple[Mutant, ...]
    equal: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]

    def __bool__(self) -> bool:
        return not self.survivors


def try_mutants(suite: CaseSuite) -> MutantResult:
    """Try every mutant of the policy of a suite on its cases.

    A question that the policy itself answers otherwise than its case expects notices
    nothing.

    Raises:
        ModelError: a matcher failed.
    """
    asked = [Questions(world.snapshot.evaluator, world.posed) for world in suite.worlds]
    noticed: list[Mutant] = []
    waiting: list[Mutant] = []
    for mutant in mutants_of(suite.rules, suite.policies.catalogue, suite.model):
        change = mutant.change
        is_noticed = any(questions.changed_by(change) for questions in asked)
        (noticed if is_noticed else waiting).append(mutant)
    survivors: dict[Mutant, Survivor] = {}
    for vocabulary in suite.vocabularies:
        for found in _survivors(vocabulary, waiting):
            survivors[found.mutant] = found
        waiting = [mutant for mutant in waiting if mutant not in survivors]
    return MutantResult(tuple(noticed), tuple(waiting), tuple(survivors.values()))


def _survivors(vocabulary: Vocabulary, waiting: Iterable[Mutant]) -> Iterator[Survivor]:
    for mutant in waiting:
        question = vocabulary.told_apart(mutant.change)
        if question is not None:
            allowed = vocabulary.evaluator.answer(question).allowed
            missing = _missing(vocabulary, question, allowed=allowed)
            yield Survivor(mutant, missing)


def _missing(vocabulary: Vocabulary, question: Posed, *, allowed: bool) -> MissingCase:
    """Say a question as a case does; imagined people get a name and their grants."""
    fields = vocabulary.evaluator.matchers[question.matcher].request
    said = dict(zip(fields, question.values, strict=True))
    file = vocabulary.world.file
    named = _Naming(vocabulary)
    place = ROOT if said["org"] == file.root else said["org"]
    if question.matcher == "m":
        asked = {"action": said["act"], "resource": said["obj"], "organisation": place}
        names = vocabulary.world.snapshot.model.attributes
        sent = {name: said[name] for name in names if said[name]}
    else:
        role = said["role"].removeprefix("role:")
        asked = {"role": role, "to": named.of(said["to"]), "organisation": place}
        sent = {}
    expectation = Expectation(named.of(said["sub"]), asked, allowed, sent)
    return MissingCase(
        file.name, parse_day(said["day"]), expectation, tuple(named.grants())
    )


class _Naming:
    """Names for imagined people, that nobody in the world has."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, str] = {}

    def of(self, subject: str) -> str:
        """The subject itself, or a name for one that is imagined."""
        if subject not in self._vocabulary.imagined.held:
            return subject
        if subject not in self._names:
            kind = subject.partition(":")[0]
            taken = {*self._vocabulary.world.file.people, *self._names.values()}
            names = (f"{kind}:imagined-{number}" for number in range(1, len(taken) + 2))
            self._names[subject] = next(name for name in names if name not in taken)
        return self._names[subject]

    def grants(self) -> Iterator[Grant]:
        """What the people who were named must hold."""
        for subject, name in self._names.items():
            for grant in self._vocabulary.imagined.held[subject]:
                yield Grant(name, grant.role, grant.organisation, grant.span)
