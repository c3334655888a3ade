"""The image asks its node whether it is ready, over what the node speaks."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from oikeus.service.exposure import Tls
from oikeus.service.health import Health, Readiness

from ..certificates import make_certificate
from .test_connections import quietly, serving

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def asks(port: int) -> int:
    """With what the image's own question ends."""
    script = [sys.executable, "-I", str(DEPLOY / "healthy.py"), str(port)]
    done = subprocess.run(script, capture_output=True, check=False)  # noqa: S603 # ours
    assert (done.stdout, done.stderr) == (b"", b"")
    return done.returncode


@pytest.mark.parametrize("speaks_tls", [False, True])
def test_node_that_is_ready(
    made_world: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    speaks_tls: bool,  # noqa: FBT001 # a case
) -> None:
    """With a certificate that nobody here trusts as well."""
    tls = Tls(*make_certificate(tmp_path)) if speaks_tls else None
    with quietly(serving(made_world, tmp_path, tls), monkeypatch) as port:
        assert asks(port) == 0


def test_node_that_is_not_ready(
    made_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which it says with a status."""
    starting = Readiness(ready=False, reason="starting")
    monkeypatch.setattr(Health, "readiness", lambda *_: starting)
    with quietly(serving(made_world, tmp_path), monkeypatch) as port:
        assert asks(port) == 1


def test_node_that_is_not_there() -> None:
    """Nothing is reached."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert asks(bound.getsockname()[1]) == 1
