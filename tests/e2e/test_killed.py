"""A command that is killed half way leaves the old version or the new one.

Each command is killed with -9 at moments spread over its whole time, and at moments
just after it has begun to write, when SQLite's journal lies beside the database.
"""

import json
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oikeus import Contents, Store

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]

ROOT = "1.2.246.562.10.00000000001"
SCHOOL = "1.2.246.562.10.90101000000"
PROVIDERS = 60
OFFICES = 50


def extract() -> Iterator[dict[str, object]]:
    """Some thousand organisations, as the register has them."""
    for provider in range(PROVIDERS):
        parent = f"1.2.246.562.10.7{provider:03}"
        yield organisation(parent, ROOT, "01")
        for office in range(OFFICES):
            yield organisation(f"{parent}{office:03}", parent, "03")


def organisation(oid: str, parent: str, kind: str) -> dict[str, object]:
    """One of them."""
    return {
        "oid": oid,
        "parentOid": parent,
        "nimi": {"fi": f"Organisaatio {oid}", "sv": f"Organisation {oid}"},
        "status": "AKTIIVINEN",
        "tyypit": [f"organisaatiotyyppi_{kind}"],
    }


def rights() -> Iterator[dict[str, object]]:
    """Some thousand officials of the examples, as the user-rights service has them."""
    right = {"palvelu": "EHOKS", "oikeus": "READ"}
    place = {"organisaatioOid": SCHOOL, "kayttooikeudet": [right]}
    for number in range(4000):
        yield {
            "oidHenkilo": f"1.2.246.562.24.8{number:06}",
            "kayttajaTyyppi": "VIRKAILIJA",
            "organisaatiot": [place],
        }


@pytest.fixture
def big(world: Path, checkout: Path) -> dict[str, tuple[str, ...]]:
    """Commands that write thousands of lines to the database of the examples."""
    assert world.parent == checkout
    path = checkout / "extract.json"
    path.write_text(json.dumps(list(extract())), encoding="utf-8")
    rows = "".join(
        f"g2, {each['oid']}, mode:integraatio\n"
        for each in extract()
        if each["parentOid"] == ROOT
    )
    grants = "".join(
        f"g, person:{number}, role:opetushallitus, {ROOT}@2026-01-01..2026-12-31\n"
        for number in range(3000)
    )
    (checkout / "policies" / "more.csv").write_text(rows + grants, encoding="utf-8")
    path = checkout / "rights.json"
    path.write_text(json.dumps(list(rights())), encoding="utf-8")
    return {
        "apply": ("apply", "policies", "--yes"),
        "import": ("import", "organisations", "extract.json"),
        "rights": ("import", "kayttooikeus", "rights.json", "--from", "2026-03-01"),
    }


def contents(path: Path) -> Contents:
    """All that a database holds, if it is whole."""
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    with Store.open(f"sqlite:///{path}", create=False) as store:
        found = store.load()
        assert len(store.versions()) == found.version
        return found


Wait = Callable[["subprocess.Popen[bytes]"], object]


@pytest.fixture
def killed(spawn: Spawn, world: Path) -> Callable[..., Contents]:
    """Run a command on the same database each time, kill it, and look what is left."""
    journal = world.with_name(f"{world.name}-journal")
    old = shutil.copy(world, world.with_name("old.db"))

    def start(words: tuple[str, ...], wait: Wait) -> Contents:
        journal.unlink(missing_ok=True)
        shutil.copy(old, world)
        # nobody reads what it says, and it must not wait for that
        process = spawn(*words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(process)
        process.kill()
        process.communicate()
        return contents(world)

    return start


@pytest.mark.parametrize("name", ["apply", "import", "rights"])
def test_killed_command_leaves_the_old_or_the_new_version(
    killed: Callable[..., Contents],
    oikeus: Run,
    world: Path,
    big: dict[str, tuple[str, ...]],
    name: str,
) -> None:
    """Never anything between, whenever it was killed."""
    moment = random.Random(562)  # noqa: S311 - no secret
    words = big[name]
    before = contents(world)
    begun = time.monotonic()
    after = killed(words, lambda process: process.communicate())
    whole = time.monotonic() - begun
    assert (before.version, after.version) == (3, 4)
    assert len(after.lines) > len(before.lines) + 3000

    def writing(process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None and not list(world.parent.glob("*-journal")):
            time.sleep(0.001)
        time.sleep(moment.uniform(0, 0.15))

    found = [
        killed(words, lambda _, part=part: time.sleep(whole * part))
        for part in (0.4, 0.7, 0.9)
    ]
    found += [killed(words, writing) for _ in range(5)]
    assert all(each in (before, after) for each in found)
    assert before in found
    # and nothing is in the way of doing it again
    assert oikeus(*words).code == 0
    assert contents(world) == after
