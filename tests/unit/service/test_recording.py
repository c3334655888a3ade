"""Records in a thread of their own: bounded, and never silent about what is missing."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from unittest.mock import Mock

import pytest

from oikeus import (
    DecisionRecord,
    Dropped,
    Effect,
    Grant,
    Line,
    PowerRequest,
    Pseudonyms,
    Request,
    Span,
)
from oikeus.decide.record import read_records
from oikeus.service import recording
from oikeus.service.callers import Caller
from oikeus.service.node import Decided, Together
from oikeus.service.problems import HttpError
from oikeus.service.record_queue import Counts, Full
from oikeus.service.recording import Recorder

TIME = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = date(2026, 3, 1)
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
CALLER = Caller("token:1", "system:app", frozenset())
ASKED = Request("person:a", "read", "file", "1.1")
PLAIN = Decided("0", TIME, CALLER, ASKED, DAY, allowed=False, version=3)

TOGETHER = Together("0", 0, TIME, CALLER, DAY, 3, [(*ASKED,)] * 2, [True, False])


def decided(number: int) -> Decided:
    """One decision of many, a second after the one before."""
    return replace(PLAIN, id=str(number), time=TIME + timedelta(seconds=number))


class Kept:
    """A sink in memory that can be held up, and fail."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.writes: list[int] = []
        self.fails = False
        self.is_closed = False
        self.open = threading.Event()
        self.reached = threading.Event()
        self.open.set()

    def write(self, lines: bytes) -> None:
        """Keep the lines."""
        self.reached.set()
        assert self.open.wait(5)
        if self.fails:
            raise OSError(28, "No space left on device")
        self.lines += lines.splitlines()
        self.writes.append(lines.count(b"\n"))

    def close(self) -> None:
        """Nothing comes after it."""
        self.is_closed = True

    def told(self) -> list[dict[str, Any]]:
        """What was written."""
        return [json.loads(line) for line in self.lines]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_GATHER", 0.001)
    monkeypatch.setattr(recording, "_AGAIN", 0.01)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until the writer has come so far."""
    waiting = threading.Event()
    for _ in range(500):
        if holds():
            return
        waiting.wait(0.01)
    pytest.fail("it never came to hold")


def test_decisions_become_records_in_their_order() -> None:
    """Each is what `replay` reads; at the end nothing waits."""
    sink = Kept()
    recorder = Recorder(sink)
    for number in range(100):
        recorder.decided(decided(number))
    recorder.close()
    found = read_records(sink.lines, "d.jsonl")
    assert found.problems == ()
    records = [each.record for each in found.found]
    assert [record.id for record in records] == [str(number) for number in range(100)]
    assert records[0] == DecisionRecord(
        "0", TIME, ASKED, DAY, Effect.DENY, 3, is_explained=False
    )
    assert recorder.counts == Counts(100, 0, 0, 0)
    assert sink.is_closed


def test_rule_and_grant_are_recorded_where_they_are_known() -> None:
    """Then the record says why."""
    sink, rule = Kept(), Line("p", ("role:a", "file", "read", "allow"))
    recorder = Recorder(sink)
    grant = Grant("person:a", "role:a", "1.1", YEAR)
    recorder.decided(replace(PLAIN, allowed=True, rule=rule, grant=grant))
    recorder.close()
    (told,) = sink.told()
    assert told["decision"] == "allow"
    assert told["rule"] == ["p", *rule.values]
    assert told["grant"] == ["g", *grant.line.values]
    assert "explained" not in told


def test_ids_are_hidden_by_a_key() -> None:
    """No record names who asked."""
    sink, pseudonyms = Kept(), Pseudonyms(b"k" * 32)
    recorder = Recorder(sink, pseudonyms=pseudonyms)
    recorder.decided(PLAIN)
    recorder.close()
    (told,) = sink.told()
    assert told["subject"] == pseudonyms.of("person:a")
    assert told["ids"] == pseudonyms.key


def test_decision_on_a_power_has_no_record() -> None:
    """The format is for access."""
    sink = Kept()
    recorder = Recorder(sink)
    power = PowerRequest("person:a", "person:b", "role:a", "1.1")
    recorder.decided(replace(PLAIN, request=power))
    recorder.close()
    assert sink.lines == []
    assert recorder.counts == Counts(0, 0, 0, 0)


def test_decisions_of_one_request_are_taken_in_together() -> None:
    """Those on powers have no records, and cost no room."""
    sink = Kept()
    recorder = Recorder(sink, capacity=3)
    power = PowerRequest("person:a", "person:b", "role:a", "1.1")
    recorder.decided_together([TOGETHER, replace(PLAIN, request=power), decided(7)])
    recorder.decided_together([])
    recorder.close()
    assert [each["id"] for each in sink.told()] == ["00000", "00001", "7"]
    assert recorder.counts == Counts(3, 0, 0, 0)


def test_decisions_of_one_request_are_refused_together() -> None:
    """None of them is recorded, as none is answered."""
    sink = Kept()
    recorder = Recorder(sink, full=Full.REFUSE, capacity=2)
    held_up(sink, recorder)
    recorder.decided(decided(1))
    assert recorder.is_refusing
    with pytest.raises(HttpError):
        recorder.decided_together([TOGETHER])
    sink.open.set()
    recorder.close()
    assert [each["id"] for each in sink.told()] == ["0", "1"]


@pytest.mark.parametrize("full", Full)
def test_request_with_many_is_taken_in_whenever_one_would_be(full: Full) -> None:
    """Else it never would be, for as long as anything waits."""
    sink = Kept()
    recorder = Recorder(sink, full=full, capacity=2)
    held_up(sink, recorder)
    assert not recorder.is_refusing
    recorder.decided_together([decided(1), decided(2), decided(3)])
    assert recorder.counts == Counts(0, 0, 4, 0)
    assert recorder.is_refusing is (full is Full.REFUSE)
    sink.open.set()
    recorder.close()
    assert [each["id"] for each in sink.told()] == ["0", "1", "2", "3"]


def test_decisions_of_one_request_are_dropped_together() -> None:
    """Where there is no room for all; later ones stand behind the line that says so."""
    sink = Kept()
    recorder = Recorder(sink, capacity=1)
    held_up(sink, recorder)
    recorder.decided_together([TOGETHER])
    recorder.decided_together([decided(3), decided(5)])
    assert recorder.counts == Counts(0, 4, 1, 0)
    sink.open.set()
    eventually(lambda: recorder.counts.written == 1)
    recorder.decided(decided(6))
    recorder.close()
    found = read_records(sink.lines, "d.jsonl")
    assert [each.line for each in found.found] == [1, 3]
    assert found.dropped == {2: Dropped(4, TIME, decided(5).time)}


def test_no_write_is_a_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait; what is told together may be more than that by itself."""
    monkeypatch.setattr(recording, "_AT_ONCE", 3)
    sink = Kept()
    recorder = Recorder(sink)
    held_up(sink, recorder)
    for number in range(1, 6):
        recorder.decided(decided(number))
    recorder.decided_together([TOGETHER])
    asked, allowed = [(*ASKED,)] * 4, [False] * 4
    recorder.decided_together([replace(TOGETHER, asked=asked, allowed=allowed)])
    sink.open.set()
    recorder.close()
    assert sink.writes == [1, 3, 2, 2, 4]


