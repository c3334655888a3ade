"""The days of imported rights are stated, and follow what is in force."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from oikeus import RequestError, Store

from .conftest import Take, at, grants, holder

READER = holder("9", at("1.1", "READ"))
Commit = Callable[..., int]


def days(store: Store) -> list[str]:
    """The spans of the grants in force that no file holds."""
    return [grant.partition("@")[2] for grant in grants(store)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "2026-03-01..2027-02-28"),
        ({"first": date(2026, 1, 1)}, "2026-01-01..2026-12-31"),
        ({"last": date(2031, 5, 5)}, "2026-03-01..2031-05-05"),
        (
            {"first": date(2020, 1, 1), "last": date(2020, 1, 1)},
            "2020-01-01..2020-01-01",
        ),
    ],
)
def test_days_are_stated_and_not_capped(
    loaded: Store, take: Take, told: dict[str, Any], expected: str
) -> None:
    """Else from today for as long as the role lasts by default (ruling H)."""
    take([READER], **told)
    assert days(loaded) == [expected]


def test_system_gets_the_days_of_its_role(loaded: Store, take: Take) -> None:
    """Its registration ends no earlier."""
    take([holder("9", at("1.1", "MOVE"), type="SERVICE")])
    assert days(loaded) == ["2026-03-01..2099-12-31"] * 2


@pytest.mark.parametrize(
    ("found", "told", "expected"),
    [
        (
            READER,
            {"last": date(2026, 2, 28)},
            (
                "the import would begin on 2026-03-01 and end on 2026-02-28, expected "
                "a last day that is not before the first"
            ),
        ),
        (
            holder("9", at("1.1", "MOVE"), type="SERVICE"),
            {"first": date(2100, 1, 1)},
            (
                "`robot` would begin on 2100-01-01 and end on 2099-12-31, expected a "
                "last day that is not before the first"
            ),
        ),
    ],
)
def test_rights_cannot_end_before_they_begin(
    take: Take, found: dict[str, Any], told: dict[str, Any], expected: str
) -> None:
    """Neither as stated nor by default."""
    with pytest.raises(RequestError) as refusal:
        take([found], **told)
    assert str(refusal.value) == expected


def test_right_in_force_is_left_alone_until_it_ends(loaded: Store, take: Take) -> None:
    """The day after its last one it is given anew."""
    assert take([READER]).version == 3
    assert take([READER], today=date(2027, 2, 28)).version == 3
    assert take([READER], today=date(2027, 2, 28), last=date(2030, 1, 1)).version == 3
    assert take([READER], today=date(2027, 3, 1)).version == 4
    assert days(loaded) == ["2026-03-01..2027-02-28", "2027-03-01..2028-02-29"]


def give(store: Store, commit: Commit, spans: Iterable[str]) -> None:
    """Give the right of the reader by hand."""
    commit(store, add=tuple(("g", "person:9", "role:clerk", f"1.1@{s}") for s in spans))


def test_right_that_somebody_gave_is_left_alone(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """Whoever did, and whatever days they chose."""
    give(loaded, commit, ["2025-12-01..2026-03-01"])
    assert (take([READER]).version, take([READER]).plan.unchanged) == (3, 1)


def test_right_that_begins_later_is_not_overlapped(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """The import ends on the day before, and does nothing the next time."""
    later = ["2026-06-01..2026-12-31", "2027-01-01..2027-06-30"]
    give(loaded, commit, [*later, "2025-01-01..2025-12-31"])
    take([READER])
    assert days(loaded)[-1] == "2026-03-01..2026-05-31"
    assert take([READER]).plan.unchanged == 1
    # what begins after the imported right has ended is no matter
    take([READER], first=date(2024, 1, 1), last=date(2024, 6, 30))
    assert days(loaded)[-1] == "2024-01-01..2024-06-30"


def test_equal_right_is_that_of_role_and_organisation(
    loaded: Store, take: Take, commit: Commit
) -> None:
    """Another role, or the same one above, is another right."""
    rows = (
        ("g", "person:9", "role:head", "1.1@2026-01-01..2026-12-31"),
        ("g", "person:9", "role:clerk", "1.2@2026-01-01..2026-12-31"),
    )
    commit(loaded, add=rows)
    assert len(take([READER]).plan.added) == 1
