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
    assert process.stderr is not None
    giving_up = threading.Timer(PATIENCE, process.kill)
    giving_up.start()
    try:
        for line in process.stderr:
            found = re.search(pattern, line.decode())
            if found:
                return found[1]
    finally:
        giving_up.cancel()
    pytest.fail(f"the process ended without saying {pattern}")
