"""Requirements on differences: who gains and who loses what, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oikeus.analysis.changes import AccessChange, InertChange, PowerChange
from oikeus.analysis.difference import difference
from oikeus.decide.scope import Scope
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError

from ..decide.small_world import (
    DAY,
    SHIPPED,
    TREE,
    held,
    lines,
    model_with,
    row,
    snapshot,
    without,
    written,
)

USERS = (held("person:1", "user", "north"), held("person:2", "user", "south"))
NORTH = ("north", "north-school", "north-office")
SEND = "p, role:user, plan, send, allow"
FREE = written(*without('g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'))


def gain(subject: str, action: str, *places: str) -> AccessChange:
    """Somebody may do something that it could not."""
    return AccessChange(subject, action, "plan", "+", places)


def test_a_new_rule_is_a_gain_for_all_who_hold_the_role() -> None:
    """Each of them, with all organisations in the order of the tree."""
    before, after = snapshot(*USERS), snapshot(*USERS, SEND, version=2)
    found = difference(before, after, DAY)
    assert found.access == (
        gain("person:1", "send", *NORTH),
        gain("person:2", "send", "south"),
    )
    assert (found.before, found.after, found.powers) == (0, 2, ())
    assert found
    lost = difference(after, before, DAY).access
    assert lost == tuple(replace(each, sign="-") for each in found.access)


def test_a_version_does_not_differ_from_itself() -> None:
    """Nor from one with the same lines, loaded by itself."""
    assert not difference(snapshot(*USERS), snapshot(*USERS), DAY)


def test_a_grant_matters_to_its_subject_only_and_on_its_days() -> None:
    """One that is over gives nothing; where a version follows another, neither."""
    before = snapshot(*USERS, held("person:3", "user", "north"))
    over = ("person:4", "role:user", "south@2025-01-01..2025-12-31")
    new = ("person:4", "role:user", "south@2026-01-01..2026-12-31")
    assert not difference(before, before.following(1, added=[over]), DAY).access
    after = before.following(2, added=[over, new])
    assert difference(before, after, DAY).access == (gain("person:4", "read", "south"),)


def test_only_where_something_else_is_held_is_anything_gained() -> None:
    """What a subject had there already stays as it was."""
    more = held("person:1", "user", "south")
    found = difference(snapshot(*USERS), snapshot(*USERS, more), DAY)
    assert found.access == (gain("person:1", "read", "south"),)


def test_of_two_who_hold_the_same_the_blocked_one_gains_nothing() -> None:
    """A new rule is for those who are not blocked; the block is a loss all the same."""
    rows = (USERS[1], held("person:3", "user", "south"))
    after = snapshot(*rows, SEND, "g3, person:3, blocked")
    found = difference(snapshot(*rows), after, DAY)
    assert found.access == (
        gain("person:2", "send", "south"),
        AccessChange("person:3", "read", "plan", "-", ("south",)),
    )


def test_a_grant_that_cannot_be_held_there_is_no_gain() -> None:
    """It is inert, and told as that."""
    inert = held("person:3", "user", "north-office")
    found = difference(snapshot(*USERS), snapshot(*USERS, inert), DAY)
    assert not found.access
    assert [each.line for each in found.inert_gained] == [row(inert)]


def test_a_block_is_a_loss_of_everything() -> None:
    """Access and powers alike; nobody else loses anything."""
    rows = (*USERS, held("person:3", "boss", "north"))
    found = difference(snapshot(*rows), snapshot(*rows, "g3, person:3, blocked"), DAY)
    assert found.access == (AccessChange("person:3", "read", "plan", "-", NORTH),)
    robot, user = "role:robot", "role:user"
    assert found.powers == (
        PowerChange("person:3", robot, "-", ("north",)),
        PowerChange("person:3", user, "-", ("north", "north-school")),
    )


def test_a_block_of_a_word_that_rules_name_concerns_everybody() -> None:
    """Then it is not one subject's alone, and all are asked."""
    rows = (*USERS, "p, role:user, person:9, read, allow")
    found = difference(snapshot(*rows), snapshot(*rows, "g3, person:9, blocked"), DAY)
    assert not found.access


def test_a_new_power_is_a_gain_of_the_granter() -> None:
    """It may give the role to somebody suitable where it holds its own."""
    rows = (held("person:3", "boss", "north"),)
    power = "p2, role:boss, role:tunnus, *, *"
    found = difference(snapshot(*rows), snapshot(*rows, power), DAY)
    assert found.powers == (PowerChange("person:3", "role:tunnus", "+", ("north",)),)
    assert not found.access


