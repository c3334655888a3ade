"""A service that was started as a process: what it says until it serves."""

from __future__ import annotations

import re
import subprocess
import threading

import pytest

PATIENCE = 60.0
"""How many seconds it has to say something, or to end."""

LISTENING = r"listening on (https?://127\.0\.0\.1:\d+)"
DECIDING = r"deciding by version (\d+)"


def read_until(process: subprocess.Popen[bytes], pattern: str) -> str:
    """What is said on stderr, until it says this; what is found."""
    return read_all(process, pattern)[0]


def read_all(process: subprocess.Popen[bytes], *patterns: str) -> list[str]:
    """What is said on stderr, until it has said each of these, in whatever order."""
    assert process.stderr is not None
    giving_up = threading.Timer(PATIENCE, process.kill)
    giving_up.start()
    found: dict[int, str] = {}
    try:
        for line in process.stderr:
            for number, pattern in enumerate(patterns):
                match = re.search(pattern, line.decode())
                if match and number not in found:
                    found[number] = match[1]
                    break
            if len(found) == len(patterns):
                return [found[number] for number in range(len(patterns))]
    finally:
        giving_up.cancel()
    pytest.fail(f"the process ended without saying all of {patterns}")
