"""The examples of the README and of the documents do what stands below them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import oikeus
from oikeus.policy.validity import Ending

HOME = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
RUN = "from oikeus_cli.main import main; main()"


def blocks(document: str) -> Iterator[tuple[str, str]]:
    """The runnable blocks of a document, in order."""
    for match in BLOCK.finditer((HOME / document).read_text(encoding="utf-8")):
        yield match[1], match[2]


def transcript(console: str) -> Iterator[tuple[str, str]]:
    """Each command of a block with the output that stands below it."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a reader of the README has before them, and the command on the path."""
    for name in ("policies", "examples"):
        shutil.copytree(HOME / name, tmp_path / name)
    shutil.copy(HOME / "model.conf", tmp_path)
    command = tmp_path / "bin" / "oikeus"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{RUN}' \"$@\"\n")
    command.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("document", "least"),
    [
        ("README.md", 10),
        ("docs/contrib.md", 6),
        ("docs/delegation.md", 3),
        ("docs/review.md", 5),
    ],
)
def test_examples_print_what_stands_below_them(
    checkout: Path, document: str, least: int
) -> None:
    """Every console block gives its output, every Python block runs, in their order."""
    path = f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    environment.pop("OIKEUS_DB", None)
    ran = 0
    for language, text in blocks(document):
        if language == "python":
            steps = [((sys.executable, "-c", _closing(text)), "")]
        else:
            steps = [
                (("/bin/sh", "-c", command), output)
                for command, output in transcript(text)
            ]
        for command, expected in steps:
            done = subprocess.run(  # noqa: S603 - the README's own commands
                command,
                cwd=checkout,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert "Traceback" not in done.stderr
            if language == "console":
                assert done.stdout == _today(expected), done.stderr
            else:
                assert done.returncode == 0, done.stderr
            ran += 1
    assert ran > least, f"{document} has lost its examples"


def _today(expected: str) -> str:
    """What is granted begins today, and the README was written on one day."""
    today = oikeus.today_in_finland()
    ending = Ending.parse("P1Y").last_day(today)
    lapsing = Ending.parse("P60D").last_day(today)
    for written, meant in (
        ("2026-11-28", today),
        ("2027-11-27", ending),
        ("2027-01-26", lapsing),
    ):
        expected = expected.replace(written, str(meant))
    return expected


def _closing(text: str) -> str:
    """Blocks go on where the last one ended: a later one gets the first one's point."""
    first = next(
        block for language, block in blocks("README.md") if language == "python"
    )
    opening = first if text is not first and "connect(" not in text else ""
    return f"{opening}\n{text}\npoint.close()\n"
