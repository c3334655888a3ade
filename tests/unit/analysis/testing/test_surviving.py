"""Each mutant is noticed, equal, or a survivor with the case that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.analysis.testing.line_change import LineChange
from oikeus.analysis.testing.missing import MissingCase
from oikeus.analysis.testing.questions import Questions
from oikeus.analysis.testing.running import run_suite
from oikeus.analysis.testing.suite import load_suite
from oikeus.analysis.testing.surviving import MutantResult, try_mutants
from oikeus.analysis.testing.writing import case_text
from oikeus.terms import Line

from .small_suite import CASES, RULES, load, model, write_files

ROOT = "town"


def survivors(result: MutantResult) -> dict[str, MissingCase]:
    """The case that is missing for each survivor, by what that says."""
    return {str(each): case for case in result.missing for each in case.mutants}


def said(found: MissingCase) -> tuple[str, list[str]]:
    """The question of a missing case, and the lines that the world must get."""
    return str(found.expectation), [*map(str, found.world)]


def test_a_mutant_that_fails_a_case_is_noticed(tmp_path: Path) -> None:
    """A clerk lends at the desk, and not at the branch above it."""
    result = try_mutants(load(tmp_path))
    noticed = {*map(str, result.noticed)}
    assert "without `p, role:clerk, book, lend, allow`" in noticed
    assert "without `g4, level:desk, role:clerk`" in noticed
    assert not result
    every = [*result.noticed, *result.equal, *result.survivors]
    assert len({*every}) == len(every) == 67


def test_a_mutant_that_no_question_tells_from_the_policy_is_equal(
    tmp_path: Path,
) -> None:
    """A power under one mode says nothing beside the same under any."""
    rules = f"{RULES}p2, role:chief, role:gate, *, active\n"
    result = try_mutants(load(tmp_path, rules=rules))
    narrow = "p2, role:chief, role:gate, mode:paper, active"
    line = "p2, role:chief, role:clerk, mode:paper, active"
    assert f"with `{narrow}` beside `{line}`" in {*map(str, result.equal)}


def test_a_mutant_may_be_told_by_who_may_revoke(tmp_path: Path) -> None:
    """Nobody can be given the role of a chief there, and yet it could be taken away."""
    found = survivors(try_mutants(load(tmp_path)))
    power = "p2, role:chief, role:clerk, mode:paper, active"
    wider = found[
        f"with `{power.replace('role:clerk', 'role:chief')}` beside `{power}`"
    ]
    question = "person:chris may not revoke: chief from person:kim at root"
    assert said(wider) == (question, [])
    assert "    may not revoke:\n      - {role: chief, from: " in case_text(wider)


def test_a_survivor_comes_with_the_case_that_is_missing(tmp_path: Path) -> None:
    """About somebody of the world where that will do, in the answer of the policy."""
    found = survivors(try_mutants(load(tmp_path)))
    dropped = found["without `p, role:clerk, book, read, allow`"]
    assert said(dropped) == ("person:kim may do: read book at north-desk", [])
    assert dropped.file == "policies/tests/lending.yaml"
    assert str(dropped.day) == "2026-03-01"


def test_somebody_is_imagined_where_nobody_will_do(tmp_path: Path) -> None:
    """The world must hold that grant then; the name is nobody's."""
    taken = ("person:new", "system:imagined-1")
    found = survivors(try_mutants(load(tmp_path, taken)))
    kind = found["with `g3, role:clerk, system` beside `g3, role:clerk, person`"]
    assert said(kind) == (
        "system:imagined-2 may do: lend book at north".replace("may", "may not"),
        ["g, system:imagined-2, role:clerk, north@2026-03-01..2026-03-01"],
    )


