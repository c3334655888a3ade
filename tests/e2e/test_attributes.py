"""What is sent with a question on the command line, in batches, and in records."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PARTS = ("user:alice", "delete", "record", "record-1")
AT = ("--at", "2026-11-29")


@pytest.fixture(autouse=True)
def _records(desk: Path, examples: Path, oikeus: Run) -> None:
    """Every question is about the records of examples/authzen."""
    assert desk.exists()
    policies = examples / "authzen" / "policies"
    assert oikeus("apply", policies, "--yes", "--message", "first").code == 0


def test_the_files_are_accepted_with_the_model_beside_them(
    oikeus: Run, examples: Path
) -> None:
    """As they are, and with the model named."""
    folder = examples / "authzen"
    for more in ((), ("--model", folder / "model.conf")):
        ended = oikeus("check", folder / "policies", *more)
        assert (ended.code, ended.out) == (0, "23 lines, nothing wrong, 1 suppressed\n")


def test_a_decision_depends_on_what_is_sent(oikeus: Run) -> None:
    """Each attribute is named, and may hold an equals sign."""
    assert oikeus("decide", *PARTS, *AT).code == 3
    soft = oikeus("decide", *PARTS, *AT, "--attribute", "soft=true", "--format", "json")
    assert soft.code == 0
    assert json.loads(soft.out)["attributes"] == {"soft": "true"}
    assert oikeus("explain", *PARTS, *AT, "--attribute", "soft=a=b").code == 3
    assert oikeus("explain", *PARTS, *AT, "--attribute", "soft=true").code == 0


def test_reverse_questions_take_attributes(oikeus: Run) -> None:
    """More than one, too."""
    as_admin = "--attribute", "role=admin"
    archived = "--attribute", "status=archived"
    who = oikeus("who-can", "write", "record", "record-1", *AT, *archived)
    assert who.out == "user:bob\n"
    where = oikeus("where-can", "user:alice", "write", "record", *AT, *as_admin)
    assert where.out.split() == ["record-1", "record-2"]
    what = oikeus("what-can", "user:bob", "record-1", *AT, *as_admin, *archived)
    assert what.out == "write record at record-1\n"


def test_what_cannot_be_sent_is_refused(oikeus: Run) -> None:
    """With what was expected."""
    ended = oikeus("decide", *PARTS, *AT, "--attribute", "soft")
    assert ended.code == 2
    assert "`soft` names no attribute, expected NAME=VALUE" in ended.err
    ended = oikeus("decide", *PARTS, *AT, "--attribute", "hard=true")
    assert ended.code == 1
    assert "unknown attribute `hard`, expected role, status, soft" in ended.err
    ended = oikeus("decide", "--batch", "-", "--attribute", "soft=true")
    assert ended.code == 2
    assert "a batch has its attributes in its lines" in ended.err


def test_lines_of_a_batch_carry_attributes(oikeus: Run) -> None:
    """They are given back, and what is no object is an error."""
    names = ("subject", "action", "resource", "organisation")
    asked: dict[str, Any] = dict(zip(names, PARTS, strict=True)) | {"at": "2026-11-29"}
    batch = [
        asked,
        asked | {"attributes": {"soft": "true"}},
        asked | {"attributes": ["soft"]},
        asked | {"attributes": {"soft": True}},
    ]
    stdin = "\n".join(map(json.dumps, batch)).encode()
    ended = oikeus("decide", "--batch", "-", stdin=stdin)
    plain, soft, odd, flag = map(json.loads, ended.out.splitlines())
    assert ended.code == 1
    assert plain["decision"] == "deny"
    assert soft.items() >= batch[1].items()
    assert soft["decision"] == "allow"
    assert odd["error"] == (
        "line 3: the attributes are no object, expected values by name"
    )
    assert flag["error"].startswith("line 4: the attribute `soft` is not text")


def test_records_hold_attributes_and_are_replayed_with_them(
    oikeus: Run, desk: Path
) -> None:
    """Without them the same question was denied."""
    sent = ("--attribute", "soft=true", "--record", "decisions.jsonl")
    assert oikeus("decide", *PARTS, *AT, *sent).code == 0
    (written,) = (desk / "decisions.jsonl").read_text("utf-8").splitlines()
    assert json.loads(written)["attributes"] == {"soft": "true"}
    assert oikeus("replay", "decisions.jsonl").code == 0
    other = written.replace('"true"', '"false"')
    (desk / "other.jsonl").write_text(other + "\n", "utf-8")
    assert oikeus("replay", "other.jsonl").code == 3
