"""Requirements on dates in the log: which version when, and which brought a line."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from oikeus.errors import RequestError, StoreError
from oikeus.store import Change, Store, recording
from oikeus.store.adapter import Adapter
from oikeus.terms import Line

Commit = Callable[..., int]

SPAN = "1@2026-01-01..2026-12-31"
GRANTS = [Line("g", (f"person:{n}", "role:a", SPAN)) for n in range(4)]
RULES = [Line("p", (f"role:{n}", "hoks", "read", "allow")) for n in range(3)]
BEGIN = datetime(2026, 3, 29, tzinfo=UTC)
HOURS = (0, 1, 1, 1, 3, 7, 7, 8, 12)


@pytest.fixture
def dated(store: Store, commit: Commit, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A version at each of these hours; some at the same."""
    for number, hours in enumerate(HOURS):
        time = (BEGIN + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        clocks = dict.fromkeys(("sqlite", "postgresql"), f"'{time}'")
        monkeypatch.setattr(recording, "_CLOCKS", clocks)
        commit(store, catalogue=f"c{number}")
    return store


def test_version_at_an_instant_is_the_last_not_after_it(dated: Store) -> None:
    """Of versions at the same time the last; 0 before the first."""
    for minutes in range(-90, 15 * 60, 30):
        instant = BEGIN + timedelta(minutes=minutes)
        expected = sum(hours * 60 <= minutes for hours in HOURS)
        assert dated.version_at(instant) == expected, instant
    assert dated.version_at(BEGIN - timedelta(microseconds=1)) == 0
    assert dated.version_at(datetime.max.replace(tzinfo=UTC)) == len(HOURS)


def test_version_at_an_instant_without_an_offset_is_refused(dated: Store) -> None:
    """Nobody knows when that is."""
    with pytest.raises(RequestError):
        dated.version_at(datetime(2026, 3, 29))  # noqa: DTZ001 # that is the case


def test_empty_database_has_no_version_at_any_time(store: Store) -> None:
    """Nothing is not an error here."""
    assert store.version_at(BEGIN) == 0


def test_version_is_found_by_its_number(store: Store, commit: Commit) -> None:
    """As `versions` gives it, whatever it did."""
    commit(store, add=(*GRANTS, *RULES))
    commit(store, remove=tuple(RULES[:2]), catalogue="c")
    assert tuple(map(store.version, (1, 2))) == store.versions()
    for number, problem in (
        (3, "there is no version 3, expected one of `oikeus log`"),
        (0, "there is no version of"),
    ):
        with pytest.raises(StoreError, match=problem):
            store.version(number)


def brought(store: Store, line: Line, number: int) -> int | None:
    """The number of the version that brought a line."""
    return store.brought_by(line, number)


def test_line_was_brought_by_the_last_version_that_added_it(
    store: Store, commit: Commit
) -> None:
    """As of any version, however often it went and came again."""
    line = GRANTS[0]
    commit(store, add=(*GRANTS[1:], line))
    commit(store, catalogue="c")
    commit(store, remove=(line,))
    commit(store, add=(RULES[0],))
    commit(store, add=(line,))
    commit(store, remove=(GRANTS[1],))
    assert [brought(store, line, number) for number in range(1, 7)] == [
        *(1, 1, None, None, 5, 5)
    ]
    assert brought(store, GRANTS[1], 5) == 1
    assert brought(store, GRANTS[1], 6) is None
    assert brought(store, RULES[1], 6) is None
    with pytest.raises(StoreError):
        store.brought_by(line, 7)


def test_line_that_changed_its_place_was_brought_before(
    store: Store, commit: Commit
) -> None:
    """To stand elsewhere is not to come."""
    one, two, three = RULES
    commit(store, add=(one, two, three))
    commit(store, add=(GRANTS[0],))
    for _ in range(2):
        with store.writing() as writer:
            change = Change("casbin", "os:me", "by turns")
            writer.commit(change, in_place={one: two, two: one})
    assert [brought(store, one, number) for number in (1, 2, 3, 4)] == [1] * 4


def test_line_of_an_adapter_is_found_and_one_behind_the_log_is_not(
    store: Store, adapter: Adapter
) -> None:
    """The log tells only what it holds."""
    adapter.add_policy("g", "g", list(GRANTS[0].values))
    assert brought(store, GRANTS[0], 1) == 1
    with store.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO casbin_rule (ptype, v0, v1) VALUES ('g', 'person:x', 'role:a')"
        )
    assert brought(store, Line("g", ("person:x", "role:a")), 1) is None
    assert brought(store, Line("\N{REPLACEMENT CHARACTER}g", ("x",)), 1) is None