def test_an_organisation_that_moves_takes_its_people_along() -> None:
    """Who is above it before loses, and who is above it after gains."""
    moved = TREE.replace("g2, north-school, north\n", "g2, north-school, south\n")
    found = difference(snapshot(*USERS), snapshot(*USERS, tree=moved), DAY)
    school = ("north-school", "north-office")
    assert found.access == (
        AccessChange("person:1", "read", "plan", "-", school),
        gain("person:2", "read", *school),
    )


def test_a_subject_of_an_unknown_kind_is_denied() -> None:
    """What one version cannot be asked, it denies; what no id can be, is not asked."""
    rows = (
        *USERS,
        held("robot:1", "user", "south"),
        held("robot:a@b", "user", "south"),
        held("alien:1", "user", "south"),
    )
    found = difference(snapshot(*rows), snapshot(*rows, "g3, role:user, robot"), DAY)
    assert found.access == (gain("robot:1", "read", "south"),)
    power = (*rows, held("robot:2", "boss", "north"))
    found = difference(snapshot(*power), snapshot(*power, "g3, role:boss, robot"), DAY)
    assert {each.granter for each in found.powers} == {"robot:2"}


def test_without_a_grant_everybody_is_asked_everywhere() -> None:
    """A model that does not insist on a grant may allow anybody anything."""
    found = difference(snapshot(*USERS), snapshot(*USERS, model=FREE), DAY)
    everywhere = ("root", "north", "south", "bare", *NORTH[1:])
    assert {each.subject for each in found.access} == {"person:1", "person:2"}
    assert found.access[-1] == gain(
        "person:2", "read", *(place for place in everywhere if place != "south")
    )


def test_a_matcher_that_knows_people_by_name_is_asked_about_each() -> None:
    """So is one that compares patterns, about everything."""
    terms = without("r.act == p.act")
    named = written(*terms, "r.act == p.act", 'r.sub != "person:1"')
    patterns = written(*terms, "keyMatch(r.act, p.act)")
    found = difference(snapshot(*USERS), snapshot(*USERS, model=named), DAY)
    assert found.access == (AccessChange("person:1", "read", "plan", "-", NORTH),)
    before = snapshot(*USERS, model=patterns)
    after = snapshot(*USERS, SEND, model=patterns)
    assert len(difference(before, after, DAY).access) == 2


def test_whoever_a_rule_names_is_asked_everywhere() -> None:
    """To Casbin everybody stands for themselves."""
    rule = ("g3, person:1, person", "p, person:1, plan, send, allow")
    model = written(*without("r.sub != p.sub"))
    found = difference(snapshot(model=model), snapshot(*rule, model=model), DAY)
    (change,) = found.access
    assert (change.subject, len(change.organisations)) == ("person:1", 6)


def test_another_matcher_for_powers_changes_no_access() -> None:
    """Only what a model defines of a question counts for it."""
    rows = (*USERS, held("person:3", "boss", "north"))
    closed = model_with(m2='r2.sub == "nobody"')
    found = difference(snapshot(*rows), snapshot(*rows, model=closed), DAY)
    assert not found.access
    assert {each.sign for each in found.powers} == {"-"}


def test_rows_that_become_inert_are_told_with_the_reason() -> None:
    """And whether they stay in force, or came or went with the change."""
    rows = (*USERS, "p, role:user, plan, burn, dney")
    fewer = lines(*rows, "g, person:1, role:user, no-domain", "q, odd")
    kept = [each for each in fewer if each != row("g3, role:user, person")]
    before = snapshot(*USERS)
    after = Snapshot.build(SHIPPED, kept)
    found = difference(before, after, DAY)
    stays = {str(each.line): each.stays for each in found.inert_gained}
    assert stays == {
        "g, person:1, role:user, north@2026-01-01..2026-12-31": True,
        "g, person:2, role:user, south@2026-01-01..2026-12-31": True,
        "g, person:1, role:user, no-domain": False,
        "p, role:user, plan, burn, dney": False,
        "p, role:user, plan, read, allow": True,
        "p2, role:boss, role:user, mode:auto, active": True,
        "q, odd": False,
    }
    back = difference(after, before, DAY).inert_lost
    assert (
        InertChange(
            "-", row("q, odd"), "the model knows no lines of kind `q`", stays=False
        )
        in back
    )


def test_a_part_of_the_organisations_is_not_compared() -> None:
    """What is elsewhere would look like a loss: it is refused."""
    whole = snapshot(*USERS)
    part = Snapshot.build(SHIPPED, lines(), scope=Scope.under("north", lines()))
    with pytest.raises(RequestError, match="only `north` and what is below it"):
        difference(whole, part, DAY)
