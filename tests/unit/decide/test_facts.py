"""Requirements on the index of the lines in force."""

from __future__ import annotations

import pytest

from oikeus.decide.facts import Facts, reach
from oikeus.ids import is_id
from oikeus.terms import Line

from .small_world import SHIPPED, grant, held, lines, row

MAY_READ = row("p, role:user, plan, read, allow")


def facts(*rows: str) -> Facts:
    """Index the small world and further rows."""
    return Facts.from_lines(SHIPPED, lines(*rows))


def test_lines_are_indexed_by_what_questions_ask_for() -> None:
    """Rules keep their order, grants stand by subject, links by their first word."""
    found = facts(held("person:1", "user", "north"))
    assert [rule.values[0] for rule in found.rules["p"]] == [
        "role:boss",
        "role:user",
        "role:robot",
    ]
    assert found.of("person:1") == (grant("person:1", "user", "north"),)
    assert found.of("person:2") == ()
    assert found.linked("g2", "north") == ("root", "mode:auto")
    assert found.linked("g2", "mars") == ()


@pytest.mark.parametrize(
    "written",
    [
        "p, role:user, plan, read",
        "p, role:user, plan, read, allow, deny",
        "p, role:user, plan, read, dney",
        "p2, role:user, role:boss, *",
        "g, person:1, role:user",
        "g, person:1, role:user, north",
        "g, person:1, role:user, north@2026-12-31..2026-01-01",
        "g2, north-school",
        "g3, role:user, system, person",
        "g5, person:1, role:user",
        "q, role:user, plan, read, allow",
    ],
)
def test_lines_that_can_decide_nothing_are_left_out(written: str) -> None:
    """A wrong width, an unknown kind of line, effect or span never reaches Casbin."""
    found, without = facts(written), facts()
    assert found.idle == lines(written)[-1:]
    assert (found.rules, found.links) == (without.rules, without.links)
    assert dict(found.grants) == dict(without.grants)


def test_a_role_is_for_the_kinds_that_its_own_lines_name() -> None:
    """A row from role to role, or from kind to kind, gives no role to anybody else."""
    rows = ("g3, role:deputy, role:user", "g3, role:user, guest", "g3, guest, system")
    found = facts(*rows)
    assert found.kinds("role:user") == ("person", "guest")
    assert found.kinds("role:deputy") == ()
    assert found.kinds("role:nobody") == ()


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(None, ["a", "b", "c", "d"]), (1, ["a"]), (3, ["a", "b", "c"])],
)
def test_links_are_followed_as_far_as_a_chain_may_be(
    longest: int | None, expected: list[str]
) -> None:
    """The length is counted in words, as Casbin counts it; a cycle ends the search."""
    links = {"a": ("b",), "b": ("c", "a"), "c": ("d",), "d": ("a",)}
    assert list(reach(links, "a", longest)) == expected


@pytest.mark.parametrize("word", ["role", "role:boss", "", "a@b", "x" * 254])
def test_a_word_that_no_subject_begins_with_is_no_kind(word: str) -> None:
    """Rows may link a role to any word; no question can be asked of such a kind."""
    found = Facts.from_lines(SHIPPED, [Line("g3", ("role:a", word))])
    assert found.kinds("role:a") == ()


def test_reach_ends_where_a_cycle_closes() -> None:
    """Every word is reached once, the nearest first."""
    links = {"a": ("b", "c"), "b": ("d", "a"), "c": ("d",)}
    assert [*reach(links, "a")] == ["a", "b", "c", "d"]
    assert [*reach(links, "z")] == ["z"]


