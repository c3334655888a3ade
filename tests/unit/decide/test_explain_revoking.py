"""Requirements on why somebody may or may not take a right from its holder."""

from __future__ import annotations

import pytest

from oikeus.decide.decision import Cause
from oikeus.terms import Names

from .small_world import DAY, held, point

NAMES = {"north": Names(fi="Pohjoinen")}
BOSS = held("person:1", "boss", "north")


def test_who_holds_the_power_may_revoke_and_the_line_is_named() -> None:
    """By the grant that it came through."""
    decision = point(BOSS, names=NAMES).may_revoke(
        "person:1", "person:2", "user", "north-school", DAY
    )
    assert decision.allowed
    assert str(decision.rule) == "p2, role:boss, role:user, mode:auto, active"
    assert decision.grant is not None
    assert decision.grant.role == "role:boss"


@pytest.mark.parametrize("row", ["g2, north, status:passive", "g2, north, mode:hand"])
def test_neither_level_nor_mode_nor_status_stands_in_the_way(row: str) -> None:
    """E: what bars granting does not bar revoking."""
    asked = point(BOSS, row)
    places = ("north", "north-school", "north-office")
    assert all(
        asked.may_revoke("person:1", "person:2", "user", place, DAY) for place in places
    )


def test_ones_own_right_can_be_given_up() -> None:
    """E: whatever it is, and without any power."""
    decision = point().may_revoke("person:2", "person:2", "user", "north", DAY)
    assert decision.allowed
    assert decision.reason == "one may give up one's own right"
    assert (decision.rule, decision.grant) == (None, None)


@pytest.mark.parametrize(
    ("rows", "place", "reason", "granters"),
    [
        ((), "north", "the granter has no power over `user` at `north`", ["boss"]),
        (
            (held("person:1", "chief", "root"),),
            "north",
            "the granter has no power over `user` at `north`",
            ["boss"],
        ),
        (
            (BOSS, "g3, person:1, blocked"),
            "north",
            ("the subject is blocked, and denied everything until the block is lifted"),
            ["boss"],
        ),
        (
            ("g3, person:1, blocked",),
            "north",
            (
                "the granter has no power over `user` at `north`; besides, the "
                "subject is blocked"
            ),
            ["boss"],
        ),
        (
            (BOSS,),
            "south",
            "`boss` is held at `north`, not at or above `south`",
            ["boss"],
        ),
        (
            (BOSS,),
            "nowhere",
            "organisation `nowhere` is not in the register",
            [],
        ),
    ],
)
def test_a_deny_says_what_is_missing(
    rows: tuple[str, ...], place: str, reason: str, granters: list[str]
) -> None:
    """And which roles have the power here."""
    decision = point(*rows).may_revoke("person:1", "person:2", "user", place, DAY)
    assert not decision.allowed
    assert decision.reason == reason
    assert [role.removeprefix("role:") for role in decision.granters] == granters
    assert decision.roles == ("role:boss",)


def test_a_miss_is_told_with_its_cause() -> None:
    """For programs."""
    rows = ("g, person:1, role:boss, north@2026-01-01..2026-02-28",)
    decision = point(*rows).may_revoke("person:1", "person:2", "user", "north", DAY)
    assert [miss.cause for miss in decision.misses] == [Cause.ENDED]


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("chief", "no power gives `chief`: it comes from the policy files only"),
        (
            "reader",
            (
                "unknown role `reader`, expected one of `chief`, `boss`, `user`, "
                "`robot`, `tunnus`"
            ),
        ),
    ],
)
def test_what_nobody_has_power_over_nobody_revokes(role: str, reason: str) -> None:
    """But for one's own."""
    asked = point(BOSS)
    decision = asked.may_revoke("person:1", "person:2", role, "north", DAY)
    assert (decision.allowed, decision.reason) == (False, reason)
    assert decision.granters == ()
