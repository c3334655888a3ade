"""Importing grants: all or nothing, and everything that is wrong."""

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
HEADER = "subject,role,organisation,from,until\n"


def test_grants_are_counted_and_warnings_told(
    oikeus: Run, checkout: Path, contents: Contents
) -> None:
    """Registrations of credentials are counted for themselves."""
    oikeus("apply", "policies", "--yes")
    oikeus("import", "organisations", "examples/organisations.json")
    warning = (
        "examples/grants.csv:14: `1.2.246.562.10.90202000000` (Helsingin tekniikan "
        "alan oppilaitos) is `passive`: no new grants there or below"
    )
    ended = oikeus("import", "grants", "examples/grants.csv")
    assert (ended.code, ended.err) == (0, f"warning: {warning}\n")
    assert ended.out == (
        "version 3: 30 grants added, 3 credentials registered, 0 unchanged\n"
    )
    ended = oikeus("import", "grants", "examples/grants.csv", "--format", "json")
    assert ended.code == 0
    assert json.loads(ended.out) == {
        "version": 3,
        "added": [],
        "registered": [],
        "unchanged": 30,
        "warnings": [warning],
    }
    assert len(contents(checkout / "oikeus.db").lines) > 100


def test_new_grants_for_programs(oikeus: Run, world: Path, desk: Path) -> None:
    """Each with its days; roles without `role:`."""
    assert world.parent == desk
    path = desk / "more.csv"
    row = f"system:new,palvelukayttaja,{KEUDA},2026-01-01,2026-12-31\n"
    path.write_text(HEADER + row, encoding="utf-8")
    found = json.loads(oikeus("import", "grants", path, "--format", "json").out)
    grant = {
        "subject": "system:new",
        "role": "palvelukayttaja",
        "organisation": KEUDA,
        "from": "2026-01-01",
        "until": "2026-12-31",
    }
    assert found == {
        "version": 4,
        "added": [grant],
        "registered": [grant | {"role": "tunnus", "until": "2099-12-31"}],
        "unchanged": 0,
        "warnings": [],
    }


def test_one_wrong_row_refuses_the_file(
    oikeus: Run, world: Path, desk: Path, contents: Contents
) -> None:
    """Every wrong row is named, and none of the right ones is taken."""
    path = desk / "more.csv"
    path.write_text(
        HEADER
        + f"person:good,ehoks-kayttaja,{KEUDA},2026-01-01,2026-12-31\n"
        + f"person:a,opetushallitus,{ROOT},2026-01-01,2026-12-31\n"
        + f"person:a,palvelukayttaja,{KEUDA},2026-01-01,2026-12-31\n"
        + f"person:a,tallentaja,{KEUDA},2026-01-01,2026-12-31\n"
        + f"person:a,ehoks-kayttaja,{KEUDA},2026-12-31,2026-01-01\n"
        + "person:a,ehoks-kayttaja\n",
        encoding="utf-8",
    )
    before = contents(world)
    ended = oikeus("import", "grants", path)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        (
            f"{path}:3: no power gives `opetushallitus`: it comes from the policy "
            "files only"
        ),
        f"{path}:4: `role:palvelukayttaja` is for a system, not for a person",
        (
            f"{path}:5: `{KEUDA}` (Keski-Uudenmaan ammattiopisto Keuda) has the "
            "transfer mode `integraatio`; expected `syottoliittyma`"
        ),
        f"{path}:6: ends on 2026-01-01, before it begins on 2026-12-31",
        (f"{path}:7: has 2 of the values subject, role, organisation, from, until"),
        "error: 5 problems, nothing was changed",
    ]
    assert contents(world) == before


def test_grants_that_are_all_there_are_no_change(
    oikeus: Run, world: Path, examples: Path
) -> None:
    """And no version that was made now."""
    assert world.exists()
    ended = oikeus("import", "grants", examples / "grants.csv")
    assert (ended.code, ended.out) == (
        0,
        "no change: version 3 holds all 30 grants\n",
    )


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", f":1: expected the header `{HEADER.strip()}`"),
        (b"\xff", ": is not UTF-8 at byte 0, expected UTF-8"),
        (b"\x00" * 1000, f":1: expected the header `{HEADER.strip()}`"),
        (b"x" * 3_000_000, f":1: expected the header `{HEADER.strip()}`"),
    ],
    ids=["empty", "no text", "zeros", "huge line"],
)
def test_file_that_holds_no_grants_is_refused_with_its_name(
    oikeus: Run, world: Path, desk: Path, data: bytes, text: str
) -> None:
    """Whatever file was given by mistake."""
    assert world.parent == desk
    path = desk / "more.csv"
    path.write_bytes(data)
    ended = oikeus("import", "grants", path)
    assert (ended.code, ended.out, ended.err) == (
        1,
        "",
        f"{path}{text}\nerror: 1 problem, nothing was changed\n",
    )
