"""The invariants of a policy, and of a change of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oikeus import Line, judge_change, judge_invariants, read_files
from oikeus.administration.laying import NOTHING, lay_over
from oikeus.administration.states import State, state_before
from oikeus.policy.lines import read_lines
from oikeus.policy.model import parse_model
from oikeus.terms import Source

HOME = Path(__file__).resolve().parents[3]
DAY = date(2026, 3, 1)
STATEMENT = """invariants:
  - {rule: [R10], why: so, never: {holder: person, role: palvelukayttaja}}
"""


def state(folder: Path, invariants: str = STATEMENT, more: str = "") -> State:
    """The shipped policy with other invariants and more rules."""
    (folder / "invariants.yaml").unlink(missing_ok=True)
    if invariants:
        (folder / "invariants.yaml").write_text(invariants, encoding="utf-8")
    (folder / "more.csv").write_text(more, encoding="utf-8")
    files = read_files(folder, HOME / "model.conf")
    laid = lay_over(files.texts, files.model, NOTHING)
    found = laid.policies.invariants
    return State("files", laid.contents, laid.snapshot, invariants=found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the shipped policy."""
    place = tmp_path / "policies"
    place.mkdir()
    for path in (HOME / "policies").iterdir():
        if path.is_file():
            (place / path.name).write_bytes(path.read_bytes())
    return place


NONE = ""
BREAKS = "# R10: for officials too\ng3, role:palvelukayttaja, person\n"


def test_grant_in_force_that_cannot_be_read_gives_nothing(folder: Path) -> None:
    """It decides nothing, and keeps nobody from judging a change."""
    before, after = state(folder), state(folder, more=BREAKS)
    odd = Line("g", ("person:x", "role:palvelukayttaja", "?"), Source("a.csv", 1))
    lines = (*before.contents.lines, odd)
    before = replace(before, contents=replace(before.contents, lines=lines))
    assert len(judge_change(before, after, DAY).newly) == 1


def test_statement_that_is_taken_away_is_judged_all_the_same(folder: Path) -> None:
    """Else whoever breaks it could take it away with the same change."""
    before, after = state(folder), state(folder, NONE, BREAKS)
    kept = judge_change(before, after, DAY)
    (gone,), (broken,) = kept.gone, kept.broken
    assert gone == broken.invariant
    assert (kept.invariants, kept.is_kept) == ((), False)
    assert kept.newly == (broken,)
    assert len(broken.chain.links) == 2


def test_statement_that_would_still_hold_may_go(folder: Path) -> None:
    """It is told, and is nothing to be let through."""
    kept = judge_change(state(folder), state(folder, NONE), DAY)
    assert [str(each.statement) for each in kept.gone] == [
        "never {holder: person, role: palvelukayttaja}"
    ]
    assert (kept.broken, kept.is_kept) == ((), True)


def test_statement_about_a_role_that_goes_too(folder: Path) -> None:
    """It would hold, and says nothing of the role that came in its place."""
    before = state(folder)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("palvelukayttaja", "palvelija"), encoding="utf-8")
    kept = judge_change(before, state(folder, NONE), DAY)
    (gone,) = kept.gone
    assert kept.lost_roles(gone) == ("palvelukayttaja",)
    bare = replace(kept, world=replace(kept.world, catalogue=None))
    assert bare.lost_roles(gone) == ("palvelukayttaja",)
    kept = judge_change(before, before, DAY)
    assert [kept.lost_roles(each) for each in kept.invariants] == [()]


def test_statement_that_is_weakened_is_one_that_goes(folder: Path) -> None:
    """And another one that comes; to cite another rule is neither."""
    weaker = STATEMENT.replace("}}", ", at: {mode: none}}}")
    kept = judge_change(state(folder), state(folder, weaker, BREAKS), DAY)
    assert [each.statement for each in kept.new] == [
        each.statement for each in kept.invariants
    ]
    assert [one.invariant for one in kept.broken] == [*kept.gone]
    cited = STATEMENT.replace("R10", "R11")
    kept = judge_change(state(folder), state(folder, cited), DAY)
    assert (kept.gone, kept.new) == ((), ())


