"""Requirements on finding the rows that decide nothing (ruling K)."""

from __future__ import annotations

import pytest

from .small_world import held, row, snapshot

INERT = {
    "unknown kind of line": (
        "g5, person:1, role:user",
        "the model knows no lines of kind `g5`",
    ),
    "too few values": ("p, role:user, plan, read", "has 3 values, expected 4"),
    "too many values": (
        "g, person:1, role:user, north@2026-01-01..2026-12-31, x",
        "has 4 values, expected 3",
    ),
    "blank action": ("p, role:user, plan, , allow", "has a blank value, expected none"),
    "blank role": (
        "g, person:1, , north@2026-01-01..2026-12-31",
        "has a blank value, expected none",
    ),
    "blank parent": ("g2, north, ", "has a blank value, expected none"),
    "blank mode": ("p2, role:boss, role:user, , *", "has a blank value, expected none"),
    "rule of a role without a kind": (
        "p, role:ghost, plan, read, allow",
        "`role:ghost` has no kind of holder, so nobody can hold it",
    ),
    "power over a role without a kind": (
        "p2, role:boss, role:ghost, *, *",
        "`role:ghost` has no kind of holder, so nobody can hold it",
    ),
    "rule of a role that is no id": (
        "p, role:a@b, plan, read, allow",
        "`role:a@b` holds @, which ids cannot",
    ),
    "unknown effect": (
        "p, role:user, plan, read, dney",
        "unknown effect `dney`, expected allow or deny",
    ),
    "no domain": (
        "g, person:1, role:user, north",
        "`north` is no domain, expected ORGANISATION@FIRST-DAY..LAST-DAY",
    ),
    "no span": (
        "g, person:1, role:user, north@2026",
        "`2026` is no span of days, expected FIRST-DAY..LAST-DAY",
    ),
    "no day": (
        "g, person:1, role:user, north@2026-1-1..2026-12-31",
        "`2026-1-1` is no day, expected the form 2026-03-01",
    ),
    "ends before it begins": (
        "g, person:1, role:user, north@2026-12-31..2026-01-01",
        "`2026-12-31..2026-01-01` ends before it begins, expected the first day first",
    ),
    "unknown role": (held("person:1", "ghost", "north"), "unknown role `role:ghost`"),
    "a person with a system's role": (
        held("person:1", "robot", "north"),
        "`role:robot` is for a system, not for a person",
    ),
    "a system with a person's role": (
        held("system:1", "user", "north"),
        "`role:user` is for a person, not for a system",
    ),
    "a role with a role": (
        held("role:user", "boss", "north"),
        "`role:boss` is for a person, not for a role",
    ),
    "a holder without a kind": (
        held("anna", "user", "north"),
        "`role:user` is for a person, not for a subject without a kind",
    ),
    "a holder that cannot ask": (
        held("person:a'b", "user", "north"),
        "the holder holds ', which ids cannot",
    ),
    "a role that cannot be asked for": (
        held("person:1", "a@b", "north"),
        "`role:a@b` holds @, which ids cannot",
    ),
    "an unknown organisation": (
        held("person:1", "user", "mars"),
        "organisation `mars` is not in the register",
    ),
    "a level that the role has not": (
        held("person:1", "boss", "north-school"),
        "`role:boss` cannot be held at `north-school`, whose levels are: level:school",
    ),
    "no level at all": (
        held("person:1", "user", "north-office"),
        "`role:user` cannot be held at `north-office`, whose levels are: none",
    ),
}


@pytest.mark.parametrize(("written", "reason"), INERT.values(), ids=INERT)
def test_a_row_that_decides_nothing_is_found_with_its_reason(
    written: str, reason: str
) -> None:
    """Whatever it is that keeps it from deciding, the first reason is said."""
    made = snapshot(written, "g3, role:a@b, person", "g4, north, role:a@b")
    (found,) = (each for each in made.inert if each.line == row(written))
    assert found.reason == reason


@pytest.mark.parametrize(
    "written",
    [
        held("person:1", "user", "north"),
        held("person:1", "user", "north", "1999"),
        held("person:1", "user", "attic"),
        held("person:1", "deputy", "north"),
        held("system:1", "deputy", "north"),
        "p, role:deputy, plan, read, deny",
        "g2, north, status:passive",
        "g3, person:1, blocked",
        "g4, north, level:school",
    ],
)
def test_a_row_that_can_decide_is_not_reported(written: str) -> None:
    """Also one whose days are over, or that the register has given a level only."""
    made = snapshot(
        written,
        "g4, attic, level:school",
        "g3, role:deputy, person",
        "g3, role:deputy, system",
        "g4, level:provider, role:deputy",
    )
    assert made.inert == ()


@pytest.mark.parametrize(
    "others",
    [
        ["g2, north, ", "g2, , south"],
        ["g2, north, ", "p2, role:boss, role:user, , active"],
    ],
)
def test_a_blank_that_a_chain_leads_through_decides(others: list[str]) -> None:
    """What decides all the same is not called inert."""
    assert snapshot(*others).inert == ()


def test_inert_rows_are_listed_in_the_order_of_their_words() -> None:
    """One reason for each row."""
    rows = [held("person:1", "ghost", "mars"), "p, role:b", "q, x"]
    found = snapshot(*rows).inert
    assert [str(each.line) for each in found] == rows
