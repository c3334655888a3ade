"""Moments as people write them, and the days of Europe/Helsinki."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from oikeus import Moment, RequestError, instant_of, parse_moment
from oikeus.moments import begins, day_of, ends

EET, EEST = timezone(timedelta(hours=2)), timezone(timedelta(hours=3))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7", 7),
        ("0", 0),
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T09:30:00+02:00", datetime(2026, 3, 1, 9, 30, tzinfo=EET)),
        ("2026-03-01T09:30+0200", datetime(2026, 3, 1, 9, 30, tzinfo=EET)),
        ("2026-03-01 09:30:00.25Z", datetime(2026, 3, 1, 9, 30, 0, 250_000, UTC)),
    ],
)
def test_moment_is_a_version_a_day_or_an_instant(text: str, moment: Moment) -> None:
    """As people and programs write them."""
    assert parse_moment(text) == moment
    assert type(parse_moment(text)) is type(moment)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "`` is no moment, expected a version such as 7, a day such as 2026-03-01"),
        ("head", "`head` is no moment, expected a version"),
        ("-1", "`-1` is no moment"),
        ("\u0667", "`\u0667` is no moment"),
        ("2026-3-1", "`2026-3-1` is no moment"),
        ("2026-02-30", "`2026-02-30` is no day of the calendar"),
        ("2026-03-01T09:30", "`2026-03-01T09:30` has no offset, expected a version"),
        ("2026-03-01T25:30Z", "`2026-03-01T25:30Z` is no instant of the calendar"),
        ("0001-01-01T00:00+02:00", "is no instant of the calendar"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, problem: str) -> None:
    """With the forms that are expected."""
    with pytest.raises(ValueError, match=r"^`") as caught:
        parse_moment(text)
    assert problem in str(caught.value)


def test_a_day_means_its_end_in_helsinki() -> None:
    """The last instant that the log can tell from the next day's first."""
    end = datetime(2026, 3, 1, 21, 59, 59, 999_999, UTC)
    assert instant_of(date(2026, 3, 1)) == end
    assert instant_of(date(2026, 7, 1)).hour == 20
    assert instant_of(datetime(2026, 3, 1, 9, tzinfo=EET)).hour == 7
    assert instant_of(date.max).date() == date.max


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        (True, "the moment is True, expected a version"),
        ("2026", "the moment is '2026', expected a version"),
        (datetime(2026, 3, 1), "the instant 2026-03-01T00:00:00 has no offset"),  # noqa: DTZ001 # that is the case
    ],
)
def test_what_means_no_instant_is_refused(moment: object, problem: str) -> None:
    """Nobody knows when it is."""
    with pytest.raises(RequestError) as caught:
        instant_of(moment)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_days_are_as_long_as_the_clocks_make_them(day: date, hours: int) -> None:
    """When they are put forward a day has 23 hours, when they are put back 25."""
    assert ends(day) - begins(day) == timedelta(hours=hours)
    assert ends(day) == begins(day + timedelta(days=1))
    assert day_of(begins(day)) == day_of(instant_of(day)) == day


def test_days_of_the_calendars_ends_are_no_error() -> None:
    """The first begins, and the last ends, where the calendar does."""
    assert begins(date.min) == datetime.min.replace(tzinfo=UTC)
    assert day_of(datetime.max.replace(tzinfo=UTC)) == date.max
