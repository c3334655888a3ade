"""Ruling H: how long a grant lasts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.policy.validity import Ending


@pytest.mark.parametrize(
    ("first", "ending", "last"),
    [
        ("2026-03-01", "P1Y", "2027-02-28"),
        ("2027-03-01", "P1Y", "2028-02-29"),
        ("2028-02-29", "P1Y", "2029-02-28"),
        ("2028-03-01", "P1Y", "2029-02-28"),
        ("2026-01-01", "P1Y", "2026-12-31"),
        ("2026-12-31", "P1Y", "2027-12-30"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2026-01-29", "P1M", "2026-02-28"),
        ("2026-01-28", "P1M", "2026-02-27"),
        ("2026-03-01", "P1M", "2026-03-31"),
        ("2026-08-15", "P6M", "2027-02-14"),
        ("2026-07-01", "P6M", "2026-12-31"),
        ("2026-12-01", "P1M", "2026-12-31"),
        ("2026-03-01", "P1D", "2026-03-01"),
        ("2026-02-01", "P30D", "2026-03-02"),
        ("2026-03-01", "2099-12-31", "2099-12-31"),
        ("2026-03-01", "2026-02-01", "2026-02-01"),
        ("9999-06-01", "P1Y", "9999-12-31"),
        ("9999-12-31", "P30D", "9999-12-31"),
    ],
)
def test_last_day(first: str, ending: str, last: str) -> None:
    """A period ends on the day before its anniversary, a set day is as it is."""
    assert Ending.parse(ending).last_day(date.fromisoformat(first)) == (
        date.fromisoformat(last)
    )


@settings(deadline=None)
@given(first=st.dates(max_value=date(9000, 1, 1)), years=st.integers(1, 99))
def test_years_end_just_before_they_come_round(first: date, years: int) -> None:
    """The day after the last day is the anniversary, or 1 March for 29 February."""
    last = Ending.parse(f"P{years}Y").last_day(first)
    after = date.fromordinal(last.toordinal() + 1)
    try:
        expected = first.replace(year=first.year + years)
    except ValueError:
        expected = date(first.year + years, 3, 1)
    assert after == expected


@settings(deadline=None)
@given(
    first=st.dates(max_value=date(9000, 1, 1)),
    months=st.integers(1, 600),
)
def test_more_months_never_end_earlier(first: date, months: int) -> None:
    """A longer period ends later, whatever the lengths of months."""
    shorter = Ending.parse(f"P{months}M").last_day(first)
    assert first <= shorter <= Ending.parse(f"P{months + 1}M").last_day(first)


@pytest.mark.parametrize(
    "text",
    ["", "P", "P1", "1Y", "P0Y", "P01Y", "P1W", "P1Y6M", "p1y", "P10000D", " P1Y"],
)
def test_what_is_neither_period_nor_day_is_refused(text: str) -> None:
    """The text says which forms there are."""
    with pytest.raises(ValueError, match=r"is no day.*P1Y, P6M or P30D"):
        Ending.parse(text)


def test_a_day_that_the_calendar_lacks_is_refused() -> None:
    """2026 has no 29 February."""
    with pytest.raises(ValueError, match="is no day of the calendar"):
        Ending.parse("2026-02-29")


@pytest.mark.parametrize(
    ("one", "other", "exceeds"),
    [
        ("P2Y", "P1Y", True),
        ("P1Y", "P1Y", False),
        ("P12M", "P1Y", False),
        ("P13M", "P1Y", True),
        ("P31D", "P1M", False),
        ("P32D", "P1M", True),
        ("2099-12-31", "2098-12-31", True),
        ("2098-12-31", "2099-12-31", False),
        ("P99Y", "2027-12-31", False),
        ("2099-12-31", "P1Y", False),
    ],
)
def test_one_ending_exceeds_another(one: str, other: str, *, exceeds: bool) -> None:
    """It does so only when it ends later whatever the first day."""
    assert Ending.parse(one).exceeds(Ending.parse(other)) is exceeds


def test_an_ending_is_written_as_it_was_read() -> None:
    """What people wrote is what they are shown."""
    assert str(Ending.parse("P6M")) == "P6M"
