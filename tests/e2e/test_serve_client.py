"""Clients of `oikeus serve` as it runs: the command with `--server`, and Node."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ..certificates import make_certificate
from .started import DECIDING, LISTENING, PATIENCE, read_until

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]

GRANTER = "person:1.2.246.562.24.90100000012"
TEACHER = "person:1.2.246.562.24.90100000013"
NEWCOMER = "person:1.2.246.562.24.90100000077"
SCHOOL = "1.2.246.562.10.90101000000"
ELSEWHERE = "1.2.246.562.10.90201000000"
OTHER = "person:1.2.246.562.24.90100000078"
RIGHT = (NEWCOMER, "ehoks-kayttaja", SCHOOL)


@dataclass(frozen=True)
class Serves:
    """A service, and files with tokens of three who may ask it.

    Attributes:
        url: where it is.
        granter: of one who holds a power, and may audit.
        newcomer: of one who holds nothing.
        asker: of a system that may ask, and neither search nor act.
        ca_file: its certificate.
    """

    url: str
    granter: Path
    newcomer: Path
    asker: Path
    ca_file: Path

    def by(self, token: Path) -> tuple[str, ...]:
        """Options of the command, with one of the tokens."""
        told = ("--token-file", str(token), "--ca-file", str(self.ca_file))
        return ("--server", self.url, *told)


@pytest.fixture
def serves(
    world: Path, desk: Path, examples: Path, oikeus: Run, spawn: Spawn
) -> Iterator[Serves]:
    """`oikeus serve` over the example world, with TLS."""
    assert world.exists()
    assert oikeus("import", "grants", examples / "administrators.csv").code == 0

    def token(name: str, subject: str, *scopes: str) -> Path:
        words = [word for scope in scopes for word in ("--scope", scope)]
        made = oikeus("token", "create", subject, *words)
        (text,) = re.findall(r"oik_\d+_[0-9a-f]{64}", made.out)
        file = desk / name
        file.touch(0o600)
        file.write_text(f"{text}\n")
        return file

    certificate, key = make_certificate(desk)
    all_of_it = ("evaluate", "search", "administer", "audit")
    files = (
        token("granter", GRANTER, *all_of_it),
        token("newcomer", NEWCOMER, "evaluate", "search", "administer"),
        token("asker", "system:asker", "evaluate"),
    )
    tls = ("--tls-cert", certificate, "--tls-key", key)
    process = spawn("serve", "--port", "0", "--drain-seconds", "0", *tls)
    url = read_until(process, LISTENING)
    assert int(read_until(process, DECIDING)) >= 4
    yield Serves(url, *files, certificate)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def alike(text: str) -> str:
    """What was written, whichever version it made, and of whichever newcomer."""
    told = text.replace(OTHER, NEWCOMER)
    return re.sub(r"(version|change:) \d+|(\"version\": )\d+", r"\1\2N", told)


ACTS: list[tuple[int, tuple[str, ...]]] = [
    (0, ("grant", NEWCOMER, "ehoks-kayttaja", SCHOOL, "--reason", "new")),
    (0, ("grant", NEWCOMER, "ehoks-kayttaja", SCHOOL)),
    (0, ("renew", NEWCOMER, "ehoks-kayttaja", SCHOOL)),
    (3, ("grant", NEWCOMER, "palvelukayttaja", SCHOOL)),
    (3, ("grant", NEWCOMER, "ehoks-kayttaja", ELSEWHERE)),
    (1, ("grant", NEWCOMER, "ehoks-kayttaja", "a@b")),
    (0, ("block", NEWCOMER, "--reason", "lost key")),
    (0, ("unblock", NEWCOMER)),
    (0, ("revoke", NEWCOMER, "ehoks-kayttaja", SCHOOL, "--reason", "left")),
    (3, ("revoke", NEWCOMER, "ehoks-kayttaja", SCHOOL)),
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_acts_are_told_as_at_the_database(
    oikeus: Run, serves: Serves, form: str
) -> None:
    """Result, talk and exit code; the token says on whose power."""
    there, here = serves.by(serves.granter), ("--as", GRANTER)
    for code, words in ACTS:
        at_home = [OTHER if word == NEWCOMER else word for word in words]
        served = oikeus(*there, "--format", form, *words)
        own = oikeus("--format", form, *at_home, *here)
        assert served.code == own.code == code, words
        assert alike(served.out) == alike(own.out)
        assert alike(served.err) == alike(own.err)


def test_applications_are_made_and_decided(oikeus: Run, serves: Serves) -> None:
    """By whom the tokens say; the log tells who it was."""
    there = serves.by(serves.granter)
    words = ("ehoks-kayttaja", SCHOOL, "--reason", "new here")
    asked = oikeus(*serves.by(serves.newcomer), "request", *words)
    assert (asked.code, asked.err) == (0, "")
    (number,) = re.findall(r"application (\d+) of", asked.out)
    assert f"of {NEWCOMER} for ehoks-kayttaja at {SCHOOL}" in asked.out
    assert asked.out.endswith("granters  ehoks-paakayttaja\n")
    listed = oikeus(*there, "requests")
    assert listed.out.startswith(f"{number}\t")
    assert oikeus(*serves.by(serves.newcomer), "approve", number).code == 3
    done = oikeus(*there, "approve", number)
    assert (done.code, done.err) == (0, "")
    assert f"application {number} of {NEWCOMER} granted: ehoks-kayttaja" in done.out
    again = oikeus(*there, "approve", number)
    assert (again.code, again.out) == (3, "")
    for log in (("log", "--limit", "3"), ("log", "--format", "json")):
        assert oikeus(*there, *log) == oikeus(*log)
    assert GRANTER in oikeus(*there, "log", "--limit", "1").out


def test_token_that_may_not_is_told_so(oikeus: Run, serves: Serves) -> None:
    """Each of these is an error, and none a negative answer."""
    may_ask = serves.by(serves.asker)
    for words in (
        ("who-can", "read", "hoks", SCHOOL),
        ("grant", *RIGHT),
        ("log",),
    ):
        ended = oikeus(*may_ask, *words)
        assert (ended.code, ended.out) == (1, "")
        assert "the service answered 403: " in ended.err
    serves.asker.write_text("oik_1_" + "0" * 64)
    ended = oikeus(*may_ask, "decide", TEACHER, "read", "hoks", SCHOOL)
    assert (ended.code, ended.out) == (1, "")
    assert "the service answered 401: " in ended.err
    ended = oikeus("--server", serves.url, "log")
    assert (ended.code, ended.out) == (1, "")
    assert "expected one that the system trusts, or its signer's" in ended.err


def test_node_asks_without_a_package(
    examples: Path, oikeus: Run, serves: Serves
) -> None:
    """The same decisions as the command's, alone and together."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    question = (TEACHER, "read", "hoks")
    environment = {
        **os.environ,
        "OIKEUS_SERVER": serves.url,
        "OIKEUS_TOKEN": serves.asker.read_text().strip(),
        "NODE_EXTRA_CA_CERTS": str(serves.ca_file),
    }

    def ask(**more: str) -> subprocess.CompletedProcess[str]:
        words = (node, examples / "node" / "ask.mjs", *question, SCHOOL, ELSEWHERE)
        return subprocess.run(  # noqa: S603 # ours
            words,
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    asked = ask()
    assert (asked.returncode, asked.stderr) == (0, "")
    said = [line.partition(":")[0] for line in asked.stdout.splitlines()]
    assert said == [f"{SCHOOL} allow", f"{SCHOOL} allow", f"{ELSEWHERE} deny"]
    for place, code in ((SCHOOL, 0), (ELSEWHERE, 3)):
        assert oikeus("decide", *question, place).code == code
    failed = ask(OIKEUS_TOKEN="oik_1_" + "0" * 64)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "Error: 401: " in failed.stderr
