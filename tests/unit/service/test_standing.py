"""What the log says of how a process stands to its database."""

import logging
import os
from dataclasses import replace
from time import monotonic

import pytest

from oikeus import (
    Freshness,
    Mark,
    ModelError,
    OtherHistoryError,
    RequestError,
    StoreError,
)
from oikeus.service.standing import StandingLog

FRESH = Freshness(Mark(7, "ab" * 32), 0.0)
AWAY = FRESH.failing(StoreError("the database is away"))
MET = FRESH.failing(OtherHistoryError("7:abab", 6, "cdcd"))
ODD = FRESH.failing(ModelError("the line of person:1 is odd"))
GONE = FRESH.failing(RequestError("the organisation is gone"))
OUTDATED = "outdated: decides nothing any more, the last was version 7"
STUCK = replace(FRESH, max_stale=1.0, reached=monotonic() - 5.0)


def said(caplog: pytest.LogCaptureFixture, *notes: Freshness) -> list[tuple[int, str]]:
    """The levels and texts of lines, without their beginning."""
    log = StandingLog()
    with caplog.at_level(logging.INFO, "oikeus.service"):
        for freshness in notes:
            log.note(freshness)
    begin = f"process {os.getpid()} is "
    assert all(line.getMessage().startswith(begin) for line in caplog.records)
    return [
        (line.levelno, line.getMessage().removeprefix(begin)) for line in caplog.records
    ]


def test_each_change_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """However often one looks, and not before there is one."""
    later = replace(AWAY, failure="the database is still away")
    newer = replace(FRESH, mark=Mark(8, "cd" * 32))
    notes = FRESH, AWAY, AWAY, later, FRESH, newer, newer, AWAY
    away = "behind: goes on deciding by version 7: the database is away"
    assert said(caplog, *notes) == [
        (logging.WARNING, away),
        (logging.INFO, "current: decides by version 7"),
        (logging.WARNING, away),
    ]


def test_another_reason_is_said_too(caplog: pytest.LogCaptureFixture) -> None:
    """Not with each look: a text may hold what is another each time."""
    now = FRESH.reached
    log = StandingLog(clock=lambda: now)
    with caplog.at_level(logging.INFO, "oikeus.service"):
        for seconds, failure in (
            *((0, "away"), (5, "locked"), (9, "away"), (10, "locked"), (11, "locked")),
            *((19, "away"), (20, "away"), (21, "away")),
        ):
            now = FRESH.reached + seconds
            log.note(replace(AWAY, failure=failure))
    said = [line.getMessage().rpartition(": ")[2] for line in caplog.records]
    assert said == ["away", "locked", "away"]


def test_every_standing_is_said_with_its_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error that may quote the policy is said by its kind alone."""
    history = (
        "the database has another history: its head is version 6 (`cdcd`), and version "
        "7 (`abab`) is not in it; where that is meant, the owner accepts it with "
        "`oikeus db accept`"
    )
    outdated = replace(STUCK, failure=AWAY.failure, cause=AWAY.cause)
    assert said(caplog, MET, ODD, GONE, STUCK, outdated) == [
        (
            logging.WARNING,
            f"foreign: not ready, and goes on deciding by version 7: {history}",
        ),
        (logging.WARNING, "behind: goes on deciding by version 7: ModelError"),
        (
            logging.WARNING,
            "behind: goes on deciding by version 7: the organisation is gone",
        ),
        (logging.WARNING, OUTDATED),
        (
            logging.WARNING,
            f"{OUTDATED}: the database is away",
        ),
    ]
