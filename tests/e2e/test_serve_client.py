"""Clients of `oikeus serve` as it runs: the command with `--server`, and Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oikeus import Scope, Store, create_token

from ..certificates import make_certificate
from .conftest import command
from .started import DECIDING, LISTENING, PATIENCE, read_until

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]

GRANTER = "person:1.2.246.562.24.90100000012"
TEACHER = "person:1.2.246.562.24.90100000013"
NEWCOMER = "person:1.2.246.562.24.90100000077"
SCHOOL = "1.2.246.562.10.90101000000"
ELSEWHERE = "1.2.246.562.10.90201000000"
SOMEBODY = "person:1.2.246.562.24.90100000078"
OTHER = "person:1.2.246.562.24.90100000079"
RIGHT = (NEWCOMER, "ehoks-kayttaja", SCHOOL)


@dataclass(frozen=True)
class Serves:
    """A service, and files with tokens of three who may ask it.

    Attributes:
        db: the database below it.
        url: where it is.
        granter: of one who holds a power, and may audit.
        newcomer: of one who holds nothing.
        asker: of a system that may ask, and neither search nor act.
        ca_file: its certificate.
    """

    db: str
    url: str
    granter: Path
    newcomer: Path
    asker: Path
    ca_file: Path

    def by(self, token: Path) -> tuple[str, ...]:
        """Options of the command, with one of the tokens."""
        told = ("--token-file", str(token), "--ca-file", str(self.ca_file))
        return ("--server", self.url, *told)


@pytest.fixture(scope="module")
def begun(
    made_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serves]:
    """`oikeus serve` over the example world, with TLS; who changes it mends it."""
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{shutil.copy(made_world, folder / 'world.db')}"
    certificate, key = make_certificate(folder)

    def token(name: str, subject: str, *scopes: Scope) -> Path:
        with Store.open(url) as store:
            made = create_token(store, subject, scopes=scopes, actor="os:tester")
        file = folder / name
        file.touch(0o600)
        file.write_text(f"{made.text}\n")
        return file

    files = (
        token("granter", GRANTER, *Scope),
        token("newcomer", NEWCOMER, Scope.EVALUATE, Scope.ADMINISTER),
        token("asker", "system:asker", Scope.EVALUATE),
    )
    words = ("--port", "0", "--tls-cert", certificate, "--tls-key", key)
    process = subprocess.Popen(  # noqa: S603 # ours
        [*command(), "--db", url, "serve", "--drain-seconds", "0", *words],
        stderr=subprocess.PIPE,
    )
    try:
        address = read_until(process, LISTENING)
        assert int(read_until(process, DECIDING)) >= 4
        yield Serves(url, address, *files, certificate)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def serves(begun: Serves, monkeypatch: pytest.MonkeyPatch) -> Serves:
    """That service; the same database is asked where no service is named."""
    monkeypatch.setenv("OIKEUS_DB", begun.db)
    return begun


ENDED = "person:1.2.246.562.24.90200000004"
LATE = ("--at", "2026-11-02")
OFFICE = "1.2.246.562.10.90201010000"
HEAD = "person:1.2.246.562.24.90100000002"

ASKED: list[tuple[int, tuple[str, ...]]] = [
    (0, ("decide", TEACHER, "read", "hoks", SCHOOL)),
    (3, ("decide", ENDED, "read", "hoks", OFFICE, *LATE)),
    (0, ("decide", ENDED, "read", "hoks", OFFICE, "--at", "2026-03-01")),
    (1, ("decide", "robot:1", "read", "hoks", SCHOOL)),
    (0, ("explain", TEACHER, "read", "hoks", SCHOOL)),
    (3, ("explain", ENDED, "read", "hoks", OFFICE, *LATE)),
    (3, ("explain", NEWCOMER, "update", "hoks", SCHOOL, *LATE)),
    (0, ("may-grant", HEAD, "ehoks-kayttaja", SCHOOL, "--to", NEWCOMER, *LATE)),
    (3, ("may-grant", ENDED, "ehoks-kayttaja", SCHOOL, "--to", NEWCOMER, *LATE)),
    (0, ("who-can", "read", "hoks", SCHOOL, *LATE)),
    (0, ("what-can", TEACHER, SCHOOL)),
    (0, ("where-can", TEACHER, "read", "hoks")),
    (3, ("what-can", NEWCOMER)),
    (3, ("where-can", NEWCOMER, "read", "hoks")),
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_questions_are_answered_as_at_the_database(
    oikeus: Run, serves: Serves, form: str
) -> None:
    """Result, talk and exit code; places are listed without their names."""
    there = serves.by(serves.granter)
    for code, words in ASKED:
        served = oikeus(*there, "--format", form, *words)
        own = oikeus("--format", form, *words)
        assert served.code == own.code == code, words
        if form == "json" or words[0] not in {"what-can", "where-can"}:
            assert in_any_order(served.out) == in_any_order(own.out)
        if code != 1:  # the service has words of its own for what is no question
            # of a name that nobody knows the service does not say so
            told, _, _ = own.err.partition(": no line is about")
            assert served.err.rstrip("\n") == told.rstrip("\n")
        assert "Traceback" not in served.err


def in_any_order(text: str) -> object:
    """JSON whose lists have no order, or text as it is."""

    def sorted_inside(value: object) -> object:
        if isinstance(value, list):
            return sorted(map(sorted_inside, value), key=json.dumps)
        if isinstance(value, dict):
            return {name: sorted_inside(each) for name, each in value.items()}
        return value

    try:
        return sorted_inside(json.loads(text))
    except ValueError:
        return text


def test_places_are_listed_one_by_one(oikeus: Run, serves: Serves) -> None:
    """There is no tree to sum them up by."""
    ended = oikeus(*serves.by(serves.granter), "where-can", TEACHER, "read", "hoks")
    assert all(re.fullmatch(r"[\d.]+", line) for line in ended.out.splitlines())
    assert SCHOOL in ended.out.splitlines()
    ended = oikeus(*serves.by(serves.granter), "what-can", TEACHER, SCHOOL)
    assert ended.out == f"read hoks at {SCHOOL}\nshare hoks at {SCHOOL}\n"


def test_batch_is_answered_as_at_the_database(
    examples: Path, oikeus: Run, serves: Serves
) -> None:
    """Line by line, with the whole reasons."""
    words = ("decide", "--batch", examples / "requests.jsonl")
    served, own = oikeus(*serves.by(serves.granter), *words), oikeus(*words)
    assert (served.code, served.out) == (own.code, own.out)
    assert len(own.out.splitlines()) == 24


def test_what_only_a_database_has_is_refused(oikeus: Run, serves: Serves) -> None:
    """The past, and records of one's own."""
    there = serves.by(serves.granter)
    question = ("decide", TEACHER, "read", "hoks", SCHOOL)
    for more, told in (
        (("--as-of", "3"), "expected no --as-of"),
        (("--record", "decisions.jsonl"), "expected no --record"),
    ):
        ended = oikeus(*there, *question, *more)
        assert (ended.code, ended.out, told in ended.err) == (2, "", True)


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "sqlite:///oikeus.db"])
def test_server_that_is_no_address(oikeus: Run, serves: Serves, url: str) -> None:
    """It says what an address looks like, and no database is asked in its place."""
    there = serves.by(serves.granter)
    ended = oikeus("--server", url, *there[2:], "decide", TEACHER, "read", "x", SCHOOL)
    assert (ended.code, ended.out) == (2, "")
    assert "names no service, expected https://HOST" in ended.err