def test_facts_with_one_thing_changed_leave_the_facts_alone() -> None:
    """A what-if sees the change and everything else; the facts stay as they are."""
    before = facts(held("person:1", "user", "north"))
    other = grant("person:1", "boss", "north")
    new = grant("person:2", "user", "south")
    more = before.holding(other, new)
    assert more.of("person:1") == (grant("person:1", "user", "north"), other)
    assert more.of("person:2") == (new,)
    only = more.holding_only("person:1", other)
    assert only.of("person:1") == (other,)
    assert only.of("person:2") == (new,)
    linked = before.linking("g2", "north", ["south"])
    assert linked.linked("g2", "north") == ("south",)
    assert linked.linked("g2", "south") == ("root", "mode:hand")
    assert linked.links["g3"] is before.links["g3"]
    assert before == facts(held("person:1", "user", "north"))


def test_a_rule_is_taken_away_wherever_it_stands() -> None:
    """Without a rule there is no line with its words, and every other line."""
    before = facts(str(MAY_READ), "p, role:user, plan, read, deny")
    after = before.without_rule(MAY_READ)
    assert [str(rule) for rule in after.rules["p"]] == [
        "p, role:boss, plan, read, allow",
        "p, role:robot, plan, send, allow",
        "p, role:user, plan, read, deny",
    ]
    assert after.rules["p2"] == before.rules["p2"]


def test_only_what_a_question_can_name_is_an_id() -> None:
    """Rows of a database hold what no request can."""
    assert is_id("north")
    assert not is_id("a,b")


def rows(*written: str) -> list[tuple[str, str, str]]:
    """Grants as they are told from one version to the next."""
    return [(who, role, at) for who, role, at in (row(one).values for one in written)]


def test_changed_facts_share_what_is_the_same() -> None:
    """Grants come and go; rows that are none are idle."""
    mine, bad = held("person:1", "user", "north"), "g, person:1, role:user, never"
    before = facts(mine)
    after = before.changed(rows(mine), rows(held("person:2", "user", "south"), bad))
    assert after.of("person:1") == ()
    assert after.of("person:2") == (grant("person:2", "user", "south"),)
    assert after.idle == (row(bad),)
    assert (after.rules, after.links) == (before.rules, before.links)
    assert after.rules["p"] is before.rules["p"]
    again = after.changed(rows(bad, held("person:9", "user", "south")), rows(mine))
    assert again.idle == ()
    assert again.of("person:1") == (grant("person:1", "user", "north"),)
    assert again.changed((), ()).idle is again.idle


def test_a_grant_that_is_there_already_moves_to_the_end() -> None:
    """It is not held twice."""
    mine, other = held("person:1", "user", "north"), held("person:1", "boss", "north")
    after = facts(mine, other).changed((), rows(mine))
    assert after.of("person:1") == (
        grant("person:1", "boss", "north"),
        grant("person:1", "user", "north"),
    )


def test_facts_with_other_lines_keep_the_grants() -> None:
    """And those links that say the same, in the same order."""
    bad = "g, person:1, role:user, never"
    before = facts(held("person:1", "user", "north"), bad, "q, x")
    others = lines("g3, person:1, blocked", "g, , role:user, x")
    after = before.relined(SHIPPED, others)
    assert after.grants is before.grants
    assert after.links["g2"] is before.links["g2"]
    assert after.links["g4"] is before.links["g4"]
    assert after.linked("g3", "person:1") == ("blocked",)
    assert {*map(str, after.idle)} == {bad, "g, , role:user, x"}
    turned = [line for line in others if line.ptype != "g2"]
    turned += [line for line in others if line.ptype == "g2"][::-1]
    assert [*after.relined(SHIPPED, turned).links["g2"]] != [*after.links["g2"]]
    assert [*after.lines_but_grants()] != [*after.lines()]


@pytest.mark.parametrize("blank", [0, 1, 2])
def test_a_grant_with_a_blank_is_none(blank: int) -> None:
    """No question has a blank part, and no row of such a form is told by itself."""
    values = ["person:1", "role:user", "north@2026-01-01..2026-12-31"]
    values[blank] = ""
    found = Facts.from_lines(SHIPPED, [Line("g", tuple(values))])
    assert (len(found.grants), len(found.idle)) == (0, 1)
