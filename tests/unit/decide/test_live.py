"""Requirements on who can be decided about from their grants alone."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from oikeus.decide import layers
from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.evaluator import Evaluator
from oikeus.decide.grants import each
from oikeus.decide.live import Live
from oikeus.decide.matcher.deciding import Decider
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.model import Model

from .small_world import DAY, SHIPPED, TERMS, held, snapshot, written

SPAN = "2026-01-01..2026-12-31"


def live_of(made: Snapshot) -> Live | None:
    """The grants of those who are decided about from them."""
    decider = made.evaluator.matchers["m"].decider
    assert decider is not None
    return Live.of(decider, made.evaluator, made.kinds)


def live(*rows: str, model: Model = SHIPPED) -> Live:
    """The same of the small world, where there is nobody else."""
    found = live_of(snapshot(*rows, model=model))
    assert found is not None
    return found


def test_what_can_decide_is_live() -> None:
    """Whatever the grants are worth: that is looked up with the organisation."""
    found = live(
        held("person:1", "user", "north"),
        held("person:2", "user", "north"),
        held("person:2", "boss", "north-school"),
        held("person:3", "boss", "north-school"),
        held("person:4", "user", "north", "2025"),
    )
    assert {*found.held} == {f"person:{number}" for number in range(1, 5)}
    assert [one[1] for one in each(found.held["person:2"])] == [
        *("person:role:boss", "person:role:user"),
    ]
    assert found.aside == frozenset()


@pytest.mark.parametrize(
    ("row", "subject"),
    [
        ("g3, person:1, blocked", "person:1"),
        (f"g, person:1, person:1, north@{SPAN}", "person:1"),
        (held("role:user", "user", "north"), "role:user"),
        (held("alien:1", "user", "north"), "alien:1"),
        (held("nobody", "user", "north"), "nobody"),
        (held("person:a'b", "user", "north"), "person:a'b"),
    ],
)
def test_who_does_not_pass_is_aside(row: str, subject: str) -> None:
    """The blocked, those who hold themselves, and whom no question can name."""
    found = live(
        held("person:1", "user", "north"), held("person:2", "user", "north"), row
    )
    assert subject in found.aside
    assert subject not in found.held
    assert "person:2" in found.held


def test_who_is_blocked_without_a_grant_is_aside_as_well() -> None:
    """A grant may come with the next version."""
    assert live("g3, person:9, blocked").aside == {"person:9"}


@pytest.mark.parametrize(
    ("term", "aside"),
    [
        ('!g3(r.sub, "person:1")', {"person:1"}),
        ('!g3(r.sub, "person:")', set()),
        ('!g2(r.sub, "status:passive")', {"person:2"}),
        ('(!g3(r.sub, "blocked") || r.kind == "person")', set()),
        ('(g3(r.sub, "person:1") || r.kind == "person")', None),
        ('g3(r.sub, "employee")', None),
        ('g3(r.sub, "person:")', None),
        ("g3(r.sub, r.kind)", None),
    ],
)
def test_terms_about_the_subject_are_asked_once(
    term: str, aside: set[str] | None
) -> None:
    """Of those that lines or the matcher name; if others do not pass, of nobody."""
    terms = [term for term in TERMS if "blocked" not in term]
    rows = held("person:1", "user", "north"), "g2, person:2, status:passive"
    made = snapshot(
        *rows,
        "g3, person:, employee",
        "g3, person:1, employee",
        model=written(*terms, term),
    )
    found = live_of(made)
    assert (None if found is None else {*found.aside}) == aside
    assert made.access.is_folded is (aside is not None)


def test_a_model_that_asks_nothing_about_subjects_puts_nobody_aside() -> None:
    """Not even who is blocked."""
    terms = [term for term in TERMS if "blocked" not in term]
    found = live(
        held("person:1", "user", "north"),
        "g3, person:1, blocked",
        model=written(*terms),
    )
    assert "person:1" in found.held
    assert found.links == {}


def follow(made: Snapshot, added: list[str], removed: list[str] | None = None) -> Live:
    """The grants of the next version."""

    def rows(found: list[str]) -> list[tuple[str, str, str]]:
        return [
            (who, role, at) for _, who, role, at in (one.split(", ") for one in found)
        ]

    after = made.following(1, added=rows(added), removed=rows(removed or []))
    first = live_of(made)
    assert first is not None
    subjects = {one.split(", ")[1] for one in (*added, *(removed or []))}
    followed = first.following(after.evaluator, subjects)
    again = live_of(after)
    assert again is not None
    if followed is not None:
        assert dict(followed.held) == dict(again.held)
        assert followed.aside >= again.aside
    return followed or again


def test_the_next_version_differs_where_it_changed() -> None:
    """And is what would have been found from the beginning."""
    mine, other = held("person:1", "user", "north"), held("person:1", "boss", "north")
    blocked = "g3, person:5, blocked"
    made = snapshot(mine, held("person:2", "user", "south"), blocked)
    assert [one[1] for one in each(follow(made, [other]).held["person:1"])] == [
        *("person:role:boss", "person:role:user"),
    ]
    assert "person:1" not in follow(made, [], [mine]).held
    assert "person:5" not in follow(made, [held("person:5", "user", "north")]).held
    itself = f"g, person:2, person:2, north@{SPAN}"
    assert "person:2" in follow(made, [itself]).aside
    assert "alien:1" in follow(made, [held("alien:1", "user", "north")]).aside


def test_the_large_dictionary_is_shared_with_the_grants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many versions follow, and whoever is aside: it exists once."""
    monkeypatch.setattr(layers, "_FEW", 2)
    made = snapshot(
        *(held(f"person:{number}", "user", "north") for number in range(5)),
        *(f"g3, person:{number}, blocked" for number in range(4)),
    )
    found: Live | None = live_of(made)
    for number in range(1, 8):
        who = f"person:new-{number}"
        made = made.following(number, added=[(who, "role:user", f"south@{SPAN}")])
        assert found is not None
        # it is made anew of a large dictionary that was made anew
        found = found.following(made.evaluator, [who]) or live_of(made)
        assert found is not None
        assert found.held.base is made.facts.grants.held.base
        assert {*found.held} == {
            *("person:4", *(f"person:new-{each}" for each in range(1, number + 1)))
        }
        for each_one in found.held:
            assert made.decide(each_one, "read", "plan", "north", DAY.toordinal()) is (
                each_one == "person:4"
            )
    assert made.facts.grants.held.base.keys() > {f"person:{n}" for n in range(5)}


