"""Lines that say which decisions have no record."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from oikeus import Dropped, RecordError
from oikeus.decide.record import read_records

FIRST = datetime(2026, 3, 1, 11, 30, tzinfo=timezone(timedelta(hours=2)))
LAST = datetime(2026, 3, 1, 9, 30, 1, 5, UTC)
LINE = {
    "format": "oikeus-dropped-1",
    "dropped": 3,
    "first": "2026-03-01T09:30:00.000000Z",
    "last": "2026-03-01T09:30:01.000005Z",
}


def test_line_says_how_many_and_of_when() -> None:
    """In UTC, as records do; what is read is what was written."""
    dropped = Dropped(3, FIRST, LAST)
    assert json.loads(dropped.to_json()) == LINE
    assert Dropped.from_json(dropped.to_json().encode(), file="d", line=1) == dropped
    assert str(dropped) == (
        "3 decisions have no record, made 2026-03-01T09:30:00.000000Z to "
        "2026-03-01T09:30:01.000005Z"
    )
    assert Dropped(1, LAST, LAST).joined(Dropped(2, FIRST, FIRST)) == dropped
    assert str(Dropped(1, FIRST, FIRST)).startswith("1 decision has no record, made")


def test_line_stands_among_records() -> None:
    """It is none of them, and no problem either."""
    found = read_records([b"", json.dumps(LINE).encode()], "d.jsonl")
    assert (found.found, found.problems) == ((), ())
    assert found.dropped == {2: Dropped(3, FIRST, LAST)}


def test_wrong_line_is_a_problem() -> None:
    """It is read as strictly as a record."""
    wrong = json.dumps(LINE | {"dropped": 0, "x": 1}).encode()
    (one, other) = read_records([wrong], "d.jsonl").problems
    assert str(one) == "d.jsonl:1: `dropped` is `0`, expected 1 or more"
    assert "has the unknown key `x`" in str(other)
    with pytest.raises(RecordError):
        Dropped.from_json(wrong, file="d.jsonl", line=1)


def test_word_alone_makes_no_such_line() -> None:
    """A record may hold it, and so may what cannot be read."""
    texts = [
        b'{"id": "oikeus-dropped-1"}',
        b'["oikeus-dropped-1"]',
        b"oikeus-dropped-1",
    ]
    found = read_records(texts, "d.jsonl")
    assert not found.dropped
    assert {problem.line for problem in found.problems} == {1, 2, 3}
