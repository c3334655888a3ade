"""Decision records: one form, read strictly."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from oikeus import DecisionRecord, Effect, Line, RecordError, Request, RequestError
from oikeus.decide.record import read_records
from oikeus.errors import Problem

from .small_world import held, point

TIME = datetime(2026, 3, 1, 11, 30, 0, 250, timezone(timedelta(hours=2)))
ODD = "person:Ää \\{}\u00df \N{GRINNING FACE}"

PLAIN = {
    "format": "oikeus-decision-1",
    "id": "1",
    "time": "2026-03-01T09:30:00.000250Z",
    "subject": "person:a",
    "action": "read",
    "resource": "plan",
    "organisation": "north",
    "day": "2026-03-01",
    "decision": "deny",
    "version": 3,
}


def with_(**changed: Any) -> bytes:  # noqa: ANN401 # whatever JSON holds
    """A record with other values; `None` leaves a key out."""
    values = {
        name: each for name, each in (PLAIN | changed).items() if each is not None
    }
    return json.dumps(values).encode()


def problem_of(text: bytes | str) -> str:
    """All that is wrong with a record."""
    with pytest.raises(RecordError) as caught:
        DecisionRecord.from_json(text, file="d.jsonl", line=7)
    return str(caught.value)


def test_decision_is_recorded_with_all_that_it_rests_on() -> None:
    """Who, when, what, the answer, and the lines as the database has them."""
    row = held(ODD, "user", "north")
    decided = point(row, version=3).decide(Request(ODD, "read", "plan", "north"))
    record = DecisionRecord.of(decided, id="x-1", time=TIME)
    assert json.loads(record.to_json()) == PLAIN | {
        "id": "x-1",
        "subject": ODD,
        "day": decided.at.isoformat(),
        "decision": "allow",
        "rule": ["p", "role:user", "plan", "read", "allow"],
        "grant": row.split(", "),
    }
    assert "\n" not in record.to_json()
    assert DecisionRecord.from_json(record.to_json()) == record


def test_deny_without_a_rule_is_recorded_without_one() -> None:
    """Nothing stands for what there is not."""
    decided = point(version=3).decide(Request("person:a", "read", "plan", "north"))
    record = DecisionRecord.of(decided, id="1", time=TIME)
    assert (record.effect, record.rule, record.grant) == (Effect.DENY, None, None)
    assert json.loads(record.to_json()).keys() == PLAIN.keys()


def test_record_is_read_as_it_was_written() -> None:
    """Values of lines may hold anything, commas and line ends too."""
    rule = ["p", "role:a, b", "", "\n\u2028", "allow"]
    record = DecisionRecord.from_json(with_(rule=rule, grant=["g"]))
    assert record.rule == Line("p", ("role:a, b", "", "\n\u2028", "allow"))
    assert record.grant == Line("g", ())
    assert record.time == TIME.astimezone(UTC)
    assert record.at == date(2026, 3, 1)
    assert DecisionRecord.from_json(record.to_json()) == record


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"{", "cannot be read, expected a JSON object in UTF-8"),
        (b"\xff", "cannot be read, expected a JSON object in UTF-8"),
        (b"[" * 100_000, "cannot be read, expected a JSON object in UTF-8"),
        (b'{"version": NaN}', "NaN is no JSON, expected a number"),
        (b'{"id": "1", "id": "2"}', "a key stands twice, expected it once"),
        (b"7", "the file is `7`, expected a mapping"),
        (with_(version=3.0), "`version` is `3.0`, expected a whole number"),
        (with_(version=True), "`version` is `true`, expected a whole number"),
        (with_(version=-1), "`version` is `-1`, expected 0 or more"),
        (with_(id=""), "`id` is wrong: it is blank, expected text"),
        (with_(day="2026-02-30"), "`day` is wrong: `2026-02-30` is no day of the"),
        (with_(decision="maybe"), "`decision` is `maybe`, expected allow or deny"),
        (with_(format="oikeus-decision-2"), "`format` is `oikeus-decision-2`, exp"),
        (with_(subject="a"), "`subject` is wrong: `a` has no kind"),
        (with_(subject="role:a"), "the subject `role:a` is a role"),
        (with_(action="re,ad"), "`action` is wrong: `re,ad` holds ,"),
        (with_(organisation="a:b"), "`organisation` is wrong: `a:b` holds :"),
        (with_(time="2026-03-01T09:30:00Z"), "`time` is wrong: `2026-03-01T09:30:00Z`"),
        (with_(time="2026-13-01T09:30:00.000000Z"), "`time` is wrong: `2026-13-01T09"),
        (with_(rule="p, a"), "`rule` is `p, a`, expected a list"),
        (with_(rule=[]), "`rule` is empty, expected at least 1"),
        (with_(grant=["g", 7]), "`grant[1]` is `7`, expected text"),
        (with_(more="x"), "the file has the unknown key `more`"),
    ],
)
def test_what_is_no_record_is_refused(text: bytes, problem: str) -> None:
    """With its place, and what was expected."""
    assert problem_of(text).startswith(f"d.jsonl:7: {problem}")


@pytest.mark.parametrize("name", PLAIN)
def test_every_field_is_needed(name: str) -> None:
    """None is guessed."""
    assert problem_of(with_(**{name: None})) == (
        f"d.jsonl:7: the file has no key `{name}`, which it needs"
    )


def test_what_cannot_be_recorded_is_refused() -> None:
    """A power, a time that may be any, an id that no line can hold."""
    here = point(version=3)
    access = here.decide(Request("person:a", "read", "plan", "north"))
    power = here.may_grant("person:a", "person:b", "user", "north")
    with pytest.raises(RequestError, match="the decision is on a power"):
        DecisionRecord.of(power, id="1", time=TIME)
    with pytest.raises(RequestError, match="the time has no offset"):
        DecisionRecord.of(access, id="1", time=TIME.replace(tzinfo=None))
    with pytest.raises(RequestError, match="`id` is wrong"):
        DecisionRecord.of(access, id="two\nlines", time=TIME)


def test_file_is_read_whole_with_every_problem() -> None:
    """Blank lines are none; an id that stands twice is told, and read."""
    records = read_records([with_(), b"\n", b"{", with_(id="2"), with_()], "d.jsonl")
    assert [each.line for each in records.found] == [1, 4, 5]
    assert records.problems == (
        Problem("d.jsonl", 3, "cannot be read, expected a JSON object in UTF-8"),
        Problem("d.jsonl", 5, "the id `1` is that of line 1, expected another"),
    )


def test_record_may_say_that_nobody_asked_why() -> None:
    """Then a missing rule is one that is not known."""
    record = DecisionRecord.from_json(with_(explained=False))
    assert (record.is_explained, record.rule) == (False, None)
    assert json.loads(record.to_json()) == PLAIN | {"explained": False}
    assert DecisionRecord.from_json(with_()).is_explained
    assert "`explained` is `no`, expected true or false" in problem_of(
        with_(explained="no")
    )


def test_record_may_name_the_key_of_its_ids() -> None:
    """In one form only."""
    key = "hmac-sha-256:0123456789abcdef"
    record = DecisionRecord.from_json(with_(ids=key))
    assert record.ids == key
    assert json.loads(record.to_json()) == PLAIN | {"ids": key}
    assert "`md5` names no key, expected hmac-sha-256:FINGERPRINT" in problem_of(
        with_(ids="md5")
    )