def test_a_place_is_imagined_where_there_is_none_like_it(tmp_path: Path) -> None:
    """A world without another mode must not hide what is said of modes."""
    found = survivors(try_mutants(load(tmp_path)))
    power = "p2, role:chief, role:clerk, mode:paper, active"
    wider = found[
        f"with `{power.replace('mode:paper', '*')}` in the place of `{power}`"
    ]
    question, world = said(wider)
    name = "imagined-branch-active"
    assert (
        question
        == f"person:imagined-1 may not grant: clerk to person:imagined-2 at {name}"
    )
    assert world == [
        f"g2, {name}, {ROOT}",
        f"g4, {name}, level:branch",
        f"g, person:imagined-1, role:chief, {ROOT}@2026-03-01..2026-03-01",
    ]
    passive = found[f"with `{power.replace('active', '*')}` in the place of `{power}`"]
    assert "g2, imagined-branch-paper-passive, status:passive" in said(passive)[1]


def paste(text: str, cases: str) -> str:
    """Put the parts of a missing case where their comments say."""
    for part in text.split("# policies/tests/lending.yaml, ")[1:]:
        place, _, lines = part.partition("\n")
        key = f"{place.rpartition(': ')[2] if ': ' in place else place}\n"
        assert cases.count(f"{key}") == 1, key
        cases = cases.replace(key, f"{key}{lines.rstrip()}\n")
    return cases


@pytest.mark.parametrize("number", [0, 1, 6, -2, -1])
def test_a_missing_case_that_is_pasted_holds_and_notices_its_mutant(
    number: int, tmp_path: Path
) -> None:
    """It is ready as it is printed."""
    found = try_mutants(load(tmp_path / "before")).missing[number]
    pasted = paste(case_text(found), CASES)
    folder = write_files(tmp_path / "after", {"lending.yaml": pasted})
    suite = load_suite(folder, model())
    assert run_suite(suite)
    assert {*map(str, try_mutants(suite).noticed)} >= {*map(str, found.mutants)}


PLACED = """\
# D: works on paper
g2, south, town
g2, south, mode:paper
# D: on a screen, and the register has not brought it yet
g2, west, mode:screen
# I: closed
g2, south, status:passive
# A: where it stands
g2, east, town
g4, east, level:branch
g2, east-desk, east
g4, east-desk, level:desk
"""


def test_what_the_policy_says_of_an_organisation_is_told_apart_there(
    tmp_path: Path,
) -> None:
    """It is imagined at the level that matters, where the policy says nothing of it."""
    rules = f"{RULES}p2, role:chief, role:gate, mode:paper, *\n{PLACED}"
    found = survivors(try_mutants(load(tmp_path / "a", rules=rules)))
    closed = found["without `g2, south, status:passive`"]
    assert said(closed) == (
        "person:imagined-1 may not grant: clerk to person:imagined-2 at south",
        [
            f"g2, south, {ROOT}",
            "g4, south, level:branch",
            f"g, person:imagined-1, role:chief, {ROOT}@2026-03-01..2026-03-01",
        ],
    )
    assert "    south: {levels: [branch]}\n" in case_text(closed)
    lower = found[
        "with `g4, east, level:desk` in the place of `g4, east, level:branch`"
    ]
    assert said(lower)[1][0] == f"g2, east, {ROOT}"
    assert "    east: {}\n" in case_text(lower)
    moved = found[f"with `g2, east-desk, {ROOT}` in the place of `g2, east-desk, east`"]
    assert said(moved) == (
        "person:imagined-1 may do: lend book at east-desk",
        [
            f"g2, east, {ROOT}",
            "g2, east-desk, east",
            "g, person:imagined-1, role:clerk, east@2026-03-01..2026-03-01",
        ],
    )


def test_a_case_about_an_organisation_of_the_policy_can_be_pasted(
    tmp_path: Path,
) -> None:
    """It stands there where the policy says."""
    rules = f"{RULES}{PLACED}"
    suite = load(tmp_path / "before", rules=rules)
    cases = CASES
    seen: set[str] = set()
    for found in try_mutants(suite).missing:
        text = case_text(found)
        places = {line.values[0] for line in found.world if line.ptype == "g2"}
        if "east" in text and "imagined-1" in text and places.isdisjoint(seen):
            cases = paste(text.replace("imagined-", f"e{len(seen)}-"), cases)
            seen |= places
    folder = write_files(tmp_path / "after", {"lending.yaml": cases})
    (folder / "rules.csv").write_text(rules, encoding="utf-8")
    pasted = load_suite(folder, model())
    assert seen
    assert run_suite(pasted)
    assert len(try_mutants(pasted).noticed) > len(try_mutants(suite).noticed)


