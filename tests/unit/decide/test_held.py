"""Requirements on what lines say of a subject and a place."""

from __future__ import annotations

import pytest

from oikeus.decide.held import grant_behind, held_here, is_blocked, is_known

from .small_world import DAY, grant, held, row, snapshot

RULE = row("p, role:user, plan, read, allow")


def test_what_is_held_here_covers_the_place_on_the_day_and_counts() -> None:
    """Grants elsewhere, on other days, of the wrong kind or level are left out."""
    made = snapshot(
        held("person:1", "user", "north-school"),
        held("person:1", "user", "north"),
        held("person:1", "user", "south"),
        held("person:1", "user", "north", "2025"),
        held("person:1", "boss", "north-school"),
        held("person:1", "robot", "north"),
    )
    assert [*held_here(made, "person:1", "north-office", DAY)] == [
        grant("person:1", "user", "north-school"),
        grant("person:1", "user", "north"),
    ]


def test_the_grant_behind_a_rule_is_of_the_role_of_the_rule() -> None:
    """It is the first that covers the place; there may be none."""
    made = snapshot(
        held("person:1", "boss", "north"), held("person:1", "user", "north")
    )
    found = grant_behind(made, "person:1", RULE, "north-office", DAY)
    assert found == grant("person:1", "user", "north")
    assert grant_behind(made, "person:1", RULE, "south", DAY) is None


def test_a_subject_is_blocked_by_a_line_of_its_own() -> None:
    """A chain leads nowhere: only a subject's own line blocks it (ruling N)."""
    made = snapshot(
        "g3, person:1, blocked", "g3, person:2, dismissed", "g3, dismissed, blocked"
    )
    assert is_blocked(made, "person:1")
    assert not is_blocked(made, "person:2")
    assert not is_blocked(made, "person:3")


@pytest.mark.parametrize(
    ("place", "expected"),
    [("root", True), ("north-office", True), ("attic", True), ("mars", False)],
)
def test_a_place_is_known_in_the_tree_or_by_its_level(
    place: str, expected: object
) -> None:
    """A level without a place in the tree is enough for a grant to count there."""
    assert is_known(snapshot("g4, attic, level:school"), place) is expected
