"""Tries mutants: which of them the cases notice, and which case is missing for others.

A mutant that answers every question alike that the worlds' words can make is equal to
the policy: no case could tell them apart. Each of the others must fail a case; one that
does not is a survivor, and the first question that tells it from the policy is the
case that is missing. One case may be missing for several survivors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .missing import MissingCase, Proposal
from .mutants import Mutant, mutants_of
from .questions import Questions
from .suite import CaseSuite
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class MutantResult:
    """What came of the mutants of a policy.

    Attributes:
        noticed: those that fail a case.
        equal: those that no question tells from the policy.
        missing: the cases that would notice the others, each with those that it would.
    """

    noticed: tuple[Mutant, ...]
    equal: tuple[Mutant, ...]
    missing: tuple[MissingCase, ...]

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The mutants that fail no case, and should."""
        return tuple(mutant for case in self.missing for mutant in case.mutants)

    def __bool__(self) -> bool:
        return not self.missing


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
    missing: list[MissingCase] = []
    for vocabulary in suite.vocabularies:
        found = _missing(vocabulary, waiting)
        told = {mutant for case in found for mutant in case.mutants}
        waiting = [mutant for mutant in waiting if mutant not in told]
        missing += found
    return MutantResult(tuple(noticed), tuple(waiting), tuple(missing))


def _missing(vocabulary: Vocabulary, waiting: Iterable[Mutant]) -> list[MissingCase]:
    """The cases in one world that tell mutants from the policy, as few as will do."""
    proposed: dict[Proposal, list[Mutant]] = {}
    for mutant in waiting:
        change = mutant.change
        proposal = next((each for each in proposed if each.tells(change)), None)
        if proposal is None:
            question = vocabulary.told_apart(change)
            if question is None:
                continue
            proposal = Proposal(vocabulary, change, question)
        proposed.setdefault(proposal, []).append(mutant)
    return [
        replace(proposal.case(), mutants=tuple(mutants))
        for proposal, mutants in proposed.items()
    ]
