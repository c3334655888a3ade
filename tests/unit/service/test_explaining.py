"""What a token for some organisations is told of what is held above them."""

from __future__ import annotations

from typing import Any

import pytest

from oikeus import DecisionPoint, Line, Snapshot

from .test_besides import among, explained, hoks, power

SCHOOL = "1.2.1"
ROOT = "1.2.246.562.10.00000000001"
ABOVE = "person:{}, role:{}, 1.2@{}"

CASES: dict[str, tuple[str, Any, str, str]] = {
    "access": (
        ABOVE.format("one", "ehoks-kayttaja", "2026-01-01..2026-11-11"),
        hoks("one", SCHOOL),
        "`ehoks-kayttaja` at `1.2` until 2026-11-11, by `p, ",
        f"`ehoks-kayttaja`, held above `{SCHOOL}`, by `p, ",
    ),
    "access that ended": (
        ABOVE.format("one", "ehoks-kayttaja", "2025-01-01..2025-11-11"),
        hoks("one", SCHOOL),
        "`ehoks-kayttaja` ended on 2025-11-11",
        "`ehoks-kayttaja` has ended",
    ),
    "access that has not begun": (
        ABOVE.format("one", "ehoks-kayttaja", "2026-11-11..2026-12-31"),
        hoks("one", SCHOOL),
        "`ehoks-kayttaja` begins on 2026-11-11",
        "`ehoks-kayttaja` has not begun",
    ),
    "grant that is inert": (
        f"person:one, role:ehoks-kayttaja, {ROOT}@2026-01-01..2026-11-11",
        hoks("one", SCHOOL),
        "the grant `ehoks-kayttaja` is inert: `role:ehoks-kayttaja` cannot be held at",
        "the grant `ehoks-kayttaja` is inert",
    ),
    "power": (
        ABOVE.format("one", "ehoks-paakayttaja", "2026-01-01..2026-11-11"),
        power("one", "new", organisation=SCHOOL),
        "`ehoks-paakayttaja` at `1.2` until 2026-11-11, by `p2, ",
        f"`ehoks-paakayttaja`, held above `{SCHOOL}`, by `p2, ",
    ),
    "power that ended": (
        ABOVE.format("one", "ehoks-paakayttaja", "2025-01-01..2025-11-11"),
        power("one", "new", organisation=SCHOOL),
        "`ehoks-paakayttaja` ended on 2025-11-11",
        "`ehoks-paakayttaja` has ended",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_place_and_days_of_what_is_held_above_are_for_who_audits(
    ehoks: DecisionPoint, case: tuple[str, Any, str, str]
) -> None:
    """The role is told, for the asker to understand; so is all of what is in reach."""
    grant, body, whole, brief = case
    point = among(ehoks, grant)
    for audits, reach in ((True, ()), (True, (SCHOOL,)), (False, ())):
        reason, _ = explained(point, body, *reach, audits=audits)
        assert reason.startswith(whole)
    reason, found = explained(point, body, SCHOOL, audits=False)
    assert reason.startswith(brief)
    assert [each["text"] for each in found.get("misses", ())] in ([], [reason])
    text = f"{reason} {found}"
    assert "11-11" not in text
    assert "`1.2`" not in text


def test_place_and_days_of_what_is_in_reach_are_told(ehoks: DecisionPoint) -> None:
    """Also where it is held above the place that was asked about."""
    point = among(ehoks, CASES["access"][0])
    reason, _ = explained(point, hoks("one", SCHOOL), "1.2", audits=False)
    assert reason.startswith(CASES["access"][2])


def test_status_above_is_told_without_the_place(ehoks: DecisionPoint) -> None:
    """It bars new grants here."""
    point = among(ehoks, CASES["power"][0])
    passive = Line("g2", ("1.2", "status:passive"))
    lines = [*point.snapshot.facts.lines(), passive]
    snapshot = Snapshot.build(point.snapshot.model, lines)
    point = DecisionPoint(snapshot, today=point.today)
    body = power("one", "new", organisation=SCHOOL)
    reason, _ = explained(point, body, SCHOOL)
    assert reason == "`1.2` is `passive`: no new grants there or below"
    reason, found = explained(point, body, SCHOOL, audits=False)
    assert reason == f"what is above `{SCHOOL}` is `passive`: no new grants here"
    assert found["misses"] == [{"cause": "wrong status", "text": reason}]
