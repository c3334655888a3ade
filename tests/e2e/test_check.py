"""Checking policies: everything that is wrong, and nothing loaded."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Contents = Callable[[Path], engine.Contents]
Edit = Callable[[Path, str, str], None]

KEUDA = "1.2.246.562.10.90101000000"


def test_check_of_right_files_says_so(
    oikeus: Run, world: Path, checkout: Path, contents: Contents
) -> None:
    """Judged together with what the database holds."""
    assert world.parent == checkout
    ended = oikeus("check", "policies")
    count = sum(line.source is not None for line in contents(world).lines)
    assert (ended.code, ended.out, ended.err) == (
        0,
        f"{count} lines, nothing wrong\n",
        "",
    )
    ended = oikeus("check", "policies", "--format", "json")
    assert (ended.code, json.loads(ended.out)) == (0, {"errors": [], "warnings": []})


def test_check_without_a_database_makes_none(oikeus: Run, checkout: Path) -> None:
    """It warns of what the register may bring, and says why it cannot know."""
    ended = oikeus("check", "policies")
    assert ended.code == 0
    first, *warnings = ended.err.splitlines()
    assert first == (
        "note: judged by the files alone, there is no database `oikeus.db`, "
        "make one with `oikeus apply policies/`"
    )
    assert len(warnings) == 8
    assert not (checkout / "oikeus.db").exists()


def test_check_of_wrong_files_ends_with_3(oikeus: Run, broken: list[str]) -> None:
    """The problems are the result, how many there are is talk."""
    ended = oikeus("check", "policies")
    assert ended.code == 3
    assert ended.out.splitlines() == broken
    assert ended.err.splitlines()[-1] == "2 problems"
    found = json.loads(oikeus("check", "policies", "--format", "json").out)
    assert [
        f"{each['file']}:{each['line']}: {each['text']}" for each in found["errors"]
    ] == broken


def test_check_finds_what_only_the_register_makes_wrong(
    oikeus: Run, world: Path, checkout: Path
) -> None:
    """As a load would."""
    assert world.parent == checkout
    (checkout / "policies" / "more.csv").write_text(
        f"g, person:a, role:vastuukayttaja, {KEUDA}@2026-01-01..2026-12-31\n",
        encoding="utf-8",
    )
    ended = oikeus("check", "policies")
    assert (ended.code, ended.err) == (3, "1 problem\n")
    assert ended.out == (
        f"policies/more.csv:1: `role:vastuukayttaja` cannot be held at `{KEUDA}`, "
        "which has `level:oppilaitos`; expected `level:koulutustoimija`\n"
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("more.csv", b"\xff\xfe\x00"),
        ("ehoks.yaml", b"\x00\xff"),
        ("more.csv", b"\0" * 99),
    ],
)
def test_binary_policy_file_is_a_problem_like_any_other(
    oikeus: Run, checkout: Path, name: str, data: bytes
) -> None:
    """With its place, and no traceback."""
    (checkout / "policies" / name).write_bytes(data)
    ended = oikeus("check", "policies")
    assert ended.code == 3
    assert f"policies/{name}" in ended.out


def test_folder_without_a_catalogue_is_no_policy(oikeus: Run, checkout: Path) -> None:
    """Such as the wrong folder."""
    (checkout / "empty").mkdir()
    for command, code in (("check", 3), ("apply", 1)):
        ended = oikeus(command, "empty")
        assert ended.code == code
        assert "expected one catalogue, a .yaml file" in ended.out + ended.err


def test_pipe_in_the_folder_is_a_problem_and_nobody_waits(
    oikeus: Run, checkout: Path
) -> None:
    """Nobody writes to it; it would be read for ever."""
    os.mkfifo(checkout / "policies" / "more.csv")
    for command, code in (("check", 3), ("apply", 1)):
        ended = oikeus(command, "policies")
        assert ended.code == code
        text = "policies/more.csv: is no regular file, expected a file of text"
        assert text in ended.out + ended.err


@pytest.mark.parametrize(("command", "code"), [("check", 0), ("plan", 3)])
def test_model_that_needs_no_grant_is_warned_of(
    oikeus: Run, checkout: Path, edit: Edit, command: str, code: int
) -> None:
    """It is not refused, since somebody may want it."""
    term = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'
    edit(checkout / "model.conf", f" && {term} \\\n", " \\\n")
    model = (checkout / "model.conf").read_text(encoding="utf-8").splitlines()
    number = model.index("    && r.obj == p.obj && r.act == p.act") + 1
    text = (
        f"model.conf:{number}: `m` can allow without a grant: `{term}` is no term of "
        "it that must hold by itself, so that roles and their days may decide nothing; "
        "join it to the others with `&&`, unless that is what you want"
    )
    ended = oikeus(command, "policies")
    assert ended.code == code
    assert f"warning: {text}" in ended.err.splitlines()
    ended = oikeus(command, "policies", "--format", "json")
    assert (ended.code, "can allow without a grant" in ended.out) == (code, True)
