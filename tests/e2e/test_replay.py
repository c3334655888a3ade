"""Decisions that are recorded, and made again."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

USER = "person:1.2.246.562.24.90100000003"
KEUDA = "1.2.246.562.10.90101000000"
ASKED = (USER, "read", "hoks", KEUDA, "--at", "2026-11-02")


@pytest.fixture
def records(world: Path, desk: Path, oikeus: Run, examples: Path) -> Path:
    """The records of the example requests, and of one more."""
    assert world.exists()
    path = desk / "d.jsonl"
    batch = examples / "requests.jsonl"
    assert oikeus("decide", "--batch", batch, "--record", path).code == 0
    oikeus("block", USER, "--reason", "x")
    assert oikeus("decide", *ASKED, "--record", path).code == 3
    return path


def altered(path: Path, number: int, **values: object) -> None:
    """Alter a record by hand."""
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[number - 1] = json.dumps(json.loads(lines[number - 1]) | values)
    path.write_text("\n".join(lines), encoding="utf-8")


def test_each_decision_is_recorded_once(records: Path, examples: Path) -> None:
    """A line a decision, added to those that are there; only the owner reads it."""
    asked = (examples / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in records.read_text("utf-8").splitlines()]
    assert len(written) == len(asked) + 1
    for question, record in zip(map(json.loads, asked), written, strict=False):
        assert question["at"] == record["day"]
        for name in ("subject", "action", "resource", "organisation"):
            assert question[name] == record[name]
    assert len({record["id"] for record in written}) == len(written)
    assert [record["version"] for record in written[-2:]] == [3, 4]
    assert records.stat().st_mode & 0o777 == 0o600


def test_recorded_decisions_are_the_same_again(oikeus: Run, records: Path) -> None:
    """Each at its version; ends with 0."""
    count = len(records.read_text(encoding="utf-8").splitlines())
    ended = oikeus("replay", records)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{count} the same, 0 different, 0 problems\n"


def test_record_that_was_altered_by_hand_is_listed(oikeus: Run, records: Path) -> None:
    """With what its version has; ends with 3."""
    altered(records, 1, decision="deny", grant=["g", "x"])
    ended = oikeus("replay", "d.jsonl")
    assert (ended.code, ended.err) == (3, "")
    first, last = ended.out.splitlines()
    number = json.loads(records.read_text(encoding="utf-8").splitlines()[0])["id"]
    assert first == (
        f"d.jsonl:1: {number}: decision deny was recorded, version 3 has allow; "
        f"grant `g, x` was recorded, version 3 has `g, {USER}, role:ehoks-kayttaja, "
        f"{KEUDA}@2026-01-01..2026-12-31`"
    )
    assert " 1 different, 0 problems" in last
    found = json.loads(oikeus("replay", records, "--format", "json").out)
    (different,) = found["different"]
    assert (different["line"], different["parts"]) == (1, ["decision", "grant"])
    assert different["recorded"]["decision"] == "deny"
    assert different["recomputed"]["decision"] == "allow"


def test_problems_end_it_with_1_and_hide_no_difference(
    oikeus: Run, records: Path
) -> None:
    """All are told, each with its line."""
    altered(records, 1, decision="deny")
    altered(records, 2, version=99)
    altered(records, 3, subject="nobody")
    ended = oikeus("replay", "d.jsonl")
    assert ended.code == 1
    assert ended.out.startswith("d.jsonl:1: ")
    assert ended.out.endswith(" 1 different, 2 problems\n")
    problems = ended.err.splitlines()
    assert problems[0].startswith("d.jsonl:2: version 99 cannot decide: there is no")
    assert problems[1].startswith("d.jsonl:3: `subject` is wrong: `nobody` has no kind")
    found = json.loads(oikeus("replay", records, "--format", "json").out)
    assert [each["line"] for each in found["problems"]] == [2, 3]


def test_rule_that_was_recorded_without_need_is_told(
    oikeus: Run, records: Path
) -> None:
    """None is a value too."""
    count = len(records.read_text(encoding="utf-8").splitlines())
    altered(records, count, rule=["p", "x"])
    out = oikeus("replay", records).out
    assert "rule `p, x` was recorded, version 4 has none" in out


def test_decision_that_cannot_be_recorded_is_not_given(
    oikeus: Run, world: Path, desk: Path, examples: Path
) -> None:
    """Whoever asks for records gets no answer without one."""
    assert world.exists()
    ended = oikeus("decide", *ASKED, "--record", desk / "no" / "file")
    assert (ended.code, ended.out) == (1, "")
    assert "the decision cannot be recorded (no such file or directory)" in ended.err
    if not os.path.exists("/dev/full"):  # noqa: PTH110 # a device
        return
    ended = oikeus("decide", *ASKED, "--record", "/dev/full")
    assert (ended.code, ended.out) == (1, "")
    batch = examples / "requests.jsonl"
    ended = oikeus("decide", "--batch", batch, "--record", "/dev/full")
    assert ended.code == 1
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert all("decision" not in each for each in lines)
    assert all("cannot be recorded (no space" in each["error"] for each in lines)


def test_file_that_cannot_be_read_is_wrong_usage(oikeus: Run, world: Path) -> None:
    """One that is not there, and a folder."""
    assert world.exists()
    for path in ("gone.jsonl", "."):
        assert oikeus("replay", path).code == 2
