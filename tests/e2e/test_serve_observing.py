"""What a service says of itself, and of what it decided: records, metrics, log, end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from .observed import (
    MANY,
    ONE,
    PERSON,
    STRANGER,
    Connection,
    Observed,
    eventually,
    question,
    records,
)

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]
Start = Callable[..., Observed]
OPEN = ("--insecure-no-auth", "--metrics-open", "--drain-seconds", "0")


@pytest.fixture
def start(world: Path, desk: Path, spawn: Spawn) -> Start:
    """Start a service over the example world."""
    assert world.exists()
    return lambda *words: Observed(spawn, desk / "log", *words)


def lives(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def ids_of(answer: dict[str, Any]) -> list[str]:
    """The ids of the decisions of an answer."""
    several = answer.get("evaluations", [answer])
    return [each["context"]["id"] for each in several]


def test_records_are_decided_again(start: Start, desk: Path, oikeus: Run) -> None:
    """Of single questions and of many, with ids hidden; the log tells of none of it."""
    made = oikeus("token", "create", "system:x", "--scope", "evaluate")
    (token,) = re.findall(r"oik_\d+_[0-9a-f]{64}", made.out)
    key = desk / "key"
    key.touch(0o600)
    key.write_text("ab" * 32)
    words = ("--access-log", "--log-level", "debug", "--drain-seconds", "0")
    service = start(*words, "--records", "records", "--records-key", key)
    asked = [question(), question(STRANGER), question(action="x")]
    answered = []
    for body in asked:
        answered += ids_of(service.ask(ONE, body, token)[1])
    batch = {"evaluations": [*asked, question() | {"context": {"explain": True}}]}
    answered += ids_of(service.ask(MANY, batch, token)[1])
    assert service.ask(ONE, question(), f"{token}x")[0] == 401
    assert service.ask("/metrics", token=token)[0] == 403
    assert service.end() == 0
    written = records(desk / "records")
    assert [each["id"] for each in written] == answered
    assert {each["decision"] for each in written} == {"allow", "deny"}
    (file,) = (desk / "records").iterdir()
    assert oikeus("replay", file, "--ids-key", key).out == (
        f"{len(answered)} the same, 0 different, 0 problems\n"
    )
    ended = oikeus("replay", file)
    assert (ended.code, "expected --ids-key with" in ended.err) == (1, True)
    log = service.log
    assert f"POST {ONE} status=200" in log
    for secret in (token, token[-64:], PERSON, STRANGER, "ehoks-kayttaja", "hmac-"):
        assert secret not in log
    assert PERSON not in file.read_text()


def test_records_go_to_the_standard_output(start: Start) -> None:
    """For whoever collects it, while it serves."""
    service = start(*OPEN, "--records", "-")
    answer = service.ask(ONE, question())[1]
    assert service.process.stdout is not None
    assert answer["context"]["id"] in service.process.stdout.readline().decode()
    assert service.end() == 0


def test_files_are_few_where_the_owner_says_so(start: Start, desk: Path) -> None:
    """While it serves, and from the next start; a file without a record is none."""
    folder, batch = desk / "records", {"evaluations": [question()] * 1000}
    words = (*OPEN, "--records", folder, "--records-size", 1)
    service = start(*words, "--records-keep", 2)
    with Connection(service.port) as connection:
        for _ in range(12):
            assert connection.ask(MANY, batch)[0] == 200
    eventually(lambda: service.metrics()["oikeus_records_written_total"] == 12_000)
    assert service.end() == 0
    left = sorted(folder.iterdir())
    assert len(left) == 3
    assert all(file.stat().st_size <= 1024 * 1024 for file in left)
    assert service.end() == 0
    service = start(*words, "--records-keep", 1)
    eventually(lambda: left[-1] in folder.iterdir() and len([*folder.iterdir()]) == 2)
    assert service.end() == 0
    assert [*folder.iterdir()] == [left[-1]]


def test_nothing_is_answered_without_a_record(start: Start, desk: Path) -> None:
    """Where the owner says so: it is not ready until it can record again."""
    folder = desk / "records"
    service = start(*OPEN, "--records", folder, "--records-full", "refuse")
    assert service.ask("/health/ready")[1]["reason"] == "current"
    shutil.rmtree(folder)
    kept = service.ask(ONE, question())[1]["context"]["id"]
    eventually(lambda: service.ask("/health/ready")[0] == 503)
    assert service.ask("/health/ready")[1]["reason"] == "unrecorded"
    assert service.ask("/health/live") == (200, {"live": True})
    assert service.ask(ONE, question())[0] == 503
    assert service.ask(MANY, {"evaluations": [question()] * 3})[0] == 503
    counted = service.metrics()
    assert (counted["oikeus_ready"], counted["oikeus_records_failing"]) == (0, 1)
    folder.mkdir()
    eventually(lambda: service.ask("/health/ready")[0] == 200)
    kept = [kept, service.ask(ONE, question())[1]["context"]["id"]]
    assert service.end() == 0
    assert [each["id"] for each in records(folder)] == kept


def test_workers_are_counted_together(start: Start, desk: Path) -> None:
    """Whichever is asked; one that is killed is replaced.

    They end together, and sooner when they are told again: the second SIGTERM reaches
    them.
    """
    words = ("--insecure-no-auth", "--metrics-open", "--drain-seconds", 3600)
    service = start(*words, "--workers", 2, "--records", "records")
    eventually(lambda: len(service.workers) == 2)
    answered = []
    for _ in range(10):
        answered += ids_of(service.ask(ONE, question())[1])
    batch = {"evaluations": [question(STRANGER)] * 5}
    answered += ids_of(service.ask(MANY, batch)[1])

    def counted(name: str) -> float:
        return service.metrics()[name]

    decisions = 'oikeus_decisions_total{kind="access",outcome="%s"}'
    eventually(lambda: counted(decisions % "allow") == 10)
    eventually(lambda: counted(decisions % "deny") == 5)
    found = service.metrics()
    assert found["oikeus_decision_seconds_count"] == 10
    assert found['oikeus_decision_seconds_bucket{le="+Inf"}'] == 10
    assert found["oikeus_policy_version"] == 2 * 3
    assert found["oikeus_ready"] == 2
    assert found["oikeus_lag_seconds"] >= 0
    eventually(lambda: counted("oikeus_records_written_total") == 15)
    os.kill(service.workers[0], signal.SIGKILL)
    eventually(lambda: len(service.workers) == 3)
    assert service.ask(ONE, question())[0] == 200
    service.process.send_signal(signal.SIGTERM)
    eventually(lambda: service.ask("/health/ready")[1]["reason"] == "draining")
    assert service.end() == 0
    assert not any(map(lives, service.workers))
    # those of the one that was killed had been written
    assert {*answered} < {each["id"] for each in records(desk / "records")}


def test_workers_end_with_what_began_them(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However that ends: nobody would end them later, nor tidy up after them."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    service = start(*OPEN, "--workers", 2)
    eventually(lambda: len(service.workers) == 2)
    eventually(lambda: len([*temporary.glob("oikeus-*/*.json")]) == 2)
    service.process.kill()
    eventually(lambda: not any(map(lives, service.workers)))
    eventually(lambda: not [*temporary.iterdir()])


def test_no_request_is_lost_at_the_end(start: Start, desk: Path) -> None:
    """Each that was sent is answered, and each that was answered has its record."""
    words = ("--insecure-no-auth", "--drain-seconds", 1, "--records", "records")
    service = start(*words)
    answered: list[str] = []
    failures: list[BaseException] = []
    body = {"evaluations": [question(), *[question(STRANGER)] * 99]}

    def asking() -> None:
        try:
            with Connection(service.port) as connection:
                while connection.is_kept:
                    status, answer = connection.ask(MANY, body)
                    assert status == 200
                    answered.extend(ids_of(answer))
        except BaseException as error:
            failures.append(error)
            raise

    callers = [threading.Thread(target=asking) for _ in range(4)]
    for caller in callers:
        caller.start()
    eventually(lambda: len(answered) > 2000)
    assert service.end() == 0
    for caller in callers:
        caller.join()
    assert failures == []
    written = [each["id"] for each in records(desk / "records")]
    assert len(written) == len({*written})
    assert {*written} == {*answered}


def test_requests_are_spans_where_somebody_collects_them(
    world: Path, desk: Path, spawn: Spawn
) -> None:
    """Which go on with the caller's trace, and lead to the decision's record."""
    assert world.exists()
    exported = (
        "ConsoleSpanExporter(formatter=lambda span: span.to_json(None) + chr(10))"
    )
    before = (
        "from opentelemetry import trace; "
        "from opentelemetry.sdk.trace import TracerProvider; "
        "from opentelemetry.sdk.trace.export import *; "
        "provider = TracerProvider(); "
        f"provider.add_span_processor(SimpleSpanProcessor({exported})); "
        "trace.set_tracer_provider(provider)"
    )
    service = Observed(partial(spawn, before=before), desk / "log", *OPEN)
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with Connection(service.port) as connection:
        connection.headers["traceparent"] = f"00-{trace}-{parent}-01"
        connection.headers["baggage"] = f"who={PERSON}"
        answer = connection.ask(ONE, question())[1]
    assert service.end() == 0
    assert service.process.stdout is not None
    text = service.process.stdout.read().decode()
    (span,) = map(json.loads, text.splitlines())
    assert (span["name"], span["parent_id"]) == (f"POST {ONE}", f"0x{parent}")
    assert span["context"]["trace_id"] == f"0x{trace}"
    (event,) = span["events"]
    assert event["attributes"]["oikeus.decision.id"] == answer["context"]["id"]
    assert PERSON not in text
