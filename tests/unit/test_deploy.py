"""What is deployed: the unit and the image name what there is, and hold no secret."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from oikeus_cli.main import cli

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "oikeus.service"
IMAGE = ROOT / "deploy" / "Containerfile"
PAGE = ROOT / "docs" / "deployment.md"


def options(*names: str) -> set[str]:
    """The options of a command, and those of the group before it."""
    command: click.Command = cli
    found = {each for option in cli.params for each in option.opts}
    for name in names:
        assert isinstance(command, click.Group)
        command = command.commands[name]
        found |= {each for option in command.params for each in option.opts}
    return found


@pytest.mark.parametrize("path", [UNIT, IMAGE], ids=lambda path: path.name)
def test_options_exist(path: Path) -> None:
    """Whatever `oikeus serve` is given, it takes."""
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("ExecStart=", "ENTRYPOINT", "CMD"))
    ]
    named = re.findall(r"--[a-z-]+", " ".join(lines))
    assert "--db" in named
    assert set(named) <= options("serve")


def test_page_names_options_that_exist() -> None:
    """An option of the page is one of `oikeus serve`, or of what stands before it."""
    named = re.findall(r"`(--[a-z-]+)", PAGE.read_text(encoding="utf-8"))
    assert named
    assert set(named) <= options("serve")


def test_no_secret_is_on_the_command_line_or_in_the_environment() -> None:
    """Both hand over files: a URL that names a service of libpq holds no password."""
    for path in (UNIT, IMAGE):
        text = path.read_text(encoding="utf-8")
        assert "postgresql://?service=oikeus" in text
        assert "PGPASSWORD" not in text
        assert "OIKEUS_DB" not in text
    unit = UNIT.read_text(encoding="utf-8")
    assert "LoadCredential=pg_service.conf:" in unit
    assert "Environment=PGSERVICEFILE=%d/pg_service.conf" in unit


def test_image_is_built_from_what_is_pinned() -> None:
    """Each file that is copied is there, and everything installed has a hash."""
    text = IMAGE.read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE)
    assert copied
    assert [
        name for names in copied for name in names.split() if not (ROOT / name).exists()
    ] == []
    assert text.count("--require-hashes") == text.count("--requirement")
    assert "://" not in text.replace("postgresql://", "").replace(
        "http://127.0.0.1", ""
    )
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", text, re.MULTILINE)


def test_context_of_the_image_is_named() -> None:
    """Nothing else of the checkout can come into a layer, such as a database."""
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    copied = re.findall(
        r"^COPY (?!--)(.+) \S+$", IMAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    named = {name for names in copied for name in names.split()}
    assert {line[1:] for line in ignored if line.startswith("!")} == named


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_is_one(tmp_path: Path) -> None:
    """Systemd finds nothing to say of it, once there is a program to run."""
    text = UNIT.read_text(encoding="utf-8")
    kept = tmp_path / "oikeus.service"
    kept.write_text(text.replace("/usr/local/oikeus/bin/oikeus", sys.executable))
    done = subprocess.run(  # noqa: S603 # a tool of the system
        ["systemd-analyze", "verify", str(kept)],  # noqa: S607 # where the system has it
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "oikeus.service" in line]
    assert (done.returncode, said) == (0, [])
