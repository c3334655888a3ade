"""Requirements on a version as decisions read it."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.grants import Row
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.model import Model
from oikeus.terms import Line, Names, Request

from .small_world import (
    DAY,
    SHIPPED,
    TERMS,
    held,
    lines,
    model_with,
    row,
    snapshot,
    written,
)


def test_a_snapshot_holds_everything_of_a_version() -> None:
    """Lines, model, facts, tree and names hang on it, so that it is swapped whole."""
    names = MappingProxyType({"north": Names(fi="Pohjoinen")})
    made = snapshot(held("person:1", "user", "north"), names=names, version=7)
    assert made.version == 7
    assert {*made.facts.lines()} == {*lines(held("person:1", "user", "north"))}
    assert made.model is SHIPPED
    assert made.facts.of("person:1")
    assert "north-office" in made.tree
    assert made.names["north"].fi == "Pohjoinen"
    assert made.catalogue is None
    assert made.inert == ()


def test_roles_and_kinds_are_those_that_questions_can_name() -> None:
    """Rows of a database may link any text; only ids are taken for roles and kinds."""
    made = snapshot(
        "g3, role:guest, visitor",
        "g3, role:a@b, alien",
        "g3, role:, alien",
        "g3, role:user, role",
        "g3, person:1, blocked",
    )
    assert made.roles == (
        "role:chief",
        "role:boss",
        "role:user",
        "role:robot",
        "role:tunnus",
        "role:guest",
    )
    assert made.kinds == {"person", "system", "visitor"}
    assert snapshot(policy="", tree="").kinds == frozenset()


def test_inert_rows_are_reported_with_the_version() -> None:
    """A row that decides nothing is known as soon as the version is (ruling K)."""
    (found,) = snapshot(held("person:1", "boss", "north-school")).inert
    assert str(found.line) == (
        "g, person:1, role:boss, north-school@2026-01-01..2026-12-31"
    )


OTHERS = lines()
MINE, OTHER = held("person:1", "user", "north"), held("person:2", "boss", "south")


def rows(*written: str) -> list[Row]:
    """Grants as they are told from one version to the next."""
    return [(who, role, at) for who, role, at in (row(one).values for one in written)]


CHANGES: dict[str, tuple[list[str], list[str], list[str] | None, Model | None]] = {
    "nothing": ([], [], None, None),
    "a grant less": ([MINE], [], None, None),
    "a grant more": ([], [held("person:1", "boss", "north")], None, None),
    "the same grant": ([], [MINE], None, None),
    "of an unknown kind": ([], [held("alien:1", "user", "north")], None, None),
    "of a name with marks": ([], [held("person:???", "user", "north")], None, None),
    "a place that only a grant names": (
        [],
        [held("person:1", "user", "x")],
        None,
        None,
    ),
    "no grant": ([], ["g, person:1, role:user, never"], None, None),
    "a block": ([], [], ["g3, person:1, blocked"], None),
    "a rule": ([], [], ["p, role:user, plan, read, deny"], None),
    "a power": ([], [], ["p2, role:user, role:user, *, *"], None),
    "a place": ([MINE], [held("person:1", "user", "south")], ["g2, x, south"], None),
    "a level": ([], [], ["g4, x, level:school"], None),
    "a kind": ([held("person:2", "boss", "south")], [], ["g3, role:new, alien"], None),
    "a kind, for a role that is held": ([], [], ["g3, role:user, alien"], None),
    "a model": ([], [], [], written(*TERMS, 'r.sub != "person:1"')),
    "a model that does not fold": ([], [], [], written("r.obj == p.obj")),
    "all at once": (
        [OTHER],
        [held("person:3", "user", "bare")],
        ["g3, person:1, blocked", "p, role:user, plan, send, allow"],
        written(*TERMS, "keyMatch(r.act, p.act)"),
    ),
}


def said(made: Snapshot) -> dict[object, object]:
    """What a version says about the small world."""
    asked = DecisionPoint(made)
    answers: dict[object, object] = {
        "roles": made.roles,
        "kinds": made.kinds,
        "inert": made.inert,
        "names": made.names,
        "lines": {*made.facts.lines()},
    }
    for place in ("root", "north", "north-office", "south", "bare", "x"):
        answers["who", place] = asked.who_can("read", "plan", place, DAY)
        for subject in ("person:1", "person:2", "person:3"):
            question = subject, "read", "plan", place
            answers[question] = asked.allows(*question, DAY)
            answers["decide", question] = asked.decide(Request(*question), DAY)
            answers["grant", question] = asked.may_grant(
                subject, "person:9", "user", place, DAY
            )
    return answers


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_version_that_follows_is_the_one_that_is_loaded(
    change: tuple[list[str], list[str], list[str] | None, Model | None],
) -> None:
    """And the one before stays as it was."""
    removed, added, more, model = change
    first = snapshot(MINE, OTHER, version=1)
    before = said(first)
    others = None if more is None else [*OTHERS, *map(row, more)]
    made = first.following(
        2, removed=rows(*removed), added=rows(*added), lines=others, model=model
    )
    gone = {*removed, *added}
    kept = [found for found in (MINE, OTHER) if found not in gone]
    every = [*(others or OTHERS), *map(row, (*kept, *added))]
    assert said(made) == said(Snapshot.build(model or SHIPPED, every, version=2))
    assert said(first) == before
    nobody = Snapshot.build(SHIPPED, every).nobody
    assert made.nobody == nobody


ANOTHER = 'g("person:2", "role:user", "north@2026-03-01@role:user")'
ROLES = 'g(p.sub, "role:user", "north@2026-03-01@role:user")'


@pytest.mark.parametrize(
    "term",
    [
        *(ANOTHER, f"!{ANOTHER}", ROLES, f"!{ROLES}"),
        f'(!g3(r.sub, "blocked") && !{ANOTHER})',
        f'(g3(r.sub, "blocked") || {ANOTHER})',
    ],
)
def test_a_term_about_other_grants_is_never_decided_by_former_ones(term: str) -> None:
    """A grant given or taken away counts from its version on."""
    made = snapshot(MINE, model=written(*TERMS, term), version=1)
    held_by = (held("person:2", "user", "north"), held("role:user", "user", "north"))
    known: list[str] = [MINE]
    answers = set()
    for grant in (*held_by, *held_by):
        gone = grant in known
        known = [*({*known} ^ {grant})]
        made = made.following(
            made.version + 1,
            removed=rows(grant) if gone else (),
            added=() if gone else rows(grant),
        )
        again = snapshot(*known, model=made.model)
        question = "person:1", "read", "plan", "north"
        answer = DecisionPoint(made).allows(*question, DAY)
        assert answer is DecisionPoint(again).allows(*question, DAY)
        assert answer is made.evaluator.ask(Request(*question), DAY).allowed
        answers.add(answer)
    assert answers == {True, False} or ROLES in term


def test_what_was_not_brought_stays() -> None:
    """Names are told where they changed, the catalogue where it did."""
    names = {"north": Names(fi="Pohjoinen"), "south": Names(fi="Etelä")}
    first = snapshot(names=names)
    assert first.following(1).names is first.names
    after = first.following(1, names={"south": Names(fi="Uusi")})
    assert after.names == {"north": Names(fi="Pohjoinen"), "south": Names(fi="Uusi")}
    assert after.catalogue is None
    assert first.names["south"].fi == "Etelä"


def test_a_change_of_a_grant_leaves_the_rest_shared() -> None:
    """Nothing is made anew that did not change."""
    first = snapshot(MINE)
    after = first.following(1, added=rows(OTHER))
    assert after.register is first.register
    assert after.facts.rules["p"] is first.facts.rules["p"]
    looked_up, before = after.access.looked_up, first.access.looked_up
    assert looked_up[0] is before[0]
    assert [*looked_up[1]] == ["person:2"]
    assert looked_up[2] is before[2]
    assert looked_up[3] is before[3]
    assert after.access.code is first.access.code
    relined = first.following(1, lines=[*OTHERS, row("g3, person:1, blocked")])
    assert relined.facts.grants.held == first.facts.grants.held
    assert relined.facts.links["g2"] is first.facts.links["g2"]


def test_grants_may_come_in_batches() -> None:
    """As a database streams them."""
    batches = [rows(MINE), [], rows(OTHER)]
    made = Snapshot.build(SHIPPED, OTHERS, grants=batches)
    assert said(made) == said(snapshot(MINE, OTHER))
    assert isinstance(OTHERS[0], Line)


@pytest.mark.parametrize(
    ("matcher", "reason"),
    [
        (
            'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub) && r.act == p.act',
            "without `r.sub != p.sub` whoever is named in a rule needs no grant",
        ),
        (
            "r.sub != p.sub && g3(p.sub, r.kind)",
            (
                "`g(r.sub, p.sub, r.org + '@' + r.day + '@' + p.sub)` is no term of it "
                "that must hold by itself"
            ),
        ),
        (
            (
                'r.sub != p.sub && g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub) '
                "&& regexMatch(r.act, p.act)"
            ),
            "`regexMatch(r.act, p.act)` may raise an error",
        ),
        (
            (
                'r.sub != p.sub && g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub) '
                '&& g3(r.sub, "vetted")'
            ),
            "not everybody would pass it unnamed",
        ),
    ],
)
def test_the_plan_says_why_a_model_is_slow(matcher: str, reason: str) -> None:
    """And nothing of what would be folded."""
    model = model_with(m=matcher)
    plan = Snapshot.build(model, lines(held("person:1", "user", "north"))).plan()
    slow = "slow, because each question is tried on the rules: "
    assert plan["m"][1] == slow + reason
    assert not any("loaded" in line for line in plan["m"])
    assert plan["m"][-1] == (
        "allow if one of the rules that match allows, unless one of them denies; "
        "else deny"
    )


def test_the_plan_of_the_shipped_model_is_folded() -> None:
    """Powers are asked of the rules; none of them denies."""
    plan = snapshot().plan()
    assert "when rules and grants are loaded:" in plan["m"]
    assert plan["m2"][-1] == "allow if one of the rules that match allows; else deny"
    assert not any("slow" in line for lines_ in plan.values() for line in lines_)
