"""`db accept`: a restored database is how it goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]


def test_restored_database_is_taken_in_once_its_owner_accepts_it(
    oikeus: Run, world: Path
) -> None:
    """The owner sees which history it is; a node of another one takes it in."""
    backup = world.read_bytes()
    assert oikeus("block", "person:x", "--reason", "leaked").code == 0
    with engine.connect(f"sqlite:///{world}", every=None) as point:
        world.write_bytes(backup)
        with pytest.raises(engine.OtherHistoryError):
            point.refresh()
        refused = oikeus("db", "accept")
        assert (refused.code, refused.out) == (1, "")
        assert "nothing was changed: expected --yes" in refused.err
        ended = oikeus("db", "accept", "--yes", "--message", "backup of last night")
        assert (ended.code, ended.out) == (0, "version 4: the history is accepted\n")
        first, second = ended.err.splitlines()
        assert first.startswith("the history ends with version 3 of 20")
        assert second.startswith("its digest: ")
        assert point.refresh() is True
        assert point.version == 4
    assert "backup of last night" in oikeus("log").out
    again = oikeus("db", "accept", "--yes", "--format", "json")
    assert json.loads(again.out) == {"version": 5}


def test_database_without_versions_has_nothing_to_show(oikeus: Run) -> None:
    """But it can be accepted, as any other."""
    assert oikeus("db", "migrate").code == 0
    ended = oikeus("db", "accept", "--yes")
    assert (ended.code, ended.out, ended.err) == (
        0,
        "version 1: the history is accepted\n",
        "",
    )
