"""A small comparison, made from lines as they could stand in two versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import oikeus
from oikeus import Contents, Draft, Line, Names, Snapshot, Source
from oikeus_cli.report import Report, ReportSide

DAY = date(2026, 3, 1)
DAYS = "@2026-01-01..2026-12-31"
MODEL = Path(__file__).resolve().parents[2] / "model.conf"
NAMES = {
    "top": Names(en="The top"),
    "north": Names(fi="Pohjoinen", sv="Norr", en="North"),
    "south": Names(fi="Etelä"),
}
BEFORE = """\
g4, top, level:root
g4, north, level:school
g4, north-1, level:office
g4, south, level:school
g2, north, top
g2, south, top
g2, north-1, north
g3, role:head, person
g3, role:clerk, person
g4, level:school, role:head
g4, level:school, role:clerk
g4, level:office, role:clerk
p, role:clerk, file, read, allow
p, role:clerk, file, share, allow
p2, role:head, role:clerk, *, *
g, person:1, role:head, north
g, person:2, role:clerk, north
g, person:3, role:clerk, south
g, person:4, role:clerk, north-1
"""
AFTER = """\
g4, top, level:root
g4, north, level:school
g4, north-1, level:office
g4, south, level:school
g2, north, top
g2, south, top
g2, north-1, south
g3, role:head, person
g3, role:clerk, person
g4, level:school, role:head
g4, level:school, role:clerk
p, role:clerk, file, write, allow

p, role:clerk, file, read, allow
p2, role:head, role:clerk, *, *
g, person:1, role:head, north
g, person:2, role:clerk, north
g, person:3, role:clerk, south
g, person:4, role:clerk, north-1
g, person:5, role:head, south
"""

Compare = Callable[..., Report]


def lines_of(text: str) -> tuple[Line, ...]:
    """Lines with their sources; grants are for the year."""
    found = []
    for number, row in enumerate(text.splitlines(), start=1):
        if not row:
            continue
        ptype, *values = row.split(", ")
        if ptype == "g":
            values[-1] += DAYS
        source = Source("policies/a.csv", number, f"R{number}: because")
        found.append(Line(ptype, tuple(values), source))
    return tuple(found)


def _state(snapshot: Snapshot, lines: tuple[Line, ...]) -> oikeus.State:
    contents = Contents(snapshot.version, None, None, lines, {})
    return oikeus.State(f"version {snapshot.version}", contents, snapshot)


def _stranded(before: oikeus.State, after: oikeus.State) -> tuple[oikeus.Stranded, ...]:
    return oikeus.compare(before, after, DAY).stranded


@pytest.fixture
def compare() -> Compare:
    """Compare two texts of lines."""

    def _compare(
        before: str = BEFORE,
        after: str = AFTER,
        names: Mapping[str, Names] = NAMES,
        texts: tuple[str, str] | None = None,
        kept: oikeus.Kept | None = None,
        **side: str,
    ) -> Report:
        model = oikeus.load_model(MODEL)
        old, new = lines_of(before), lines_of(after)
        was = Snapshot.build(model, old, version=1, names=names)
        is_now = Snapshot.build(model, new, version=2, names=names)
        found = oikeus.difference(was, is_now, DAY)
        shown = texts or (None, None)
        said = {
            "time": "2026-02-01T09:30:00.000000Z",
            "actor": "os:anna",
            "message": "R3: the <new> rules",
            **side,
        }
        return Report(
            "Changes of access",
            ReportSide("version 1", was, 1, "a" * 64, **said),
            ReportSide("policies/", is_now),
            oikeus.line_difference(Draft(old, shown[0]), Draft(new, shown[1])),
            found,
            oikeus.summarise(found, was, is_now),
            oikeus.matrix(was, is_now, DAY),
            _stranded(_state(was, old), _state(is_now, new)),
            kept or oikeus.Kept((), (), frozenset(), is_now),
            datetime(2026, 3, 2, 10, 15, tzinfo=UTC),
            "0.1.0",
        )

    return _compare
