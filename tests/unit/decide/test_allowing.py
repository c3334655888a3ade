"""Requirements on `allows`, which follows the current version."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from oikeus.decide import allowing as module
from oikeus.decide.allowing import (
    Allowing,
    Allows,
    checked_day,
    ordinal,
    today_in_finland,
)
from oikeus.errors import RequestError
from oikeus.policy.model import Model

from .small_world import DAY, SHIPPED, TERMS, held, snapshot, without, written

QUESTION = ("person:1", "read", "plan", "north")
TRYING = written(*without("r.act == p.act"), "keyMatch(r.act, p.act)")
WRITTEN = written(*TERMS, "regexMatch(r.act, p.act)")
GRANT = held("person:1", "user", "north")


def allowing(*rows: str, model: Model = SHIPPED) -> Allowing:
    """Decide by the small world, on DAY."""
    return Allowing(snapshot(*rows, model=model), lambda: DAY)


MODELS = {"folded": SHIPPED, "with a rest": TRYING, "not folded": WRITTEN}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_without_a_day_it_is_today(model: Model) -> None:
    """A day may be given, by place or by name."""
    allows = allowing(GRANT, model=model).allows
    assert allows(*QUESTION)
    assert allows(*QUESTION, DAY)
    assert allows(
        subject="person:1", action="read", resource="plan", organisation="north", at=DAY
    )
    assert not allows(*QUESTION, at=date(2025, 3, 1))
    assert not allows(*QUESTION, date(2027, 1, 1))


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01", 20_000, 0, False]
)
def test_what_is_no_day_is_refused(model: Model, day: object) -> None:
    """A datetime too: it lies in no day of its own."""
    allows = allowing(GRANT, model=model).allows
    with pytest.raises(RequestError) as refused:
        allows(*QUESTION, day)  # type: ignore[arg-type] # as a caller may
    assert str(refused.value) == (
        "the day decided for is no day, expected a date without a time"
    )


def test_days_are_counted() -> None:
    """From the first that the calendar has."""
    assert ordinal(date(1, 1, 1)) == 1
    assert checked_day(DAY) is DAY


def test_a_function_that_was_kept_follows() -> None:
    """Grants, rules and the tree of the version that is current when it is asked."""
    current = allowing(GRANT)
    kept = current.allows
    current.publish(snapshot())
    assert not kept(*QUESTION)
    current.publish(snapshot(GRANT, "p, role:user, plan, read, deny"))
    assert not kept(*QUESTION)
    current.publish(
        snapshot(held("person:1", "user", "root"), "g4, root, level:school")
    )
    assert kept(*QUESTION)
    assert current.snapshot.facts.of("person:1")[0].organisation == "root"


def test_it_stays_the_same_function_as_long_as_the_form_does() -> None:
    """Then nothing is to be looked up anew by those who keep it."""
    current = allowing(GRANT)
    kept = current.allows
    current.publish(snapshot())
    assert current.allows is kept
    current.publish(snapshot("p, role:user, plan, read, deny"))
    assert current.allows is not kept


@pytest.mark.parametrize("first", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("second", MODELS.values(), ids=MODELS)
def test_a_model_of_another_form_reaches_those_who_kept_the_function(
    first: Model, second: Model
) -> None:
    """There and back again, and with what changed besides."""
    current = allowing(GRANT, model=first)
    kept: list[Allows] = [current.allows]
    for made, expected in (
        (snapshot(GRANT, model=second), True),
        (snapshot(model=second), False),
        (snapshot(model=first), False),
        (snapshot(GRANT, model=first), True),
    ):
        current.publish(made)
        kept.append(current.allows)
        for allows in kept:
            assert allows(*QUESTION) is expected
            assert allows(*QUESTION, DAY) is expected
            with pytest.raises(RequestError):
                allows("person:1", "", "plan", "north")


class Clock:
    """Seconds since 1970, and Finland's day at that time."""

    def __init__(self, *when: int) -> None:
        self.now = 0.0
        self.looks = 0
        self.set(*when)

    def set(self, *when: int) -> None:
        """Set the clock to a time in Finland."""
        year, month, day, hour, minute, second = (*when, 0, 0, 0)[:6]
        zone = ZoneInfo("Europe/Helsinki")
        time = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        self.now = time.timestamp()

    def today(self) -> date:
        """Look at the calendar."""
        self.looks += 1
        return datetime.fromtimestamp(self.now, ZoneInfo("Europe/Helsinki")).date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the decision point goes by; it is Finland's."""
    made = Clock(2026, 3, 28, 12)
    monkeypatch.setattr(module, "time", lambda: made.now)
    monkeypatch.setattr(module, "today_in_finland", made.today)
    return made


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25), (2026, 6, 1)])
def test_the_calendar_is_looked_at_once_a_day(
    clock: Clock, day: tuple[int, int, int]
) -> None:
    """A day begins at midnight in Finland, and may have 23 or 25 hours."""
    row = held("person:1", "user", "north", f"{date(*day)}..{date(*day)}")
    clock.set(*day, 12)
    allows = Allowing(snapshot(row), module.today_in_finland).allows
    for hour, minute in ((0, 0), (0, 1), (3, 30), (12, 0), (23, 59)):
        clock.set(*day, hour, minute)
        assert allows(*QUESTION)
    assert clock.looks == 1
    clock.set(*day)
    clock.now -= 1
    assert not allows(*QUESTION)
    clock.set(*day[:2], day[2], 23, 59, 59)
    clock.now += 1
    assert not allows(*QUESTION)
    clock.set(*day, 5)
    assert allows(*QUESTION)
    assert clock.looks == 4


def test_another_clock_is_looked_at_each_time() -> None:
    """Nobody knows when its day ends."""
    days = iter([date(2025, 1, 1), DAY, date(2027, 1, 1)])
    allows = Allowing(snapshot(GRANT), lambda: next(days)).allows
    assert [allows(*QUESTION) for _ in range(3)] == [False, True, False]


def test_by_default_today_is_finlands() -> None:
    """Whatever day that is."""
    today = today_in_finland()
    row = held("person:1", "user", "north", f"{today}..9999-12-31")
    allows = Allowing(snapshot(row), today_in_finland).allows
    assert allows(*QUESTION)
    assert allows(*QUESTION)
