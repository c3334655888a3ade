"""On what terms `serve` starts: what is not safe is refused before it listens."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..certificates import make_certificate

Run = Callable[..., Any]
EVERYWHERE = ("--host", "0.0.0.0")  # noqa: S104 # refused
HALF = "expected all of --jwt-issuer, --jwt-audience and --jwt-jwks"
TOGETHER = "--tls-cert and --tls-key belong together, expected both"
NOBODY = "--insecure-no-auth serves this machine alone, expected"
ALL = ("--jwt-issuer", "a", "--jwt-audience", "b", "--jwt-jwks")

REFUSED: list[tuple[tuple[str, ...], int, str]] = [
    (EVERYWHERE, 1, "`0.0.0.0` can be reached from other machines, expected --tls-"),
    (("--host", "pdp.example"), 1, "`pdp.example` can be reached from other machines"),
    ((*EVERYWHERE, "--insecure-no-auth"), 1, f"{NOBODY} --host 127.0.0.1"),
    (("--behind-proxy", "--insecure-no-auth"), 1, f"{NOBODY} no --behind-proxy"),
    ((*ALL, "keys", "--insecure-no-auth"), 1, "--insecure-no-auth knows nobody"),
    (("--behind-proxy", "--proxy", "10.0.0.1"), 2, "No such option '--proxy'"),
    (("--jwt-issuer", "a"), 2, HALF),
    (("--jwt-audience", "a", "--jwt-jwks", "k"), 2, HALF),
    (("--jwt-scope", "audit"), 2, HALF),
    (("--jwt-access-only",), 2, HALF),
    ((*ALL, "http://a.example/keys"), 1, "keys cannot be fetched from"),
    ((*ALL, "k", "--jwt-kind", "role"), 1, "`role` is no kind of subjects"),
    ((*ALL, "k", "--jwt-algorithm", "HS256"), 2, "'HS256' is not one of"),
    ((*ALL, "no-keys.json", "--jwt-access-only"), 1, "`no-keys.json` cannot be read"),
    (
        (*ALL, "k", "--jwt-scope", "audit", "--jwt-subject-claim", "oid"),
        1,
        "`k` cannot",
    ),
    (("--tls-cert", "no.pem", "--tls-key", "no.pem"), 2, "'no.pem' does not exist"),
    (("--tls-cert", "cert.pem"), 2, TOGETHER),
    (("--tls-key", "key.pem"), 2, TOGETHER),
    (("--tls-cert", "key.pem", "--tls-key", "key.pem"), 1, "cannot be used for TLS"),
    (("--tls-cert", "cert.pem", "--tls-key", "open.pem"), 1, "is open to everybody"),
]


@pytest.fixture
def serve(world: Path, desk: Path, oikeus: Run) -> Iterator[Run]:
    """Start it over the example world; signals are as before afterwards."""
    assert world.exists()
    _, key = make_certificate(desk)
    (desk / "open.pem").write_bytes(key.read_bytes())
    (desk / "open.pem").chmod(0o644)
    numbers = (signal.SIGINT, signal.SIGTERM)
    kept = [signal.getsignal(number) for number in numbers]
    yield lambda *words: oikeus("serve", "--port", "0", *words)
    for number, handler in zip(numbers, kept, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize(("words", "code", "said"), REFUSED, ids=str)
def test_terms_that_are_refused(
    serve: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    """With the exit code, and in one line what was expected."""
    ended = serve(*words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
