"""The service as a process: it says where it listens, answers, and ends when told."""

import http.client
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .started import PATIENCE, read_all, read_until

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]
LISTENING = r"listening on http://127\.0\.0\.1:(\d+)"
QUESTION = {
    "subject": {"type": "person", "id": "1.2.246.562.24.90100000003"},
    "action": {"name": "read"},
    "resource": {
        "type": "hoks",
        "id": "1",
        "properties": {"organisation": "1.2.246.562.10.90101000000"},
    },
}


def ask(
    port: str, path: str = "/access/v1/evaluation", token: str = ""
) -> tuple[int, Any]:
    """Ask over HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    try:
        connection.request("POST", path, json.dumps(QUESTION), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_service_answers_whoever_brings_a_token(
    world: Path, oikeus: Run, spawn: Spawn
) -> None:
    """And nobody else; told to end, it ends well."""
    assert world.exists()
    made = oikeus("token", "create", "system:x", "--scope", "evaluate")
    (token,) = re.findall(r"oik_\d+_[0-9a-f]{64}", made.out)
    process = spawn("serve", "--port", "0", "--drain-seconds", "0")
    port = read_until(process, LISTENING)
    assert int(read_until(process, r"deciding by version (\d+)")) >= 3
    assert ask(port)[0] == 401
    status, answer = ask(port, token=token)
    assert (status, "decision" in answer) == (200, True)
    assert ask(port, "/access/v1/search/subject", token)[0] == 403
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_workers_share_the_address_and_are_restarted(world: Path, spawn: Spawn) -> None:
    """One that dies is made anew; they end with the one that began them."""
    words = ("--workers", "2", "--insecure-no-auth", "--drain-seconds", "0")
    process = spawn("serve", "--port", "0", *words)
    worker = r"process (\d+) is deciding"
    port, *pids = read_all(process, LISTENING, worker, worker)
    first, second = map(int, pids)
    assert ask(port)[0] == 200
    away = world.rename("away.db")
    os.kill(first, signal.SIGKILL)
    # while it cannot be made anew, and it tries, the other one answers
    for _ in range(2):
        assert read_until(process, "a process cannot begin: (.*)")
    assert ask(port)[0] == 200
    away.rename(world)
    assert int(read_until(process, worker)) not in {first, second}
    assert ask(port)[0] == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_service_of_which_no_process_can_begin(
    world: Path, run: Run, workers: int
) -> None:
    """It says why and ends: no other one could. It never said that it listens."""
    assert world.exists()
    ended = run("serve", "--port", "0", "--workers", workers, "--under", "1.2.9")
    assert (ended.code, ended.out) == (1, "")
    assert "organisation `1.2.9` is not in the register" in ended.err
    assert not re.search("Traceback|listening", ended.err)


@pytest.mark.parametrize("workers", [1, 2])
def test_service_that_could_record_nothing(world: Path, run: Run, workers: int) -> None:
    """It says so once, as any command does, before it listens."""
    words = ("serve", "--port", "0", "--workers", workers, "--records")
    ended = run(*words, "records", "--records-key", "no-key")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "no-key: cannot be read: no such file or directory\n"
        "error: 1 problem, nothing was changed\n"
    )
    ended = run(*words, world)
    assert (ended.code, ended.out) == (1, "")
    assert "decisions cannot be recorded there (file exists)" in ended.err
    assert "listening" not in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("--records-full", "refuse"),
        ("--records-keep", "2"),
        ("--records-size", "256"),
        ("--records-waiting", "10000"),
        ("--records-key", "no-key"),
    ],
    ids=lambda words: words[0],
)
def test_options_of_records_without_records(
    world: Path, run: Run, words: tuple[str, str]
) -> None:
    """Who gives one believes that decisions are recorded."""
    assert world.exists()
    ended = run("serve", "--port", "0", *words)
    assert (ended.code, ended.out) == (2, "")
    told = f"Error: {words[0]} is about records, expected --records too\n"
    assert ended.err.endswith(told)


@pytest.mark.parametrize("url", ["oikeus.example", "https://", "ftp://a", "https://[a"])
def test_public_url_that_is_none(world: Path, run: Run, url: str) -> None:
    """Callers would be told endpoints that nobody can reach."""
    assert world.exists()
    ended = run("serve", "--port", "0", "--public-url", url)
    assert (ended.code, ended.out) == (2, "")
    assert "expected one such as https://HOST" in ended.err


def test_address_that_callers_are_told(world: Path, spawn: Spawn) -> None:
    """It is where the service listens, and not what was asked for."""
    assert world.exists()
    process = spawn("serve", "--port", "0", "--insecure-no-auth")
    port = read_until(process, LISTENING)
    assert int(read_until(process, r"deciding by version (\d+)"))
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    headers = {"host": "localhost:1"}
    connection.request("GET", "/.well-known/authzen-configuration", headers=headers)
    told = json.loads(connection.getresponse().read())
    connection.close()
    assert told["policy_decision_point"] == f"http://127.0.0.1:{port}"


def test_version_that_comes_while_it_serves(
    world: Path, oikeus: Run, spawn: Spawn
) -> None:
    """A question that names it is answered by it."""
    assert world.exists()
    process = spawn("serve", "--port", "0", "--insecure-no-auth")
    port = read_until(process, LISTENING)
    assert int(read_until(process, r"deciding by version (\d+)")) == 3
    subject = f"person:{QUESTION['subject']['id']}"  # type: ignore[index]
    assert oikeus("block", subject, "--reason", "test").code == 0
    asked = QUESTION | {"context": {"at_least_version": 4}}
    deadline = time.monotonic() + PATIENCE
    answer: Any = None
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    headers = {"content-type": "application/json"}
    while time.monotonic() < deadline:
        connection.request("POST", "/access/v1/evaluation", json.dumps(asked), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status == 200:
            break
    connection.close()
    assert answer["context"]["version"] == 4
    assert answer["context"]["reason"] == "the subject is blocked"


def test_service_that_cannot_begin(world: Path, oikeus: Run) -> None:
    """It says why, and ends."""
    ended = oikeus("--db", "sqlite:///none.db", "serve")
    assert (ended.code, ended.out) == (1, "")
    ended = oikeus("serve", "--host", "203.0.113.1", "--behind-proxy", "--port", "0")
    assert ended.code == 1
    assert "cannot listen on `203.0.113.1`" in ended.err
    ended = oikeus("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 # refused
    assert ended.code == 1
    assert "expected --tls-cert and --tls-key" in ended.err
    assert world.exists()


def test_service_without_its_extra(world: Path, run: Run) -> None:
    """It says what to install."""
    assert world.exists()
    before = "sys.modules['msgspec'] = None"
    ended = run("serve", before=before)
    assert ended.code == 1
    assert "pip install 'oikeus[service]'" in ended.err