def test_what_a_recipient_must_hold_is_asked_for_and_nothing_else(
    tmp_path: Path,
) -> None:
    """As a system must be registered before it is given a right."""
    text = model().text
    rules = f"{RULES}p2, role:chief, role:gate, mode:paper, active\n"
    rules = rules.replace("p, role:gate, door", "p, role:tunnus, door")
    rules += "g3, role:tunnus, system\ng4, level:branch, role:tunnus\n"
    folder = write_files(tmp_path, {"lending.yaml": CASES})
    words = (folder / "words.yaml").read_text(encoding="utf-8")
    more = words[words.index("  gate:\n    label") :].replace("gate:", "tunnus:")
    (folder / "words.yaml").write_text(f"{words}{more}", encoding="utf-8")
    (folder / "rules.csv").write_text(rules, encoding="utf-8")
    suite = load_suite(folder, model())
    assert "role:tunnus" in text
    found = survivors(try_mutants(suite))
    dropped = found["without `p2, role:chief, role:gate, mode:paper, active`"]
    assert said(dropped) == (
        "person:chris may grant: gate to system:imagined-1 at north",
        ["g, system:imagined-1, role:tunnus, north@2026-03-01..2026-03-01"],
    )
    texts = case_text(dropped)
    assert "- {subject: system:imagined-1, role: tunnus, organisation: north," in texts
    assert "  - rule: [B]\n" in texts


def test_a_line_that_cites_no_rule_leaves_one_to_be_written(tmp_path: Path) -> None:
    """A case must cite one."""
    suite = load(tmp_path, rules=RULES.replace("# R2: a gate counts\n", "\n"))
    found = survivors(try_mutants(suite))
    dropped = found["without `p, role:gate, door, count, allow`"]
    assert "  - rule: [X]\n" in case_text(dropped)


def test_a_question_that_is_sent_with_attributes_is_written_with_them(
    tmp_path: Path,
) -> None:
    """As the case language has it."""
    text = model().text.replace("obj, act\n# May", "obj, act, reason\n# May")
    text = text.replace(
        "&& r.obj == p.obj", '&& r.reason == "it is" && r.obj == p.obj', 1
    )
    cases = CASES.replace("can:\n", "can:\n", 1).replace(
        "organisation: north-desk}",
        "organisation: north-desk, attributes: {reason: it is}}",
    )
    from oikeus.policy.model import parse_model  # noqa: PLC0415

    suite = load_suite(write_files(tmp_path, {"a.yaml": cases}), parse_model(text))
    dropped = survivors(try_mutants(suite))[
        "without `p, role:clerk, book, read, allow`"
    ]
    assert dropped.expectation.attributes == {"reason": "it is"}
    assert 'attributes: {reason: "it is"}}' in case_text(dropped)


def test_no_question_that_fails_notices_anything(tmp_path: Path) -> None:
    """What the policy answers otherwise than expected shows nothing of it."""
    suite = load(tmp_path, ("organisation: north-desk}", "organisation: root}"))
    noticed = {*map(str, try_mutants(suite).noticed)}
    assert "without `p, role:clerk, book, lend, allow`" not in noticed


def test_questions_without_any_are_told_apart_by_nothing(tmp_path: Path) -> None:
    """Such as a world of which no case holds."""
    (world,) = load(tmp_path).worlds
    line = Line("p", ("role:clerk", "book", "lend", "allow"))
    questions = Questions(world.snapshot.evaluator, ())
    assert questions.changed_by(LineChange(removed=(line,))) is None
