"""Requirements on what questions are looked up in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from oikeus.decide.scope import Scope
from oikeus.decide.snapshot import Snapshot
from oikeus.decide.tables import Tables
from oikeus.policy.model import Model

from .small_world import SHIPPED, TERMS, held, lines, snapshot, without, written

ALLOW_OVERRIDE = "some(where (p.eft == allow))"
OBJ, ACT = "r.obj == p.obj", "r.act == p.act"
USER, BOSS, ROBOT = "person:role:user", "person:role:boss", "system:role:robot"


def tables_of(made: Snapshot, scope: Scope | None = None) -> Tables:
    """The tables of a version."""
    decider = made.evaluator.matchers["m"].decider
    assert decider is not None
    return Tables.of(decider, made.evaluator, made.register, made.kinds, scope)


def tables(*rows: str, model: Model = SHIPPED, policy: str | None = None) -> Tables:
    """The same of the small world and further rows."""
    every = (
        snapshot(*rows, model=model)
        if policy is None
        else snapshot(*rows, model=model, policy=policy)
    )
    return tables_of(every)


def test_rules_stand_under_the_words_of_a_question() -> None:
    """With the holders that they allow; a role without a kind has none."""
    found = tables("p, role:ghost, plan, x, allow")
    assert found.form == "allowing"
    assert found.rules == {
        "plan": {"read": {BOSS, USER}, "send": {ROBOT}, "x": frozenset()}
    }
    assert found.roles == {"role:user", "role:boss", "role:robot"}


def test_rules_that_deny_stand_beside_those_that_allow() -> None:
    """A holder may be among both."""
    deny = "p, role:user, plan, read, deny"
    found = tables(deny)
    assert found.form == "denying"
    assert found.rules["plan"]["read"] == ({BOSS, USER}, {USER})
    # where an allow overrides, a deny says nothing
    assert tables(deny, model=written(*TERMS, e=ALLOW_OVERRIDE)).form == "allowing"


def test_rules_that_must_be_tried_stand_by_their_holders() -> None:
    """In the order of the lines, whole."""
    model = written(*without(ACT), "keyMatch(r.act, p.act)")
    found = tables("p, role:user, plan, re*, deny", model=model)
    assert found.form == "trying"
    assert found.rules["plan"][USER] == [
        ("role:user", "plan", "read", "allow"),
        ("role:user", "plan", "re*", "deny"),
    ]


def test_nothing_to_look_up_is_a_table_of_its_own() -> None:
    """As many levels as there are words; without a rule there is nothing at all."""
    none = written(*without(ACT, OBJ), e=ALLOW_OVERRIDE)
    assert tables(model=none).rules == {BOSS, USER, ROBOT}
    assert tables(model=none, policy="").rules == {}
    assert tables(policy="").rules == {}


@pytest.mark.parametrize("bad", ["a'b", "a..b", "a@b", " plan", ""])
def test_words_that_no_question_has_cannot_be_found(bad: str) -> None:
    """Rows of a database may be anything."""
    rows = f"p, role:user, plan, {bad}, allow", f"p, role:user, {bad}, read, allow"
    assert tables(*rows).rules == tables().rules
    place = f"g2, {bad}, north", f"g4, {bad}, level:school"
    assert bad not in tables(*place).above


def test_a_role_that_no_domain_can_name_holds_nothing() -> None:
    """A question writes it into its domain, which is read at the `@`."""
    odd = "p, role:a@b, plan, odd, allow"
    assert tables("g3, role:a@b, person", odd).rules["plan"]["odd"] == frozenset()


def holders(found: Tables, place: str) -> Mapping[str, frozenset[str]]:
    """Who is found at and above a place, where anybody is."""
    return {at: who for at, who in found.above[place].items() if who}


def test_above_a_place_are_the_holders_that_levels_allow() -> None:
    """A role that rules are about, where g4 leads to it, and nowhere else."""
    found = tables(held("person:1", "boss", "north-school"))
    assert {*found.above["north-office"]} == {
        *("north-office", "north-school", "north", "root"),
    }
    assert holders(found, "north-office") == {
        "north": {BOSS, USER, ROBOT},
        "north-school": {USER},
    }
    assert holders(found, "south") == {"south": {BOSS, USER, ROBOT}}
    assert "mars" not in found.above
    assert "mode:auto" not in found.above


def test_a_word_leads_to_itself() -> None:
    """A role can be held at a place of its own name, as Casbin has it."""
    rows = "g3, hut, person", "p, hut, plan, read, allow", "g2, hut, north"
    found = tables(*rows)
    assert holders(found, "hut")["hut"] == {"person:hut"}
    assert "person:hut" not in found.above["hut"]["north"]
    assert "hut" in found.roles


def test_a_part_has_only_its_places() -> None:
    """Those above it cannot be asked about, but hold for it."""
    scope = Scope.under("north-school", lines())
    found = tables_of(snapshot(), scope)
    assert {*found.above} == {"north-school", "north-office"}
    assert "north" in found.above["north-office"]
    assert found.rules == tables().rules


def test_tables_serve_as_long_as_rules_and_links_stay() -> None:
    """Another grant changes nothing in them; whatever else does makes new ones."""
    first = snapshot(held("person:1", "user", "north"))
    before = first.access.looked_up[2:4]
    more = first.following(1, added=[("person:2", "role:user", "south@x")])
    assert all(a is b for a, b in zip(more.access.looked_up[2:4], before, strict=True))
    for row in (
        *("p, role:user, plan, send, allow", "g2, hut, north"),
        *("g3, role:boss, system", "g4, root, role:user"),
    ):
        after = first.following(1, lines=lines(row))
        assert after.access.looked_up[2:4] == tuple(
            Snapshot.build(SHIPPED, lines(row)).access.looked_up[2:4]
        )
        assert after.access.looked_up[2:4] != before
