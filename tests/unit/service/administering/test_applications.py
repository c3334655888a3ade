"""Looking at applications over HTTP: who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from .conftest import (
    AUDIT,
    ENTRY,
    ENTRY_PLACE,
    KEUDA,
    NEW,
    OFFICE,
    PAA,
    SCHOOL,
    USER,
    Desk,
)

OTHER = "person:other"


@pytest.fixture
def open_ones(desk: Desk) -> tuple[int, int, int]:
    """Two applications of NEW and one of OTHER; PAA can decide the first and third."""
    numbers = []
    for by, role, place in (
        (NEW, "ehoks-kayttaja", SCHOOL),
        (NEW, "tallentaja", ENTRY_PLACE),
        (OTHER, "ehoks-kayttaja", OFFICE),
    ):
        wish = {"role": role, "organisation": place}
        found = desk.ask("requests", wish, by=by)
        assert found.status == 201
        numbers.append(found.json["version"])
    first, second, third = numbers
    return first, second, third


def listed(desk: Desk, by: str, query: Any = (), **asked: Any) -> list[int]:  # noqa: ANN401
    """The ids of the applications that somebody sees."""
    found = desk.ask("requests", by=by, query=query, **asked)
    assert found.status == 200
    return [one["id"] for one in found.json["requests"]]


def test_own_and_decidable_applications_are_seen(
    desk: Desk, open_ones: tuple[int, int, int]
) -> None:
    """And no others."""
    first, second, third = open_ones
    assert listed(desk, NEW) == [first, second]
    assert listed(desk, PAA) == [first, third]
    assert listed(desk, ENTRY) == [second]
    assert listed(desk, USER) == []
    desk.ask(f"requests/{first}/approve", {})
    assert listed(desk, PAA) == [third]
    assert listed(desk, NEW) == [first, second]


def test_words_narrow_what_is_seen(desk: Desk, open_ones: tuple[int, int, int]) -> None:
    """By applicant, by approver, by state."""
    first, second, third = open_ones
    assert listed(desk, PAA, {"by": NEW}) == [first]
    assert listed(desk, PAA, {"to": PAA}) == [first, third]
    assert listed(desk, PAA, {"to": PAA, "by": OTHER}) == [third]
    assert listed(desk, NEW, {"by": NEW}) == [first, second]
    assert listed(desk, NEW, {"by": OTHER}) == []
    desk.ask(f"requests/{first}/withdraw", {}, by=NEW)
    assert listed(desk, NEW, {"state": "withdrawn"}) == [first]
    states = {"state": ["withdrawn", "requested"]}
    assert listed(desk, NEW, states) == [first, second]


def test_what_somebody_else_can_decide_is_for_auditors(
    desk: Desk, open_ones: tuple[int, int, int]
) -> None:
    """It would tell of their powers."""
    first, _, third = open_ones
    assert desk.ask("requests", by=NEW, query={"to": PAA}).status == 403
    assert listed(desk, NEW, {"to": PAA}, scopes=AUDIT) == [first, third]


def test_auditor_sees_all(desk: Desk, open_ones: tuple[int, int, int]) -> None:
    """Where the token reaches."""
    first, second, third = open_ones
    assert listed(desk, USER, scopes=AUDIT) == [first, second, third]
    assert listed(desk, USER, {"by": OTHER}, scopes=AUDIT) == [third]
    assert listed(desk, USER, scopes=AUDIT, organisations=(KEUDA,)) == [first, third]
    path = f"requests/{third}"
    assert desk.ask(path, by=USER, scopes=AUDIT).status == 200
    assert (
        desk.ask(path, by=USER, scopes=AUDIT, organisations=(ENTRY_PLACE,)).status
        == 404
    )
    # to look is not to decide
    found = desk.ask(f"requests/{third}/approve", {}, by=USER, scopes=AUDIT)
    assert found.status == 403


def test_pages_go_on_where_they_ended(
    desk: Desk, open_ones: tuple[int, int, int]
) -> None:
    """Until there is none."""
    first, second, third = open_ones
    page = desk.ask("requests", by=USER, scopes=AUDIT, query={"limit": 2}).json
    assert [one["id"] for one in page["requests"]] == [first, second]
    assert page["next"] == second
    query = {"limit": 2, "after": page["next"]}
    page = desk.ask("requests", by=USER, scopes=AUDIT, query=query).json
    assert [one["id"] for one in page["requests"]] == [third]
    assert page["next"] is None


def test_application_is_seen_by_its_id(
    desk: Desk, open_ones: tuple[int, int, int]
) -> None:
    """By whom it concerns; to others there is none."""
    first, *_ = open_ones
    for by in (NEW, PAA):
        found = desk.ask(f"requests/{first}", by=by)
        assert (found.status, found.json["request"]["subject"]) == (200, NEW)
    for by, number in ((USER, first), (ENTRY, first), (PAA, 1), (PAA, 999)):
        assert desk.ask(f"requests/{number}", by=by).status == 404


def test_application_lapses(desk: Desk, open_ones: tuple[int, int, int]) -> None:
    """It stands as it stands today."""
    first, *_ = open_ones
    desk.today += timedelta(days=100)
    found = desk.ask(f"requests/{first}", by=NEW)
    assert found.json["request"]["state"] == "lapsed"


@pytest.mark.parametrize(
    "query",
    [
        {"state": "unknown"},
        {"limit": 0},
        {"limit": 1001},
        {"limit": "all"},
        {"after": -1},
        {"to": ""},
        {"granter": PAA},
        [("to", PAA), ("to", PAA)],
    ],
    ids=str,
)
def test_words_that_are_not_known_are_refused(desk: Desk, query: Any) -> None:  # noqa: ANN401
    """Rather than passed over: more would be told than was asked for."""
    assert desk.ask("requests", query=query).status == 400


def test_subject_that_is_none_is_not_processed(desk: Desk) -> None:
    """Of the applicant."""
    assert desk.ask("requests", query={"by": "nobody"}).status == 422
