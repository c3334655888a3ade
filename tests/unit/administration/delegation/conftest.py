"""The example world with administrators whose rights last, and a clock to set."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

import oikeus

DAY = date(2026, 3, 1)

OPH = "person:1.2.246.562.24.90000000001"
OPH_TOO = "person:1.2.246.562.24.90000000002"
VASTUU = "person:1.2.246.562.24.90100000011"
PAA = "person:1.2.246.562.24.90100000012"
USER = "person:1.2.246.562.24.90100000013"
ENTRY = "person:1.2.246.562.24.90400000012"
NEW = "person:1.2.246.562.24.90100000077"

ROOT = "1.2.246.562.10.00000000001"
KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90101010000"
HELSINKI = "1.2.246.562.10.90200000000"
CLOSED = "1.2.246.562.10.90202000000"
ENTRY_PLACE = "1.2.246.562.10.90400000000"


@dataclass
class Desk:
    """An administration, the database below it, and the day that it takes for today."""

    store: oikeus.Store
    day: date = DAY
    point: oikeus.Administration = field(init=False)

    def __post_init__(self) -> None:
        self.point = oikeus.Administration(
            self.store, actor="os:tester", today=lambda: self.day
        )

    def held(self, subject: str) -> list[str]:
        """What a subject holds, as the database has it."""
        lines = self.store.load().lines
        return [str(line) for line in lines if line.values[0] == subject]

    def allows(self, subject: str, action: str, place: str) -> bool:
        """Whether a subject may do this on HOKS data today."""
        decider = oikeus.DecisionPoint(oikeus.snapshot_of(self.store.load()))
        return decider.allows(subject, action, "hoks", place, self.day)

    def last(self) -> oikeus.Version:
        """The head."""
        return self.store.version(self.store.head())


@pytest.fixture
def desk(made_world: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of it, on the first of March 2026."""
    path = shutil.copy(made_world, tmp_path / "world.db")
    with oikeus.Store.open(f"sqlite:///{path}") as store:
        yield Desk(store)