def held_up(sink: Kept, recorder: Recorder) -> None:
    """Let the writer take one decision, and hold it there."""
    sink.open.clear()
    recorder.decided(decided(0))
    assert sink.reached.wait(5)


def test_what_does_not_fit_is_dropped_and_told() -> None:
    """How many and of when, in a line where they would have stood."""
    sink = Kept()
    recorder = Recorder(sink, capacity=3)
    held_up(sink, recorder)
    for number in range(1, 8):
        recorder.decided(decided(number))
    assert recorder.counts == Counts(0, 5, 3, 0)
    sink.open.set()
    recorder.close()
    assert [each.get("id") for each in sink.told()] == ["0", "1", "2", None]
    found = read_records(sink.lines, "d.jsonl")
    gap = Dropped(5, decided(3).time, decided(7).time)
    assert (found.problems, found.dropped) == ((), {4: gap})
    assert recorder.counts == Counts(3, 5, 0, 0)


def test_what_does_not_fit_is_refused_where_the_owner_says_so() -> None:
    """503: no answer without a record."""
    sink = Kept()
    recorder = Recorder(sink, full=Full.REFUSE, capacity=1)
    held_up(sink, recorder)
    with pytest.raises(HttpError) as refused:
        recorder.decided(decided(1))
    assert refused.value.status is HTTPStatus.SERVICE_UNAVAILABLE
    assert refused.value.headers == {"Retry-After": "1"}
    assert "person" not in refused.value.detail
    sink.open.set()
    recorder.close()
    assert [each["id"] for each in sink.told()] == ["0"]
    assert recorder.counts == Counts(1, 0, 0, 0)


def test_full_disk_loses_nothing_that_fits(caplog: pytest.LogCaptureFixture) -> None:
    """It is told once, tried again, and told when it is over."""
    sink = Kept()
    sink.fails = True
    recorder = Recorder(sink)
    recorder.decided(decided(0))
    eventually(lambda: recorder.counts.failures > 2)
    recorder.decided(decided(1))
    sink.fails = False
    eventually(lambda: recorder.counts.written == 2)
    recorder.close()
    assert [each["id"] for each in sink.told()] == ["0", "1"]
    assert [(each.levelno, each.getMessage()) for each in caplog.records] == [
        (logging.ERROR, "decisions cannot be recorded (no space left on device)"),
        (logging.WARNING, "decisions can be recorded again"),
    ]


