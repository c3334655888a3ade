"""The fixture that AuthZEN certifies by, decided by examples/authzen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from oikeus import DecisionPoint, Request

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "authzen"
DAY = date(2026, 11, 29)
ADMIN, ARCHIVED = {"role": "admin"}, {"status": "archived"}


@pytest.fixture(scope="module")
def point() -> DecisionPoint:
    """Decide by the files alone."""
    return DecisionPoint.from_files(
        FOLDER / "model.conf", FOLDER / "policies", today=lambda: DAY
    )


@pytest.mark.parametrize(
    ("asked", "sent", "allowed"),
    [
        ("alice read record-1", {}, True),
        ("alice write record-1", {}, True),
        ("bob read record-1", {}, True),
        ("bob write record-1", {}, False),
        ("alice write record-1", ARCHIVED, False),
        ("alice write record-2", ARCHIVED, False),
        ("alice write record-2", {}, False),
        ("alice read record-2", {}, False),
        ("bob write record-2", ADMIN | ARCHIVED, True),
        ("bob write record-1", ADMIN | ARCHIVED, True),
        ("bob write record-2", {}, True),
        ("bob write record-2", {"role": "manager"}, False),
        ("bob write record-2", {"status": "active"}, False),
        ("alice delete record-1", {"soft": "true"}, True),
        ("alice delete record-1", {"soft": "false"}, False),
        ("alice delete record-1", {}, False),
        ("alice delete record-1", {"soft": "true"} | ARCHIVED, False),
        ("bob delete record-1", {"soft": "true"}, False),
        ("alice read record-1", {"role": "manager", "status": "active"}, True),
        ("alice read record-1", {"status": "*"}, False),
        ("carol write record-2", ADMIN | ARCHIVED, False),
        ("alice read record-9", {}, False),
        ("alice read records", {}, False),
    ],
)
def test_each_decision_of_the_table(
    point: DecisionPoint,
    asked: str,
    sent: dict[str, str],
    allowed: bool,  # noqa: FBT001 # a column of the table
) -> None:
    """With what is sent, and with what is on file where nothing was."""
    subject, action, record = asked.split()
    request = Request(f"user:{subject}", action, "record", record, attributes=sent)
    assert point.decide(request).allowed is allowed
    assert point.allows_many([request]) == [allowed]


def test_each_search_of_the_table(point: DecisionPoint) -> None:
    """They find what the table names, and nothing else."""
    assert point.who_can("read", "record", "record-1") == ("user:alice", "user:bob")
    assert point.where_can("user:alice", "read", "record") == ("record-1",)
    found = point.what_can("user:alice", "record-1")
    assert [each.action for each in found] == ["read", "write"]
    who = point.who_can("write", "record", "record-2", attributes=ARCHIVED)
    assert who == ("user:bob",)
    where = point.where_can("user:bob", "write", "record", attributes=ADMIN)
    assert where == ("record-2",)
    both = point.what_can("user:bob", "record-2", attributes=ADMIN | ARCHIVED)
    assert [each.action for each in both] == ["write"]
