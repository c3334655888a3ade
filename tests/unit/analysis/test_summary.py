"""Requirements on summaries: how many gain and lose what, and where."""

from __future__ import annotations

from oikeus.analysis.difference import difference
from oikeus.analysis.places import Place
from oikeus.analysis.summary import AccessGroup, Concerned, PowerGroup, summarise

from ..decide.small_world import DAY, held, snapshot


def test_people_places_and_levels_are_counted() -> None:
    """By action, resource and sign; powers by role and sign."""
    rows = (
        held("person:1", "user", "north"),
        held("person:2", "user", "north-school"),
        held("system:1", "robot", "south"),
        held("person:3", "boss", "bare"),
    )
    more = (
        "p, role:user, plan, burn, allow",
        "p, role:robot, plan, burn, allow",
        "p2, role:boss, role:tunnus, *, *",
    )
    before, after = snapshot(*rows), snapshot(*rows, *more)
    found = summarise(difference(before, after, DAY), before, after)
    places = (Place("north", 2), Place("south"))
    concerned = Concerned({"person": 2, "system": 1}, places, {"level:provider": 2})
    assert found.access == (AccessGroup("+", "burn", "plan", concerned),)
    granter = Concerned({"person": 1}, (Place("bare"),), {"level:provider": 1})
    assert found.powers == (PowerGroup("+", "role:tunnus", granter),)
    back = summarise(difference(after, before, DAY), after, before)
    assert back.access == (AccessGroup("-", "burn", "plan", concerned),)
