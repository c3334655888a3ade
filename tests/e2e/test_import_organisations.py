"""Importing the register: all or nothing, and what changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]
Contents = Callable[[Path], engine.Contents]

ROOT = "1.2.246.562.10.00000000001"
KEUDA = "1.2.246.562.10.90101000000"


def test_organisations_are_told_as_they_change(
    oikeus: Run, checkout: Path, contents: Contents
) -> None:
    """Talk names each; the result counts them."""
    oikeus("apply", "policies", "--yes")
    ended = oikeus("import", "organisations", "examples/organisations.json")
    assert (ended.code, ended.out) == (
        0,
        "version 2: 43 added, 1 renamed, 0 unchanged\n",
    )
    told = ended.err.splitlines()
    assert len(told) == 44
    assert told[0] == (
        "added: 1.2.246.562.10.90100000000 Keski-Uudenmaan koulutuskuntayhtymä: under "
        f"{ROOT}"
    )
    ended = oikeus("import", "organisations", "examples/organisations.json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "version 2: no change, 44 unchanged\n"
    assert len(contents(checkout / "oikeus.db").names) == 44


def organisation(**changes: object) -> dict[str, object]:
    """Keuda as the register has it, but for what is said."""
    return {
        "oid": KEUDA,
        "parentOid": "1.2.246.562.10.90100000000",
        "nimi": {"fi": "Keski-Uudenmaan ammattiopisto Keuda"},
        "status": "AKTIIVINEN",
        "tyypit": ["organisaatiotyyppi_02"],
        **changes,
    }


def test_update_is_shown_before_and_after(oikeus: Run, world: Path, desk: Path) -> None:
    """Names, levels and status; programs get lists."""
    assert world.parent == desk
    path = desk / "update.json"
    changed = organisation(
        nimi={"fi": "Keuda"}, status="PASSIIVINEN", tyypit=["organisaatiotyyppi_03"]
    )
    path.write_text(json.dumps([changed]), encoding="utf-8")
    ended = oikeus("--format", "json", "import", "organisations", path)
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    # which grants have not ended depends on the day of the test
    assert {each["case"] for each in found.pop("stranded")} <= {"level", "passive"}
    assert found == {
        "version": 4,
        "added": [],
        "renamed": [
            f"{KEUDA} Keuda: fi Keski-Uudenmaan ammattiopisto Keuda -> fi Keuda"
        ],
        "moved": [],
        "levels": [f"{KEUDA} Keuda: oppilaitos -> toimipiste"],
        "status": [f"{KEUDA} Keuda: active -> passive"],
        "unchanged": 0,
        "warnings": [],
        "dry_run": False,
    }


def test_move_is_shown_and_needs_to_be_accepted(
    oikeus: Run, world: Path, desk: Path, contents: Contents
) -> None:
    """Rights would change hands with it."""
    assert world.parent == desk
    path = desk / "move.json"
    moved = organisation(parentOid="1.2.246.562.10.90200000000")
    path.write_text(json.dumps([moved]), encoding="utf-8")
    before = contents(world)
    ended = oikeus("import", "organisations", path)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"{path}: $[0]: `{KEUDA}` moves from `1.2.246.562.10.90100000000` to "
        "`1.2.246.562.10.90200000000`, which needs to be accepted with "
        "--accept-moves\nerror: 1 problem, nothing was changed\n"
    )
    assert contents(world) == before
    ended = oikeus("import", "organisations", path, "--accept-moves")
    assert (ended.code, ended.out) == (0, "version 4: 1 moved, 0 unchanged\n")
    assert ended.err == (
        f"moved: {KEUDA} Keski-Uudenmaan ammattiopisto Keuda: "
        "1.2.246.562.10.90100000000 -> 1.2.246.562.10.90200000000\n"
    )


def test_register_can_come_before_the_policy(
    oikeus: Run, checkout: Path, contents: Contents
) -> None:
    """The folder of policies beside gives the words; loading it changes no answer."""
    words = ("import", "organisations", "examples/organisations.json")
    assert oikeus(*words).out == "version 1: 43 added, 1 renamed, 0 unchanged\n"
    ended = oikeus("apply", "policies", "--yes")
    assert ended.code == 0
    assert "warning" not in ended.err
    assert oikeus("import", "grants", "examples/grants.csv").code == 0
    question = ("person:1.2.246.562.24.90100000003", "read", "hoks", KEUDA)
    assert oikeus("decide", *question, "--at", "2026-11-02").code == 0
    assert len(contents(checkout / "oikeus.db").names) == 44


def test_register_before_any_policy_needs_one_to_be_named(
    oikeus: Run, examples: Path, policies: Path
) -> None:
    """It is said how."""
    words = ("import", "organisations", examples / "organisations.json")
    ended = oikeus(*words)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: the database holds no policy, which names the root and the levels: "
        "load one with `oikeus apply policies/`, or name one with --policies\n"
    )
    assert oikeus(*words, "--policies", policies).code == 0


UNREADABLE = {
    "binary": (b"\x00\xff", "is not UTF-8 at byte 1, expected UTF-8"),
    "empty": (b"", ":1: cannot be read as JSON, "),
    "half": (b"[{", ":1: cannot be read as JSON, "),
    "CSV": (b"a,b\n1,2\n", ":1: cannot be read as JSON, "),
    "deep": (b"[" * 100_000, "is nested too deep, expected some dozen levels"),
    "number": (b"5", "expected"),
    "huge line": (b'["' + b"x" * 3_000_000 + b'"]', "expected an organisation"),
}


@pytest.mark.parametrize(("data", "text"), UNREADABLE.values(), ids=UNREADABLE)
def test_document_that_cannot_be_read_is_refused_with_its_name(
    oikeus: Run, world: Path, data: bytes, text: str, contents: Contents
) -> None:
    """Nothing is imported, and the text stays short."""
    path = world.with_name("extract.json")
    path.write_bytes(data)
    before = contents(world)
    ended = oikeus("import", "organisations", path)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"{path}:")
    assert text in ended.err
    assert len(ended.err) < 1000
    assert contents(world) == before


def test_grants_that_begin_to_decide_are_told(
    oikeus: Run, world: Path, insert: Callable[..., None]
) -> None:
    """As warnings, and programs get a list."""
    days = f"{KEUDA}@2026-01-01..2026-12-31"
    insert(world, "g", "person:m", "role:vastuukayttaja", days)
    path = world.with_name("update.json")
    types = ["organisaatiotyyppi_01", "organisaatiotyyppi_02"]
    path.write_text(json.dumps([organisation(tyypit=types)]), encoding="utf-8")
    ended = oikeus("import", "organisations", path)
    line = f"`g, person:m, role:vastuukayttaja, {days}`"
    assert ended.code == 0
    assert f"warning: {line}: now decides: {line}" in ended.err.splitlines()
    path.write_text(json.dumps([organisation()]), encoding="utf-8")
    ended = oikeus("--format", "json", "import", "organisations", path)
    (warning,) = json.loads(ended.out)["warnings"]
    assert warning.startswith(f"{line}: no longer decides: {line}, ")


def test_second_mode_for_a_subtree_refuses_the_import(
    oikeus: Run, world: Path, contents: Contents
) -> None:
    """Both groups of roles could be granted there."""
    path = world.with_name("move.json")
    provider, other = "1.2.246.562.10.90400000000", "1.2.246.562.10.90100000000"
    moved = organisation(oid=provider, parentOid=other)
    path.write_text(json.dumps([moved]), encoding="utf-8")
    before = contents(world)
    ended = oikeus("import", "organisations", path, "--accept-moves")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[0] == (
        f"{path}: $[0]: `{provider}` would have the modes `mode:integraatio`, "
        "`mode:syottoliittyma`, its own or from above; expected one"
    )
    assert contents(world) == before
