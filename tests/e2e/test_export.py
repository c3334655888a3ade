"""A version as files."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import casbin
import pytest

import oikeus as engine

Run = Callable[..., Any]

SYSTEM = "system:keuda-tiedonsiirto"
DAYS = (date(2026, 3, 1), date(2026, 11, 2), date(2030, 1, 1))


@pytest.fixture(autouse=True)
def _blocked(world: Path, oikeus: Run) -> None:
    """The example world, with a system blocked as version 4."""
    assert world.exists()
    assert oikeus("block", SYSTEM, "--reason", "key leaked").code == 0


@pytest.mark.parametrize("number", [3, 4])
def test_stock_casbin_decides_by_an_export_as_the_version_does(
    oikeus: Run, world: Path, desk: Path, number: int
) -> None:
    """Every subject and organisation of the example world, on several days."""
    assert oikeus("export", "out", "--as-of", number).code == 0
    stock = casbin.Enforcer(
        str(desk / "out" / "model.conf"), str(desk / "out" / "lines.csv")
    )
    engine.prepare(stock)
    with engine.Store.open(f"sqlite:///{world}", create=False) as store:
        snapshot = engine.snapshot_of(store.load(number))
    point = engine.DecisionPoint(snapshot)
    read = engine.DecisionPoint(engine.load_export(desk / "out"))
    allowed = 0
    for subject in snapshot.facts.grants:
        kind = subject.partition(":")[0]
        for place in [*snapshot.tree][::4]:
            for action in ("read", "transfer"):
                day = DAYS[allowed % 3]
                answer = point.allows(subject, action, "hoks", place, day)
                words = (subject, kind, place, day.isoformat(), "hoks", action)
                assert stock.enforce(*words) is answer, words
                assert read.allows(subject, action, "hoks", place, day) is answer
                allowed += answer
    assert allowed > 5
    assert read.version == number


def test_export_says_what_it_wrote(oikeus: Run, desk: Path) -> None:
    """In one line, or as an object."""
    assert oikeus("key", "create", "key.pem").code == 0
    assert oikeus("checkpoint", "--key", "key.pem", "--out", "sealed").code == 0
    ended = oikeus("export", "out")
    assert (ended.code, ended.err) == (0, "")
    lines = (desk / "out" / "lines.csv").read_text(encoding="utf-8").count("\n")
    assert ended.out == f"version 4: {lines} lines in out\n"
    options = ("--as-of", "head", "--checkpoint", "sealed", "--format", "json")
    found = json.loads(oikeus("export", "more", *options).out)
    assert found["checkpoint"] == 4
    ended = oikeus("export", "third", "--as-of", 3, "--checkpoint", "sealed")
    assert ended.out.endswith(" lines in third, with a checkpoint of version 4\n")
    about = json.loads((desk / "more" / "version.json").read_bytes())
    assert found["digest"] == about["digest"]
    assert sorted(found["files"]) == sorted(
        path.name for path in (desk / "more").iterdir()
    )


def test_export_that_fails_leaves_nothing(oikeus: Run, desk: Path) -> None:
    """Neither half a folder, nor what was in one."""
    before = {path.name for path in desk.iterdir()}
    ended = oikeus("export", "out", "--as-of", 9)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "error: there is no version 9, expected one of `oikeus log`\n"
    ended = oikeus("export", ".")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(".: is there, expected a new or an empty folder\n")
    assert {path.name for path in desk.iterdir()} == before


def test_row_that_casbin_would_misread_is_named(
    oikeus: Run, world: Path, desk: Path
) -> None:
    """A grant that was smuggled in by a comma never becomes one."""
    line = engine.Line("g", ("mallory, role:opetushallitus, x", "role:a", "1@x"))
    with engine.Store.open(f"sqlite:///{world}") as store, store.writing() as writer:
        writer.commit(engine.Change("casbin", "os:other", "odd", add=(line,)))
    ended = oikeus("export", "out")
    assert (ended.code, ended.out) == (1, "")
    assert (
        "`g, mallory, role:opetushallitus, x, role:a, 1@x` holds what no" in ended.err
    )
    assert not (desk / "out").exists()


def test_version_is_found_by_a_moment(oikeus: Run) -> None:
    """The last one at a day's end, or at an instant; before the first there is none."""
    (found,) = json.loads(oikeus("log", "--limit", 1, "--format", "json").out)
    day = oikeus("log", "--limit", 1).out.split("\t")[1][:10]
    for number, moment in enumerate((found["time"], day, "head", "4")):
        assert oikeus("export", f"out{number}", "--as-of", moment).out.startswith(
            "version 4: "
        )
    ended = oikeus("export", "out", "--as-of", "2020-01-01")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: there was no version yet at `2020-01-01`, expected a later day\n"
    )
    ended = oikeus("export", "out", "--as-of", "yesterday")
    assert (ended.code, ended.out) == (2, "")
    assert "`yesterday` is no moment" in ended.err
