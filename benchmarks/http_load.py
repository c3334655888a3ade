"""Load on servers: what is asked of each, who asks, and what it costs either side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from .http_client import Done
from .worlds import ROOT

SERVER_CORE, CLIENT_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of one server.

    Attributes:
        name: what the tables call it.
        port: where it listens.
        process: the id of its process.
        decision: a regular expression that finds each decision in an answer.
        asked: requests as they are sent, each with the decisions of the right answer.
    """

    name: str
    port: int
    process: int
    decision: str
    asked: Sequence[tuple[str, Sequence[str]]]


class Client:
    """The process that asks, as long as the `with` block lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, str] = {}
        with on_core(CLIENT_CORE):
            self._process = subprocess.Popen(  # noqa: S603 # this very program
                [sys.executable, "-m", f"{__package__}.http_client"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def closed(
        self, load: Load, *, connections: int, count: int = 0, seconds: float = 0.0
    ) -> Done:
        """Keep a request on its way on each connection.

        Raises:
            AssertionError: the server gave another answer than was expected.
        """
        job = {"connections": connections, "count": count, "seconds": seconds}
        return self._do(load, job)

    def scheduled(
        self, load: Load, *, connections: int, rate: float, seconds: float
    ) -> Done:
        """Send so many requests a second, whatever was answered.

        Raises:
            AssertionError: the server gave another answer than was expected.
        """
        job = {"connections": connections, "rate": rate, "seconds": seconds}
        return self._do(load, job)

    def _do(self, load: Load, job: dict[str, Any]) -> Done:
        if load.name not in self._kept:
            kept = self._folder / f"load-{len(self._kept)}.json"
            text = {"port": load.port, "decision": load.decision, "asked": load.asked}
            kept.write_text(json.dumps(text), encoding="utf-8")
            self._kept[load.name] = str(kept)
        sent, given = self._process.stdin, self._process.stdout
        assert sent is not None  # noqa: S101 # both are pipes
        assert given is not None  # noqa: S101
        sent.write(json.dumps({"load": self._kept[load.name], **job}) + "\n")
        sent.flush()
        found = json.loads(given.readline() or '{"error": "the client is gone"}')
        if "error" in found:
            message = f"{load.name}: {found['error']}"
            raise AssertionError(message)
        return Done(**found)


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Let what is started meanwhile run on one core, where that can be said.

    A server and its client have one each, so that neither takes the other's time.
    """
    if not hasattr(os, "sched_getaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[number % len(before)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_time(process: int) -> float | None:
    """How long a process has been on the processor, where the system tells."""
    kept = Path(f"/proc/{process}/stat")
    if not kept.exists():
        return None
    # the name, which stands in brackets, may hold anything
    fields = kept.read_text(encoding="utf-8").rpartition(")")[2].split()
    user, system = (int(field) for field in fields[11:13])
    return (user + system) / os.sysconf("SC_CLK_TCK")
