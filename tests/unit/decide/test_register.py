"""Requirements on what is derived of the organisations."""

from __future__ import annotations

import pytest

from oikeus.decide.register import Register
from oikeus.terms import Line

from .small_world import DAY, TREE, held, lines, point, row, snapshot


def register(*rows: str) -> Register:
    """Index the small world and further rows."""
    return Register(snapshot(*rows).facts)


def test_above_a_place_are_the_organisations_that_the_tree_leads_to() -> None:
    """The place itself first; no mode, since nothing is granted at one."""
    found = register()
    assert found.above("north-office") == (
        *("north-office", "north-school", "north", "root"),
    )
    assert found.above("south") == ("south", "root")
    assert found.above("mars") == ("mars",)


@pytest.mark.parametrize(
    ("rows", "place", "expected"),
    [
        (["g2, north-office, south"], "north-office", {"south", "north", "root"}),
        (["g2, root, south"], "south", {"root"}),
        (["g2, root, north-office"], "north", {"root", "north-office"}),
        (["g2, mode:auto, south"], "north", {"root", "south"}),
        (["g2, north, north"], "north", {"root"}),
        (["g2, loop, loop"], "loop", set()),
        (["g2, egg, hen", "g2, hen, egg"], "hen", {"egg"}),
        (["g2, south, a'b", "g2, a'b, bare"], "south", {"root", "a'b", "bare"}),
        (["g2, a'b, bare", "g2, hut, a'b"], "hut", {"a'b", "bare", "root"}),
    ],
    ids=[
        *("two parents", "cycle", "longer cycle", "mode", "itself", "only itself"),
        *("each other", "no id", "below no id"),
    ],
)
def test_a_broken_tree_is_followed_as_the_model_follows_it(
    rows: list[str], place: str, expected: set[str]
) -> None:
    """Rows of a database may be anything."""
    made = register(*rows)
    assert {*made.above(place)} >= {place, *expected}
    for other, above in made.all_above().items():
        assert {*above} == {*made.above(other)}


def test_nothing_is_kept_about_what_cannot_be_asked() -> None:
    """Modes, and words that are no ids, have no place among the organisations."""
    found = register("g2, mode:auto, south", "g2, a'b, south", "g2, , south")
    found_for = {*found.all_above()}
    assert not {"mode:auto", "a'b", ""} & found_for
    assert {"north", "north-office", "root"} <= found_for


def test_a_place_that_only_levels_or_grants_name_is_decided_about() -> None:
    """Where levels say what can be held there; and no question leaves a trace."""
    asked = point(
        held("person:1", "user", "attic"),
        "g4, attic, level:school",
        held("person:1", "user", "cellar"),
    )
    register = asked.snapshot.register
    before = register.all_above()
    assert before["attic"] == ("attic",)
    assert "cellar" not in before
    assert "attic" in register
    assert "cellar" not in register
    assert asked.allows("person:1", "read", "plan", "attic", DAY)
    for place in ("cellar", "mars"):
        assert not asked.allows("person:1", "read", "plan", place, DAY)
    assert register.all_above() == before


def test_a_role_can_be_held_where_a_level_leads_to_it() -> None:
    """As the chain of g4 goes: organisation, level, role, and no further."""
    found = register(
        "g4, level:provider, level:more",
        "g4, level:more, role:robber",
        "g4, bare, role:x",
    )
    assert found.can_hold("north", "role:user")
    assert not found.can_hold("root", "role:user")
    assert not found.can_hold("mars", "role:user")
    assert not found.can_hold("north", "role:robber")
    assert found.can_hold("bare", "role:x")
    assert found.can_hold("mars", "mars")
    assert found.roles_at("north") == {
        *("level:provider", "level:more"),
        *("role:boss", "role:user", "role:robot", "role:tunnus"),
    }
    assert found.roles_at("mars") == frozenset()


def test_the_register_of_one_version_serves_the_next() -> None:
    """As long as the lines on organisations are the same."""
    first = snapshot(held("person:1", "user", "north"))
    unlike = [line for line in lines() if line.ptype != "g"]
    moved = first.following(1, added=[("person:2", "role:user", "south@x")])
    assert moved.register is first.register
    assert first.following(2, lines=unlike).register is first.register
    new = [*unlike, row("g2, new, north")]
    assert first.following(3, lines=new).register is not first.register
    leveled = [*unlike, row("g4, bare, level:school")]
    assert first.following(4, lines=leveled).register is not first.register


def test_the_tree_upside_down_and_in_its_order() -> None:
    """What stands below each word; only organisations have a place in the order."""
    found = register("g2, a'b, north")
    assert {*found.below["north"]} == {"north-school", "a'b"}
    assert found.below["mode:auto"] == ("north",)
    assert [*found.order] == [
        *("root", "north", "south", "bare", "north-school", "north-office"),
    ]
    assert Line("g2", ("south", "root")) in [*map(row, TREE.splitlines())]
