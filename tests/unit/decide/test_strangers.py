"""Requirements on imagined people."""

from __future__ import annotations

from oikeus.decide.strangers import (
    roles_giving,
    roles_grantable_by,
    roles_granting,
    stranger,
)
from oikeus.terms import Request

from .small_world import DAY, POLICY, held, snapshot


def _asked(action: str, organisation: str) -> Request:
    return Request("person:x", action, "plan", organisation)


def test_a_stranger_is_named_by_kind_and_position_of_the_role() -> None:
    """An id that is long enough for any kind, whatever the role is called."""
    made = snapshot(policy=f"{POLICY}g3, role:{'x' * 250}, person\n")
    assert stranger(made, "person") == "person:?"
    assert stranger(made, "person", "role:user") == "person:?2"
    assert stranger(made, "person", made.roles[-1]) == "person:?5"


def test_roles_that_give_an_action_are_found_with_their_kinds() -> None:
    """Each role is found for those kinds that may hold it."""
    both = snapshot("g3, role:user, system")
    assert roles_giving(both, _asked("read", "north"), DAY) == {
        "role:boss": {"person"},
        "role:user": {"person", "system"},
    }
    assert roles_giving(both, _asked("burn", "north"), DAY) == {}


def test_a_role_gives_nothing_where_it_cannot_be_held_here_or_above() -> None:
    """At the root there is no level for a user, at an office there is one above."""
    made = snapshot()
    assert roles_giving(made, _asked("read", "root"), DAY) == {}
    assert roles_giving(made, _asked("read", "mars"), DAY) == {}
    assert "role:user" in roles_giving(made, _asked("read", "north-office"), DAY)


def test_roles_that_could_grant_a_role_are_found_by_place() -> None:
    """The boss can where the mode is right, the chief never can for a user."""
    made = snapshot()
    above = made.tree.above("north-office")
    user = ["role:user"]
    assert roles_granting(made, user, "person", above, DAY) == ("role:boss",)
    assert roles_granting(made, user, "person", ("south", "root"), DAY) == ()
    assert roles_granting(made, ["role:robot"], "system", ("north",), DAY) == (
        "role:boss",
    )
    assert roles_granting(made, [], "person", above, DAY) == ()


def test_a_stranger_holds_a_role_as_high_as_it_can_be_held() -> None:
    """So that powers above the place count too, below one parent or two."""
    power = "p2, role:user, role:boss, *, *"
    for rows in ([power], [power, "g2, north-school, south"]):
        made = snapshot(*rows)
        above = made.tree.above("north-school")
        found = roles_granting(made, ["role:boss"], "person", above, DAY)
        assert found == ("role:chief", "role:user")


def test_a_place_that_no_question_can_name_is_passed_over() -> None:
    """A row of a database may put an organisation with any id above another."""
    odd = snapshot("g2, root, a'b", "g4, a'b, level:provider", "g2, a'b, mode:auto")
    places = odd.tree.above("north")
    assert "a'b" in places
    assert roles_granting(odd, ["role:user"], "person", places, DAY) == ("role:boss",)


def test_what_a_granter_may_give_is_found_for_somebody_suitable() -> None:
    """Each role is offered to somebody of its kind, registered where that is needed."""
    made = snapshot(held("person:1", "boss", "north"))
    assert roles_grantable_by(made, "person:1", "north", DAY) == (
        "role:user",
        "role:robot",
    )
    assert roles_grantable_by(made, "person:1", "south", DAY) == ()