def test_full_disk_drops_what_does_not_fit() -> None:
    """The line comes when there is room; requests go on."""
    sink = Kept()
    sink.fails = True
    recorder = Recorder(sink, capacity=2)
    for number in range(2):
        recorder.decided(decided(number))
    eventually(lambda: recorder.counts.failures > 1)
    for number in range(2, 5):
        recorder.decided(decided(number))
    eventually(lambda: recorder.counts.dropped >= 3)
    sink.fails = False
    eventually(lambda: recorder.counts.waiting == 0)
    recorder.close()
    found = read_records(sink.lines, "d.jsonl")
    assert [each.record.id for each in found.found] == ["0", "1"]
    assert sum(gap.count for gap in found.dropped.values()) == 3


def test_full_disk_refuses_where_the_owner_says_so() -> None:
    """What was answered is written in the end, and nothing else was."""
    sink = Kept()
    sink.fails = True
    recorder = Recorder(sink, full=Full.REFUSE)
    recorder.decided(decided(0))
    eventually(lambda: recorder.counts.failures > 0)
    assert recorder.is_refusing
    with pytest.raises(HttpError):
        recorder.decided(decided(1))
    sink.fails = False
    eventually(lambda: recorder.counts.written == 1)
    recorder.decided(decided(2))
    recorder.close()
    assert [each["id"] for each in sink.told()] == ["0", "2"]
    assert recorder.counts.dropped == 0


def test_record_that_cannot_be_made_is_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The writer goes on with the others, and the log names nobody."""
    sink = Kept()
    recorder = Recorder(sink, pseudonyms=Pseudonyms(b"k" * 32))
    long = Request(f"{'k' * 250}:a", "read", "file", "1.1")
    recorder.decided(replace(PLAIN, request=long))
    recorder.decided(decided(1))
    eventually(lambda: recorder.counts.waiting == 0)
    recorder.close()
    assert recorder.counts == Counts(1, 1, 0, 0)
    assert "a decision has no record: RequestError" in caplog.text
    assert "decisions were dropped" in caplog.text
    assert {each.get("id") for each in sink.told()} == {"1", None}


def test_end_waits_for_a_sink_only_so_long(caplog: pytest.LogCaptureFixture) -> None:
    """A reader that does not read keeps no process alive."""
    sink = Kept()
    recorder = Recorder(sink)
    held_up(sink, recorder)
    recorder.close(patience=0.01)
    assert "1 decisions have no record at the end" in caplog.text
    sink.open.set()


def test_end_while_nothing_can_be_written_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It tries for a while and gives up."""
    sink = Kept()
    sink.fails = True
    recorder = Recorder(sink)
    recorder.decided(decided(0))
    recorder.close(patience=0.05)
    assert recorder.counts.failures > 2
    recorder.close()
    assert caplog.text.count("1 decisions have no record at the end") == 1
    assert sink.is_closed


def test_end_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be written a moment later is not lost."""
    sink = Kept()
    sink.fails = True
    recorder = Recorder(sink)
    recorder.decided(decided(0))
    waiting = recorder._is_hopeless.wait  # noqa: SLF001 # where it waits at the end

    def mending(seconds: float) -> bool:
        sink.fails = False
        return waiting(seconds)

    monkeypatch.setattr(recorder._is_hopeless, "wait", mending)  # noqa: SLF001
    recorder.close()
    assert recorder.counts.written == 1
    assert recorder.counts.waiting == 0


def test_end_waits_for_as_long_as_something_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However long it takes in all."""
    monkeypatch.setattr(recording, "_AT_ONCE", 1)
    sink = Kept()
    recorder = Recorder(sink)
    held_up(sink, recorder)
    for number in range(1, 20):
        recorder.decided(decided(number))
    write, slowly = sink.write, threading.Event()

    def writing(lines: bytes) -> None:
        slowly.wait(0.02)
        write(lines)

    monkeypatch.setattr(sink, "write", writing)
    sink.open.set()
    recorder.close(patience=0.2)
    assert recorder.counts == Counts(20, 0, 0, 0)


@pytest.mark.parametrize("full", Full)
def test_nothing_is_taken_in_after_the_end(full: Full) -> None:
    """It would go missing in silence."""
    sink = Kept()
    recorder = Recorder(sink, full=full)
    recorder.close()
    with pytest.raises(HttpError):
        recorder.decided(PLAIN)
    assert sink.lines == []


def test_sink_that_fails_in_another_way_ends_no_writer(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what may hold anything only the kind is told."""
    sink = Kept()
    write = sink.write
    broken = Mock(side_effect=ValueError("person:a"))
    monkeypatch.setattr(sink, "write", broken)
    recorder = Recorder(sink)
    recorder.decided(PLAIN)
    eventually(lambda: recorder.counts.is_failing)
    monkeypatch.setattr(sink, "write", write)
    eventually(lambda: recorder.counts.written == 1)
    recorder.close()
    assert caplog.messages[0] == "decisions cannot be recorded (valueerror)"
    assert not recorder.counts.is_failing
