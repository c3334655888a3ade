"""How far what is decided by is known to be what is in force."""

from dataclasses import replace

import pytest

from oikeus import (
    Freshness,
    Mark,
    OtherHistoryError,
    OutdatedError,
    Standing,
    StoreError,
)

MARK = Mark(7, "ab" * 32)
FRESH = Freshness(MARK, 100.0, max_stale=60.0)


def test_a_node_at_the_head_is_current() -> None:
    """Whatever the hour: only a limit that passes changes that."""
    assert (FRESH.version, FRESH.age(130.0), FRESH.age(90.0)) == (7, 30.0, 0.0)
    assert FRESH.standing(159.9) is Standing.CURRENT
    assert FRESH.is_ready(159.9)
    endless = replace(FRESH, max_stale=None)
    assert endless.standing(1e9) is Standing.CURRENT
    endless.check(1e9)


def test_a_node_without_its_database_is_behind_and_ready() -> None:
    """Else all of them would be gone with it."""
    behind = replace(FRESH, failure="away")
    assert behind.standing(159.9) is Standing.BEHIND
    assert behind.is_ready(159.9)
    behind.check(159.9)


def test_a_node_that_met_another_history_decides_and_is_not_ready() -> None:
    """Until its limit passes, as for any that has lost its own history."""
    foreign = replace(FRESH, failure="another history", foreign=Mark(5, "c" * 64))
    assert foreign.standing(159.9) is Standing.FOREIGN
    assert not foreign.is_ready(159.9)
    foreign.check(159.9)
    assert foreign.standing(160.0) is Standing.OUTDATED


def test_a_look_that_failed_is_told_with_its_kind() -> None:
    """A history that was met counts until the head can be taken in."""
    met = FRESH.failing(OtherHistoryError("7:ab", 6, "cd"))
    assert (met.cause, met.foreign) == (OtherHistoryError, Mark(6, "cd"))
    away = met.failing(StoreError("away"))
    assert (away.failure, away.cause, away.foreign) == ("away", StoreError, met.foreign)
    assert (away.mark, away.reached, away.max_stale) == (MARK, 100.0, 60.0)
    assert FRESH.failing(StoreError("away")).standing(110.0) is Standing.BEHIND


def test_a_node_that_was_too_long_without_the_head_decides_nothing() -> None:
    """From the moment on at which the limit has passed."""
    assert FRESH.is_outdated(160.0)
    assert FRESH.standing(160.0) is Standing.OUTDATED
    assert not FRESH.is_ready(160.0)
    with pytest.raises(OutdatedError) as refused:
        FRESH.check(161.0)
    assert (refused.value.version, refused.value.age) == (7, 61.0)
    assert refused.value.max_stale == 60.0
    assert str(refused.value) == (
        "version 7 was last seen to be in force 61 seconds ago, expected 60 at most: "
        "nothing is decided until the database can be followed again"
    )


def test_a_mark_is_shown_as_number_and_digest() -> None:
    """When it was made does not tell it from another."""
    assert str(Mark(7, "ab")) == "7:ab"
    assert Mark(7, "ab", "2026") == Mark(7, "ab")
