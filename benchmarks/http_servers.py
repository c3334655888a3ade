"""Servers under load: real processes on the loopback, each stopped by its own id."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from .http_load import SERVER_CORE, on_core
from .worlds import ROOT

_WITHIN = 300.0
"""Seconds that a server may take until it listens: stock Casbin loads slowly."""
_PAUSE, _PATIENCE = 0.05, 15.0
_SHOWN = 2_000


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str]
) -> Iterator[int]:
    """Run a server until the `with` block ends; the id of its process.

    Raises:
        AssertionError: it stopped, or did not listen in time.
    """
    with log.open("wb") as out, on_core(SERVER_CORE):
        process = subprocess.Popen(  # noqa: S603 # the command is ours
            command,
            cwd=ROOT,
            env=dict(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of these benchmarks."""
    return [sys.executable, "-m", f"{__package__}.{module}", *arguments]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def post(path: str, body: object, headers: Mapping[str, str] | None = None) -> str:
    """A request as it is sent, all of it."""
    content = json.dumps(body, separators=(",", ":"))
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(content.encode())}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + content


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(_PAUSE)
        else:
            return
    said = log.read_text(encoding="utf-8", errors="replace")[-_SHOWN:]
    message = f"{process.args!r} does not listen: {said}"
    raise AssertionError(message)
