"""Whether all that decisions stand on is as it should be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Insert = Callable[..., None]

VASTUU = "person:1.2.246.562.24.90100000001"
PROVIDER = "1.2.246.562.10.90100000000"


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """The example world is examined."""
    assert world.exists()


def test_doctor_shows_parts_database_and_head(oikeus: Run, world: Path) -> None:
    """All is well: 0."""
    ended = oikeus("doctor")
    facts = dict(line.split(maxsplit=1) for line in ended.out.splitlines())
    assert (ended.code, ended.err) == (0, "")
    assert facts["database"] == "oikeus.db"
    assert (facts["schema"], facts["head"]) == ("0005", "3")
    assert facts["inert"].split() == ["rows", "0"]
    for part in ("python", "oikeus", "pycasbin", "SQLAlchemy", "tzdata"):
        assert facts[part]
    found = json.loads(oikeus("doctor", "--format", "json").out)
    assert (found["database"], found["head"], found["inert"]) == ("oikeus.db", 3, [])
    assert found["parts"]["pycasbin"] == facts["pycasbin"]
    assert world.exists()


def test_doctor_finds_rows_that_decide_nothing(
    oikeus: Run, world: Path, insert: Insert
) -> None:
    """With the reason, and 3 at the end."""
    days = f"{PROVIDER}@2026-01-01..2026-12-31"
    insert(world, "g", VASTUU, "role:palvelukayttaja", days)
    insert(world, "p", "role:tallentaja", "hoks", "read")
    rows = [
        (
            f"g, {VASTUU}, role:palvelukayttaja, {days}",
            "`role:palvelukayttaja` is for a system, not for a person",
        ),
        ("p, role:tallentaja, hoks, read", "has 3 values, expected 4"),
    ]
    ended = oikeus("doctor")
    assert ended.code == 3
    assert ended.out.splitlines()[-3:] == [
        "inert rows           2",
        *(f"  {line}: {reason}" for line, reason in rows),
    ]
    assert ended.err == (
        "inert rows decide nothing: remove them, or mend what they name\n"
    )
    found = json.loads(oikeus("doctor", "--format", "json").out)
    assert [(row["line"], row["reason"]) for row in found["inert"]] == rows


def test_doctor_looks_at_the_parts_even_without_a_database(oikeus: Run) -> None:
    """It is asked when something is wrong."""
    ended = oikeus("doctor", "--db", "sqlite:///none.db")
    assert (ended.code, ended.err) == (
        1,
        (
            "error: there is no database `none.db`, "
            "make one with `oikeus apply policies/`\n"
        ),
    )
    assert ended.out.startswith("python ")
    ended = oikeus("doctor", "--db", "sqlite:///none.db", "--format", "json")
    assert (ended.code, list(json.loads(ended.out))) == (1, ["parts"])
