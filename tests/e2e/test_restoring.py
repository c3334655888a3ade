"""`restore`, and what cannot be told while it is needed."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

ROGUE = ("g", "person:mallory", "role:ehoks-kayttaja")
SPAN = "1.2.246.562.10.90101000000@2026-01-01..2026-12-31"
TAMPERING = (
    "DELETE FROM casbin_rule WHERE ptype = 'p' AND v2 = 'transfer'",
    "DELETE FROM casbin_rule WHERE id = (SELECT max(id) - 3 FROM casbin_rule)",
    "UPDATE casbin_rule SET v2 = 'wipe' WHERE v2 = 'create' AND v1 LIKE 'tiedon%'",
    "UPDATE casbin_rule SET id = 999 WHERE v1 = 'mode:integraatio' AND v0 LIKE '%901%'",
)
PERIOD = ("--from", "2026-01-01", "--until", "2099-12-31")
PAST = (
    ("decide", "person:a", "read", "hoks", "1.2", "--as-of", "2"),
    ("show", "grants", "--as-of", "3"),
    ("who-could", "read", "hoks", "1.2", *PERIOD),
    ("export", "evidence"),
    ("diff", "1", "2"),
)


@pytest.fixture
def tampered(world: Path, insert: Callable[..., None]) -> Path:
    """A grant too many, a rule and a grant too few, one line edited, one elsewhere."""
    insert(world, *ROGUE, SPAN)
    with sqlite3.connect(world) as connection:
        for statement in TAMPERING:
            assert connection.execute(statement).rowcount == 1
    connection.close()
    return world


def test_the_past_is_not_told_while_what_is_in_force_is_not_what_the_log_says(
    oikeus: Run, tampered: Path
) -> None:
    """An answer would be of lines that were not in force then; it is an error."""
    assert tampered.exists()
    for words in PAST:
        ended = oikeus(*words)
        assert (ended.code, ended.out) == (1, ""), words
        assert "of casbin_rule is not what the log says" in ended.err
    assert not Path("evidence").exists()


def test_restoring_makes_the_lines_in_force_those_of_the_log(
    oikeus: Run, tampered: Path
) -> None:
    """As a version that says what was found; afterwards all agrees."""
    assert tampered.exists()
    expected = oikeus("show", "version", "3").out
    refused = oikeus("restore")
    assert (refused.code, refused.out) == (1, "")
    assert "expected --yes" in refused.err
    ended = oikeus("restore", "--yes", "--message", "ticket 1")
    assert (ended.code, ended.out) == (0, "version 4: 3 removed, 4 added again\n")
    assert f"- {', '.join(ROGUE)}, {SPAN}" in ended.err
    assert oikeus("verify").out.startswith("clean: version 4, ")
    assert oikeus("diff", "3", "head").code == 0
    assert oikeus("show", "version", "3").out == expected
    assert all(oikeus(*words).code in (0, 3) for words in PAST)
    again = oikeus("restore", "--yes", "--format", "json")
    assert json.loads(again.out) == {
        "version": None,
        "removed": 0,
        "added": 0,
        "changed": False,
    }
    assert oikeus("restore", "--yes").out.startswith("no change: ")
