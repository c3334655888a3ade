"""The examples of the README and of the documents do what stands below them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

import oikeus
from oikeus.policy.validity import Ending

HOME = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SERVES = "Application startup complete"
Serve: TypeAlias = Callable[[str, Path, Mapping[str, str]], None]
RUN = "from oikeus_cli.main import main; main()"


def blocks(document: str) -> Iterator[tuple[str, str]]:
    """The runnable blocks of a document, in order."""
    for match in BLOCK.finditer((HOME / document).read_text(encoding="utf-8")):
        yield match[1], match[2]


def transcript(console: str) -> Iterator[tuple[str, str]]:
    """Each command of a block with the output that stands below it."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.count("'") % 2:  # the shell would ask for the rest
            more, _, output = output.partition("\n")
            command = f"{command}\n{more}"
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


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service in the background, as a shell does, and end it at last."""
    started: list[subprocess.Popen[str]] = []

    def start(command: str, folder: Path, environment: Mapping[str, str]) -> None:
        process = subprocess.Popen(  # noqa: S603 - the README's own command
            ("/bin/sh", "-c", f"exec {command}"),
            cwd=folder,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        giving_up = threading.Timer(60, process.kill)
        giving_up.start()
        assert process.stderr is not None
        serves = any(SERVES in line for line in process.stderr)
        giving_up.cancel()
        assert serves, f"`{command}` ended"

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=60)


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return str(bound.getsockname()[1])


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
    checkout: Path, serve: Serve, document: str, least: int
) -> None:
    """Every console block gives its output, every Python block runs, in their order."""
    path = f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    environment.pop("OIKEUS_DB", None)
    ran = 0
    port = _free_port()
    for language, text in blocks(document):
        if language == "python":
            steps = [((sys.executable, "-c", _closing(text)), "")]
        else:
            steps = [
                (("/bin/sh", "-c", command.replace("8080", port)), output)
                for command, output in transcript(text)
            ]
        for command, expected in steps:
            if command[-1].endswith(" &"):
                serve(f"{command[-1][:-2]} --port {port}", checkout, environment)
                continue
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
                # what came over HTTP ends without a line's end
                said = done.stdout.rstrip("\n")
                assert said == _today(expected).rstrip("\n"), done.stderr
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
