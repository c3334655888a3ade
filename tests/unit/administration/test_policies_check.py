"""Which lines are the files' own, and judging a folder without loading it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oikeus import Line, Model, PolicyError, Source, Store, apply_policies
from oikeus.administration.ownership import owned_by_files
from oikeus.administration.policies import check_policies

FILE = Source("policies/a.csv", 1)
FIRST = Line("g", ("person:chief", "role:chief", "1.0@2026-01-01..2026-12-31"))


@pytest.mark.parametrize(
    ("line", "owned"),
    [
        ("p, role:a, file, read, allow", True),
        ("p2, role:a, role:b, *, *", True),
        ("g3, role:a, person", True),
        ("g3, person:a, blocked", False),
        ("g4, level:school, role:a", True),
        ("g4, 1.0, level:root", True),
        ("g4, 1.1, level:school", False),
        ("g2, 1.1, mode:paper", True),
        ("g2, 1.1, 1.0", False),
        ("g2, 1.1, status:passive", False),
        ("g, person:a, role:b, 1.1@2026-01-01..2026-12-31", False),
        ("g4, 1.1", False),
        ("g5", False),
    ],
)
def test_files_own_rules_kinds_levels_modes_and_the_root(
    line: str,
    owned: bool,  # noqa: FBT001 - a table of cases
) -> None:
    """A line without a source is the files' only where nothing else can bring it."""
    ptype, *values = line.split(", ")
    assert owned_by_files(Line(ptype, tuple(values))) is owned


def test_line_that_came_from_a_file_is_the_files() -> None:
    """Whatever it says: a first grant, or an organisation."""
    assert owned_by_files(Line("g2", ("1.1", "1.0"), FILE))


def test_block_is_never_the_files() -> None:
    """Whatever its source: a load must not lift the owner's emergency stop."""
    assert not owned_by_files(Line("g3", ("person:a", "blocked"), FILE))
    assert owned_by_files(Line("g3", ("role:a", "blocked"), FILE))
    assert owned_by_files(Line("g3", ("person:a", "person"), FILE))


@pytest.fixture
def unwritten(loaded: Store) -> Iterator[Store]:
    """A database that must be the same after the test."""
    before = loaded.load()
    yield loaded
    assert loaded.load() == before


def test_check_judges_as_a_load_would(
    unwritten: Store, model: Model, folder: Path
) -> None:
    """With what the database holds there is nothing to warn of."""
    found = check_policies(model, folder, unwritten.load())
    assert found.warnings == ()
    assert FIRST in found.lines


def test_check_without_a_database_knows_no_organisations(
    model: Model, folder: Path
) -> None:
    """The files alone can only warn of what the register may bring."""
    found = check_policies(model, folder)
    assert [warning.line for warning in found.warnings] == [4]


def test_check_finds_what_the_register_makes_wrong(
    unwritten: Store, model: Model, folder: Path
) -> None:
    """A first grant at the wrong level is refused before anything is loaded."""
    (folder / "heads.csv").write_text(
        "g, person:h, role:head, 1.1.1@2026-01-01..2026-12-31\n", encoding="utf-8"
    )
    with pytest.raises(PolicyError) as refusal:
        check_policies(model, folder, unwritten.load())
    assert str(refusal.value) == (
        "policies/heads.csv:1: `role:head` cannot be held at `1.1.1`, which has "
        "`level:office`; expected `level:school`"
    )


def test_check_only_warns_of_what_was_given_before_the_mode_changed(
    loaded: Store, model: Model, folder: Path
) -> None:
    """As a load does: a grant goes on deciding until it is reviewed (ruling D)."""
    clerk = "g, person:a, role:clerk, 1.1@2026-01-01..2026-12-31\n"
    (folder / "clerks.csv").write_text(clerk, encoding="utf-8")
    apply_policies(loaded, model, str(folder), actor="os:tester")
    places = folder / "places.csv"
    text = places.read_text(encoding="utf-8").replace("paper\n", "screen\n")
    places.write_text(text, encoding="utf-8")
    found = check_policies(model, str(folder), loaded.load())
    assert [str(warning) for warning in found.warnings] == [
        "policies/clerks.csv:1: `1.1` has the transfer mode `screen`; expected `paper`"
    ]


def test_grant_that_waits_for_its_organisation_was_never_judged(
    loaded: Store, model: Model, folder: Path
) -> None:
    """It is refused when the files themselves bring the organisation."""
    path = folder / "clerks.csv"
    clerk = "g, person:a, role:clerk, 1.3@2026-01-01..2026-12-31\n"
    path.write_text(clerk, encoding="utf-8")
    apply_policies(loaded, model, folder, actor="os:tester")
    path.write_text(f"{clerk}g2, 1.3, 1.0\ng4, 1.3, level:school\n", encoding="utf-8")
    with pytest.raises(PolicyError) as refusal:
        apply_policies(loaded, model, folder, actor="os:tester")
    assert str(refusal.value) == (
        "policies/clerks.csv:1: `1.3` has the transfer mode none; expected `paper`"
    )
