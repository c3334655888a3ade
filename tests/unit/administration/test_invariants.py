"""The invariants of a policy, and of a change of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oikeus import Line, judge_change, read_files
from oikeus.administration.laying import NOTHING, lay_over
from oikeus.administration.states import State
from oikeus.terms import Source

HOME = Path(__file__).resolve().parents[3]
DAY = date(2026, 3, 1)
STATEMENT = """invariants:
  - {rule: [R10], why: so, never: {holder: person, role: palvelukayttaja}}
"""


def state(folder: Path, invariants: str = STATEMENT, more: str = "") -> State:
    """The shipped policy with other invariants and more rules."""
    (folder / "invariants.yaml").write_text(invariants, encoding="utf-8")
    (folder / "more.csv").write_text(more, encoding="utf-8")
    files = read_files(folder, HOME / "model.conf")
    laid = lay_over(files.texts, files.model, NOTHING)
    found = laid.policies.invariants
    return State("files", laid.contents, laid.snapshot, invariants=found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the shipped policy."""
    place = tmp_path / "policies"
    place.mkdir()
    for path in (HOME / "policies").iterdir():
        if path.is_file():
            (place / path.name).write_bytes(path.read_bytes())
    return place


BREAKS = "# R10: for officials too\ng3, role:palvelukayttaja, person\n"


def test_grant_in_force_that_cannot_be_read_gives_nothing(folder: Path) -> None:
    """It decides nothing, and keeps nobody from judging a change."""
    before, after = state(folder), state(folder, more=BREAKS)
    odd = Line("g", ("person:x", "role:palvelukayttaja", "?"), Source("a.csv", 1))
    lines = (*before.contents.lines, odd)
    before = replace(before, contents=replace(before.contents, lines=lines))
    assert len(judge_change(before, after, DAY).newly) == 1
