"""Each mutant is noticed, equal, or a survivor with the case that is missing."""

from __future__ import annotations

from pathlib import Path

from oikeus.analysis.testing.mutants import Mutant
from oikeus.analysis.testing.surviving import MutantResult, Survivor, try_mutants

from .small_suite import load


def survivors(result: MutantResult) -> dict[str, Survivor]:
    """The survivors by what they say."""
    return {str(found.mutant): found for found in result.survivors}


def said(found: Survivor) -> tuple[str, list[str]]:
    """The question of a missing case, and the grants that the world must get."""
    return str(found.missing.expectation), [
        str(grant.line) for grant in found.missing.grants
    ]


def test_a_mutant_that_fails_a_case_is_noticed(tmp_path: Path) -> None:
    """A clerk lends at the desk, and not at the branch above it."""
    result = try_mutants(load(tmp_path))
    noticed = {*map(str, result.noticed)}
    assert "without `p, role:clerk, book, lend, allow`" in noticed
    assert "without `g4, level:desk, role:clerk`" in noticed
    assert not result
    every: list[Mutant] = [*result.noticed, *result.equal]
    every += [found.mutant for found in result.survivors]
    assert len({*every}) == len(every) == 65


def test_a_mutant_that_no_question_tells_from_the_policy_is_equal(
    tmp_path: Path,
) -> None:
    """Nobody can hold the role of a chief where there is paper."""
    result = try_mutants(load(tmp_path))
    power = "p2, role:chief, role:chief, mode:paper, active"
    assert power in {str(mutant.other) for mutant in result.equal}


def test_a_survivor_comes_with_the_case_that_is_missing(tmp_path: Path) -> None:
    """About somebody of the world where that will do, in the answer of the policy."""
    found = survivors(try_mutants(load(tmp_path)))
    dropped = found["without `p, role:clerk, book, read, allow`"]
    assert said(dropped) == ("person:kim may do: read book north-desk", [])
    assert dropped.missing.file == "policies/tests/lending.yaml"
    assert str(dropped.missing.day) == "2026-03-01"


def test_somebody_is_imagined_where_nobody_will_do(tmp_path: Path) -> None:
    """The world must hold that grant then; the name is nobody's."""
    taken = ("person:new", "system:imagined-1")
    found = survivors(try_mutants(load(tmp_path, taken)))
    kind = found["with `g3, role:clerk, system` beside `g3, role:clerk, person`"]
    assert said(kind) == (
        "system:imagined-2 may not do: lend book north",
        ["g, system:imagined-2, role:clerk, north@2026-03-01..2026-03-01"],
    )


def test_no_grant_of_the_policy_plays_a_part(tmp_path: Path) -> None:
    """Mutants are about rules: who is appointed today does not matter."""
    suite = load(tmp_path)
    assert {line.ptype for line in suite.rules} == {"p", "p2", "g3", "g4"}