def test_statement_that_was_broken_may_go(folder: Path) -> None:
    """The change does not break it."""
    kept = judge_change(state(folder, more=BREAKS), state(folder, NONE, BREAKS), DAY)
    assert [one.invariant for one in kept.broken] == [*kept.gone]
    assert (kept.newly, kept.is_kept) == ((), True)


def test_statements_in_force_that_cannot_be_read_are_not_known(folder: Path) -> None:
    """Nobody can say what a change takes away then: it is not kept."""
    after = state(folder)
    text = after.contents.model or ""
    broken = replace(after.contents, catalogue="odd: 1", lines=(), invariants=STATEMENT)
    before = state_before(broken, parse_model(text))
    assert before.unread.startswith("those in force cannot be read: catalogue:1: ")
    kept = judge_change(before, after, DAY)
    assert (kept.unknown, kept.is_kept) == (before.unread, False)
    nothing = replace(broken, invariants="")
    assert state_before(nothing, parse_model(text)).unread == ""
    odd = replace(after.contents, model="[m]", invariants=STATEMENT)
    read = state_before(odd, parse_model(text))
    assert [each.statement for each in read.invariants] == [
        each.statement for each in after.invariants
    ]


REGISTER = """g2, 1.2, 1.2.246.562.10.00000000001
g4, 1.2, level:koulutustoimija
g2, 1.2, mode:integraatio
"""


def registered(folder: Path, invariants: str, more: str = "") -> State:
    """The same over a register of one provider, which transfers its data."""
    kept = state(folder, invariants, more)
    known = kept.snapshot.facts.lines_but_grants()
    lines = [*known, *read_lines(REGISTER, "register.csv").lines]
    return replace(kept, snapshot=kept.snapshot.following(0, lines=lines))


def test_statement_does_not_hold_by_what_the_register_lacks(folder: Path) -> None:
    """There may be an organisation of that sort tomorrow."""
    said = "never_granted: {role: tallentaja, at: {mode: syottoliittyma}}"
    text = f"invariants:\n  - {{rule: [R1], why: so, {said}}}\n"
    (broken,) = judge_invariants(registered(folder, text), DAY).broken
    assert (
        broken.chain.slots[0].organisation == "imagined-syottoliittyma-koulutustoimija"
    )


def test_chain_goes_through_organisations_that_there_are(folder: Path) -> None:
    """Where it is no longer for that."""
    (broken,) = judge_invariants(registered(folder, STATEMENT, BREAKS), DAY).broken
    assert {link.slot.organisation for link in broken.chain.links} == {"1.2"}


def test_sort_is_not_lost_to_what_lines_say_of_its_name(folder: Path) -> None:
    """Files may name an organisation as an imagined one is called, and give it a mode.

    The one without a mode is another one then, and its statement still does not hold.
    """
    said = "never_granted: {role: vastuukayttaja, at: {mode: none}}"
    text = f"invariants:\n  - {{rule: [R1], why: so, {said}}}\n"
    (broken,) = judge_invariants(state(folder, text), DAY).broken
    taken = broken.chain.slots[0].organisation
    every = [each for each in world(state(folder, text)) if "no-mode" in each]
    more = "".join(f"# R1: so\ng2, {each}, mode:integraatio\n" for each in every)
    assert taken in every
    (broken,) = judge_invariants(state(folder, text, more), DAY).broken
    assert broken.chain.slots[0].organisation == f"{taken}-2"


def test_each_imagined_organisation_has_one_parent(folder: Path) -> None:
    """Two of the same name would be one of both sorts."""
    parents = world(state(folder))
    assert {len(above) for above in parents.values()} == {1}


def world(kept: State) -> Mapping[str, Sequence[str]]:
    """The organisations over which a policy is judged, with what is above them."""
    tree = judge_invariants(kept, DAY).world.tree
    return {each: above for each, above in tree.parents.items() if above}
