"""A service whose log is kept whole, which is asked, and which is told to end."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from .started import PATIENCE

PERSON = "1.2.246.562.24.90100000003"
STRANGER = "1.2.246.562.24.90100000099"
KEUDA = "1.2.246.562.10.90101000000"
ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"


def question(person: str = PERSON, action: str = "read") -> dict[str, Any]:
    """What a service asks: may this person do that at KEUDA."""
    place = {"type": "hoks", "id": "1", "properties": {"organisation": KEUDA}}
    return {
        "subject": {"type": "person", "id": person},
        "action": {"name": action},
        "resource": place,
    }


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.05)


class Connection:
    """One connection, which is kept as long as the service keeps it."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=PATIENCE
        )
        self.headers = {"content-type": "application/json"}
        if token:
            self.headers["authorization"] = f"Bearer {token}"
        self.is_kept = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        """Get something, or ask with a body: status and what was answered."""
        method = "GET" if body is None else "POST"
        self._connection.request(method, path, json.dumps(body), self.headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        self.is_kept = response.headers["connection"] != "close"
        is_json = "json" in (response.headers["content-type"] or "")
        return response.status, json.loads(text) if is_json else text


class Observed:
    """A service as a process.

    Args:
        spawn: starts the command.
        log: where its standard error goes.
        words: further words of `oikeus serve`.
    """

    def __init__(
        self, spawn: Callable[..., subprocess.Popen[bytes]], log: Path, *words: object
    ) -> None:
        self._log = log
        with log.open("wb") as stderr:
            self.process = spawn("serve", "--port", 0, *words, stderr=stderr)
        self.port = int(self.said(r"listening on http://127\.0\.0\.1:(\d+)"))

    @property
    def log(self) -> str:
        """All that it has said by now."""
        return self._log.read_text()

    @property
    def workers(self) -> list[int]:
        """The processes that have said that they decide, in their order."""
        return [int(each) for each in re.findall(r"process (\d+) is dec", self.log)]

    def said(self, pattern: str) -> str:
        """What it says there, when it does."""
        eventually(lambda: self.has_said(pattern))
        found = re.search(pattern, self.log)
        assert found
        return found[1]

    def has_said(self, pattern: str) -> bool:
        """Whether it has, and goes on."""
        has_ended = self.process.poll() is not None
        found = re.search(pattern, self.log)
        assert found or not has_ended, self.log
        return found is not None

    def ask(self, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
        """Ask once, on a connection of its own."""
        with Connection(self.port, token) as connection:
            return connection.ask(path, body)

    def metrics(self, token: str = "") -> Counter[str]:
        """What it counts, by name and labels, of all its processes together."""
        status, text = self.ask("/metrics", token=token)
        assert status == 200
        found: Counter[str] = Counter()
        for line in text.splitlines():
            if not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                name = re.sub(r',?worker="\d+"', "", name).replace("{}", "")
                found[name] += float(value)  # type: ignore[assignment] # a sum
        return found

    def end(self) -> int:
        """Tell it to, and wait; how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def records(folder: Path) -> list[dict[str, Any]]:
    """What the files of a folder record, file by file."""
    files = sorted(folder.glob("decisions-*.jsonl"))
    lines = [line for file in files for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines]
