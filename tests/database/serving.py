"""A node: a process of `oikeus serve`, asked over HTTP all the time it lives."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHOOL, ELSEWHERE = "1.2.246.562.10.90101000000", "1.2.246.562.10.90201010000"
PATIENCE = 120.0
PROGRAM = "from oikeus_cli.main import main; main()"
_LISTENS = "listening on"
OK, UNAVAILABLE, UNREACHABLE = 200, 503, 0
"""Statuses; the last one stands for no answer at all."""

Asked = tuple[str, str]
"""Who is asked about, without the kind, and where they would read."""


@dataclass(frozen=True)
class Answer:
    """What was answered at once: by one version, or why not."""

    status: int
    version: int = 0
    asked: tuple[Asked, ...] = ()
    allowed: tuple[bool, ...] = ()


def question(asked: Asked) -> dict[str, Any]:
    """Whether somebody may read at a place."""
    who, place = asked
    return {
        "subject": {"type": "person", "id": who},
        "action": {"name": "read"},
        "resource": {"type": "hoks", "id": "1", "properties": {"organisation": place}},
    }


@dataclass
class Node:
    """A process that serves, in all of its lives.

    Attributes:
        choose: what to ask next, by the version that answered last; it is not asked
            all the time without.
        token: who asks; anybody may without one.
        heard: the answers in their order.
    """

    url: str
    folder: Path
    name: str
    choose: Callable[[int], Sequence[Asked]] | None = None
    token: str = ""
    heard: list[Answer] = field(default_factory=list)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin a life, at a port that is free."""
        lives = self.log.count(_LISTENS)
        words = [sys.executable, "-c", PROGRAM, "--db", self.url, "serve"]
        words += ["--port", "0", "--drain-seconds", "0"]
        words += ["--state", str(self.folder / self.name)]
        words += [] if self.token else ["--insecure-no-auth"]
        with (self.folder / f"{self.name}.err").open("ab") as err:
            self.process = subprocess.Popen(words, stderr=err)  # noqa: S603 # ours
        until(lambda: self.log.count(_LISTENS) > lives, "it listens", self.lives)
        ports = re.findall(rf"{_LISTENS} \S+:(\d+)\n", self.log)
        self.port = int(ports[-1])

    def kill(self) -> None:
        """End it without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def lives(self) -> bool:
        """Whether it has not ended by itself."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        """All that it has said."""
        said = self.folder / f"{self.name}.err"
        return said.read_text(encoding="utf-8") if said.exists() else ""

    def health(self) -> tuple[int, str, int | None]:
        """Whether it is ready, how it stands, and by which version it decides."""
        status, told = self.send("/health/ready")
        return status, told.get("reason", ""), told.get("version")

    def ask(self, asked: Sequence[Asked], at_least: int = 0) -> Answer:
        """Ask about several at once."""
        body = {
            "context": {"at_least_version": at_least},
            "evaluations": [question(each) for each in asked],
        }
        status, told = self.send("/access/v1/evaluations", body)
        if status != OK:
            return Answer(status)
        answers = told["evaluations"]
        (version,) = {each["context"]["version"] for each in answers}
        allowed = tuple(each["decision"] for each in answers)
        return Answer(status, version, tuple(asked), allowed)

    def read(self, asked: Asked, version: int) -> Answer:
        """Ask for what a version has just brought, until it is answered."""
        answers: list[Answer] = []

        def is_answered() -> bool:
            answers.append(self.ask([asked], version))
            return answers[-1].status != UNAVAILABLE

        until(is_answered, f"version {version} is read", self.lives)
        return answers[-1]

    def go_on(self, ending: threading.Event) -> None:
        """Ask until told to end."""
        version = 0
        while self.choose is not None and not ending.wait(0.01):
            answer = self.ask(self.choose(version))
            version = answer.version or version
            self.heard.append(answer)

    def send(self, path: str, body: object = None) -> tuple[int, Any]:
        """Send a request, by POST with a body; the status and the JSON answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE)
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        try:
            method, sent = ("GET", None) if body is None else ("POST", json.dumps(body))
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):
            return UNREACHABLE, {}
        finally:
            connection.close()


def until(
    condition: Callable[[], bool],
    what: str,
    meanwhile: Callable[[], bool] = lambda: True,
) -> None:
    """Wait until something has happened, or fail."""
    pause, waited = threading.Event(), 0.0
    while not condition():
        assert waited < PATIENCE, what
        assert meanwhile(), what
        pause.wait(0.05)
        waited += 0.05


@contextmanager
def serving(nodes: Sequence[Node]) -> Iterator[None]:
    """Start them and ask them; whatever happens, none is left."""
    ending = threading.Event()
    asking = [threading.Thread(target=node.go_on, args=(ending,)) for node in nodes]
    try:
        for node in nodes:
            node.start()
        for thread in asking:
            thread.start()
        yield
    finally:
        ending.set()
        for thread in asking:
            if thread.ident is not None:
                thread.join(PATIENCE)
        for node in nodes:
            node.kill()
