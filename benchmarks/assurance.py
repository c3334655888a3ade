"""What it costs to test one mutant of the shipped policy, and to test a policy anew.

Anew is what a person would do: write the slip of the pen into the file, read the model,
the policy and its cases again, and run them. Ours tries all mutants on what was read
once, the questions that tell equal ones apart included, and is divided by their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter_ns

import oikeus

from .figures import Figure, Findings, Measurement, Run
from .worlds import ROOT, SEED

OURS = "oikeus.try_mutants, one mutant"
ANEW = "oikeus.load_suite and run_suite"
_REPEATED = 5
_CHECKED = 10
_FEW = 1_000


def assurance(run: Run) -> Findings:
    """Measure both, on the policy that is shipped."""
    policies = ROOT / "policies"
    chosen = None if run.questions >= _FEW else "blocking"  # a test only runs it
    anew = []
    for _ in range(_REPEATED):
        began = perf_counter_ns()
        oikeus.run_suite(_suite(policies, chosen))
        anew.append(perf_counter_ns() - began)
    suite = _suite(policies, chosen)
    oikeus.run_suite(suite)  # the mutants find the worlds made, as the command does
    began = perf_counter_ns()
    tried = oikeus.try_mutants(suite)
    whole = perf_counter_ns() - began
    check(suite, tried)
    count = len(tried.noticed) + len(tried.equal) + len(tried.survivors)
    ours, other = whole / count, median(anew)
    what = "testing a policy with one slip of the pen"
    note = f"{count} mutants, {len(tried.equal)} of them equal"
    samples = f"{_REPEATED} samples of 1"
    return Findings(
        [Figure("testing anew to testing one mutant", other / ours, 20, at_most=False)],
        [
            Measurement(what, "cases", OURS, ours, None, 1.0, note),
            Measurement(what, "cases", ANEW, other, max(anew), other / ours, samples),
        ],
    )


def check(suite: oikeus.CaseSuite, tried: oikeus.MutantResult) -> None:
    """Refuse another answer than testing some of the mutants anew has.

    Raises:
        AssertionError: a case fails for one that was not noticed, or none for one that
            was.
    """
    drawn = Random(SEED)  # noqa: S311 - chance, not secrets
    found: Sequence[tuple[Sequence[oikeus.Mutant], bool]] = (
        (tried.noticed, False),
        ((*tried.equal, *tried.survivors), True),
    )
    for mutants, holds in found:
        for mutant in drawn.sample([*mutants], min(_CHECKED, len(mutants))):
            if bool(oikeus.run_suite(mutated(suite, mutant))) is not holds:
                message = f"{OURS} gave another answer than {ANEW}: {mutant}"
                raise AssertionError(message)


def mutated(suite: oikeus.CaseSuite, mutant: oikeus.Mutant) -> oikeus.CaseSuite:
    """The suite with the lines of a mutant."""
    change = mutant.change
    kept = [line for line in suite.policies.lines if line not in change.removed]
    lines = (*kept, *change.added)
    return replace(suite, policies=replace(suite.policies, lines=lines))


def _suite(policies: Path, chosen: str | None) -> oikeus.CaseSuite:
    model = oikeus.load_model(policies.parent / "model.conf")
    suite = oikeus.load_suite(policies, model)
    return suite if chosen is None else suite.selecting(chosen)