def test_many_who_are_aside_do_not_make_each_change_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More of them than the small dictionary may hold: it is not joined each time."""
    few, many, changes = 8, 20, 45
    monkeypatch.setattr(layers, "_FEW", few)
    made = snapshot(
        *(held(f"person:{number}", "user", "north") for number in range(2 * many)),
        *(f"g3, person:{number}, blocked" for number in range(many)),
    )
    asked: list[Snapshot] = []
    of = Live.of

    def counted(
        decider: Decider, evaluator: Evaluator, kinds: Collection[str]
    ) -> Live | None:
        asked.append(made)
        return of(decider, evaluator, kinds)

    monkeypatch.setattr(Live, "of", counted)
    assert made.access.is_folded
    assert len(asked) == 1
    joined = 0
    for number in range(changes):
        before, who = made, f"person:new-{number}"
        made = made.following(number, added=[(who, "role:user", f"north@{SPAN}")])
        joined += made.facts.grants.held.base is not before.facts.grants.held.base
        assert made.decide(who, "read", "plan", "north", DAY.toordinal())
        for who in ("person:0", f"person:{many - 1}"):
            assert not made.decide(who, "read", "plan", "north", DAY.toordinal())
    # once for those who are aside, too many to stay apart; then for so many changes
    assert joined == 1 + (changes - 1) // (few + 1)
    # all are looked at again only then
    assert len(asked) == 1 + joined


def test_links_that_changed_are_asked_anew() -> None:
    """Who is blocked is another matter then."""
    mine = held("person:1", "user", "north")
    made = snapshot(mine)
    first = live_of(made)
    assert first is not None
    blocked = snapshot(mine, "g3, person:1, blocked")
    assert first.following(blocked.evaluator, ()) is None


def test_who_is_aside_is_decided_about_all_the_same() -> None:
    """By the matcher as it is written: holding oneself takes no other grant away."""
    rows = held("person:1", "user", "north"), f"g, person:1, person:1, north@{SPAN}"
    asked = DecisionPoint(snapshot(*rows))
    assert asked.allows("person:1", "read", "plan", "north", DAY)
    assert not asked.allows("person:1", "send", "plan", "north", DAY)
