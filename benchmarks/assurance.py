"""What assurance costs: one mutant beside testing anew, a full check beside a load.

Anew is what a person would do: write the slip of the pen into the file, read the model,
the policy and its cases again, and run them. Ours tries all mutants on what was read
once, the questions that tell equal ones apart included, and is divided by their number.

A full check is `oikeus check` on the shipped policy over the register and grants of a
world: all checks, and all invariants over everything that delegation can reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter_ns

import oikeus

from .database import commit
from .figures import Figure, Findings, Measurement, Run
from .worlds import ROOT, SEED, SIZES, TOP, make_world, policies

OURS = "oikeus.try_mutants, one mutant"
ANEW = "oikeus.load_suite and run_suite"
_REPEATED = 5
_CHECKED = 10
_FEW = 1_000


def assurance(run: Run) -> Findings:
    """Measure both."""
    found = mutants(run)
    found += checking(run)
    return found


def mutants(run: Run) -> Findings:
    """Measure the tests of the policy that is shipped."""
    folder = ROOT / "policies"
    chosen = None if run.questions >= _FEW else "blocking"  # a test only runs it
    anew = []
    for _ in range(_REPEATED):
        began = perf_counter_ns()
        oikeus.run_suite(_suite(folder, chosen))
        anew.append(perf_counter_ns() - began)
    suite = _suite(folder, chosen)
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


CHECK = "oikeus.lint_policies"
LOAD = "oikeus.connect"
REACH = "oikeus.Reachable"
_WORLD, _SMALL = "40 k", "400"


def checking(run: Run) -> Findings:
    """Measure a full check and a load of the same world."""
    size = _WORLD if run.questions >= _FEW else _SMALL
    world = make_world(SIZES[size])
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/world.db"
        commit(world, url)
        with oikeus.Store.open(url, create=False) as store:
            contents = store.load()
        loads, checks = [], []
        for _ in range(_REPEATED):
            began = perf_counter_ns()
            with oikeus.connect(url, every=None) as point:
                # whatever is only made when it is needed counts as loading
                point.allows("person:nobody", "read", "hoks", TOP)
            loads.append(perf_counter_ns() - began)
            checks.append(_check(contents))
        snapshot = oikeus.snapshot_of(contents)
        began = perf_counter_ns()
        reached = oikeus.Reachable.of(snapshot, world.today)
        kept = [*oikeus.broken_in(reached, policies().invariants)]
        judged = perf_counter_ns() - began
    if kept:
        message = f"delegation can break invariants of the shipped policy: {kept}"
        raise AssertionError(message)
    load, full = median(loads), median(checks)
    what, samples = "assuring a policy over a world", f"{_REPEATED} samples of 1"
    note = "all invariants, from all rights in force"
    return Findings(
        [Figure("a full check to loading the world", full / load, 5, at_most=True)],
        [
            Measurement(what, size, CHECK, full, max(checks), 1.0, samples),
            Measurement(what, size, LOAD, load, max(loads), load / full, samples),
            Measurement(
                what, size, "oikeus.Reachable", judged, None, judged / full, note
            ),
        ],
    )


def _check(contents: oikeus.Contents) -> int:
    """How many nanoseconds a full check takes.

    Raises:
        AssertionError: the shipped policy has an error.
    """
    began = perf_counter_ns()
    found = oikeus.lint_policies(ROOT / "policies", contents=contents)
    took = perf_counter_ns() - began
    if found.reaching(oikeus.Severity.ERROR):
        message = f"the shipped policy has an error: {found.findings}"
        raise AssertionError(message)
    return took


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