def test_curl_of_the_documentation(world: Path, repository: Path, spawn: Spawn) -> None:
    """What it is answered has the form that stands below it."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    assert world.exists()
    text = (repository / "docs" / "service.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    asked = [number for number, each in enumerate(blocks) if "curl " in each]
    assert asked
    process = spawn("serve", "--port", "0", "--insecure-no-auth")
    url = read_until(process, LISTENING)
    assert int(read_until(process, DECIDING))
    for number in asked:
        command = textwrap.dedent(blocks[number]).replace("localhost:8080", url)
        done = subprocess.run(  # noqa: S603 # what a reader types
            ("/bin/sh", "-c", command), capture_output=True, check=True, timeout=60
        )
        answer, told = json.loads(done.stdout), json.loads(blocks[number + 1])
        assert answer.keys() == told.keys()
        assert answer["context"].keys() == told["context"].keys()


def alike(text: str) -> str:
    """What was written, whichever version it made, and of whichever newcomer."""
    told = text.replace(OTHER, SOMEBODY)
    return re.sub(r"(version|change:) \d+|(\"version\": )\d+", r"\1\2N", told)


ACTS: list[tuple[int, tuple[str, ...]]] = [
    (0, ("grant", SOMEBODY, "ehoks-kayttaja", SCHOOL, "--reason", "new")),
    (0, ("grant", SOMEBODY, "ehoks-kayttaja", SCHOOL)),
    (0, ("renew", SOMEBODY, "ehoks-kayttaja", SCHOOL)),
    (3, ("grant", SOMEBODY, "palvelukayttaja", SCHOOL)),
    (3, ("grant", SOMEBODY, "ehoks-kayttaja", ELSEWHERE)),
    (1, ("grant", SOMEBODY, "ehoks-kayttaja", "a@b")),
    (0, ("block", SOMEBODY, "--reason", "lost key")),
    (0, ("unblock", SOMEBODY)),
    (0, ("revoke", SOMEBODY, "ehoks-kayttaja", SCHOOL, "--reason", "left")),
    (3, ("revoke", SOMEBODY, "ehoks-kayttaja", SCHOOL)),
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_acts_are_told_as_at_the_database(
    oikeus: Run, serves: Serves, form: str
) -> None:
    """Result, talk and exit code; the token says on whose power."""
    there, here = serves.by(serves.granter), ("--as", GRANTER)
    for code, words in ACTS:
        at_home = [OTHER if word == SOMEBODY else word for word in words]
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
    assert GRANTER in oikeus(*there, "log", "--limit", "1").out
    assert oikeus(*there, "revoke", *RIGHT).code == 0
    for log in (("log", "--limit", "3"), ("log", "--format", "json")):
        assert oikeus(*there, *log) == oikeus(*log)


def test_explanation_for_a_token_that_may_not_search(
    oikeus: Run, serves: Serves
) -> None:
    """It says what it may, and what it does not say."""
    words = ("explain", ENDED, "read", "hoks", OFFICE, *LATE)
    whole = oikeus(*serves.by(serves.granter), *words)
    ended = oikeus(*serves.by(serves.asker), *words)
    lines = whole.out.splitlines()
    assert any(line.startswith("  ask ") for line in lines)
    assert ended.code == 3
    assert ended.out.splitlines() == [
        line for line in lines if not line.startswith("  ask ")
    ]
    assert ended.err.startswith("note: the token may not search")


def test_token_that_may_not_is_told_so(oikeus: Run, serves: Serves, desk: Path) -> None:
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
    forged = desk / "forged"
    forged.touch(0o600)
    forged.write_text("oik_1_" + "0" * 64)
    ended = oikeus(*serves.by(forged), "decide", TEACHER, "read", "hoks", SCHOOL)
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
    question: tuple[str, ...] = (TEACHER, "read", "hoks")
    environment = {
        **os.environ,
        "OIKEUS_SERVER": serves.url,
        "OIKEUS_TOKEN": serves.asker.read_text().strip(),
        "NODE_EXTRA_CA_CERTS": str(serves.ca_file),
    }

    def ask(**more: str) -> subprocess.CompletedProcess[str]:
        places = (SCHOOL, ELSEWHERE) if question else ()
        words = (node, examples / "node" / "ask.mjs", *question, *places)
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
    assert ask(OIKEUS_SERVER=serves.url + "/").stdout == asked.stdout
    question = ()
    failed = ask()
    assert (failed.returncode, failed.stdout) == (2, "")
    assert failed.stderr.startswith("usage: node ask.mjs ")
