"""States of a policy from anywhere, and what two of them differ in."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from oikeus import (
    Line,
    Model,
    Origins,
    PolicyError,
    Store,
    StoreError,
    compare,
    load_states,
    read_revision,
)

Commit = Callable[..., int]
DAY = date(2026, 6, 1)
RULE = "p, role:clerk, file, read, allow"


@pytest.fixture
def origins(loaded: Store, folder: Path, model: Model) -> Origins:
    """The database and the folder that it was made from."""
    (folder.parent / "model.conf").write_text(model.text, encoding="utf-8")
    return Origins(loaded, folder)


@pytest.mark.parametrize(
    ("word", "version"),
    [("head", 2), ("1", 1), ("2999-01-01", 2), ("2999-01-01T00:00:00Z", 2)],
)
def test_word_means_a_version(origins: Origins, word: str, version: int) -> None:
    """By its number, as the head, or by a moment."""
    before, after = load_states(word, "head", origins)
    assert before.contents.version == before.snapshot.version == version
    assert (before.name, after.name) == (f"version {version}", "version 2")


@pytest.mark.parametrize(
    "word",
    ["3", "0", "9999999999", "2001-01-01", "2026-02-30", "2026-01-01T00:00:00"],
)
def test_version_that_there_is_not_is_an_error(origins: Origins, word: str) -> None:
    """Too new, too old, or no day of the calendar."""
    with pytest.raises(StoreError):
        load_states(word, "head", origins)


def test_version_without_a_database_is_an_error(origins: Origins) -> None:
    """Which is to be named."""
    with pytest.raises(StoreError, match="expected a database: name one with --db"):
        load_states("1", "head", Origins(None, origins.folder))


def test_folder_is_laid_over_what_it_is_compared_with(
    origins: Origins, commit: Commit
) -> None:
    """So that only what files own can differ: the other side's register stays."""
    assert origins.store is not None
    commit(origins.store, add=(("g2", "1.7", "1.0"),))
    for word in ("head", "2"):
        before, after = load_states(word, str(origins.folder), origins)
        assert not compare(before, after, DAY)
        assert before.contents.lines == after.contents.lines
    first, second = load_states(str(origins.folder), str(origins.folder), origins)
    assert Line("g2", ("1.7", "1.0")) in first.contents.lines
    assert first.contents == second.contents


def test_comparison_has_all_levels(origins: Origins) -> None:
    """Lines, access, power, and both sides by name."""
    path = origins.folder / "rules.csv"
    power = "p2, role:chief, role:head, *, *"
    text = path.read_text().replace(RULE, RULE.replace("read", "move"))
    path.write_text(text.replace(power, f"# R2: more\n{power}\n# R1: z"))
    before, after = load_states("head", str(origins.folder), origins)
    found = compare(before, after, DAY)
    assert found
    assert found.day == DAY
    assert [str(line) for line in found.lines.removed] == [RULE]
    assert [str(line) for line in found.lines.added] == [RULE.replace("read", "move")]
    assert (found.before.name, found.after.name) == ("version 2", str(origins.folder))


def test_files_that_are_wrong_are_refused_whole(origins: Origins) -> None:
    """As a load would."""
    (origins.folder / "more.csv").write_text("nonsense\n")
    with pytest.raises(PolicyError):
        load_states(str(origins.folder), "head", origins)


def test_files_are_compared_without_a_database(origins: Origins) -> None:
    """By themselves; git is asked where a word says so."""
    folder = str(origins.folder)
    without = Origins(None, origins.folder)
    before, after = load_states(folder, folder, without)
    assert not compare(before, after, DAY)
    for word in ("git:HEAD", f"git:HEAD:{folder}"):
        with pytest.raises(PolicyError, match="is in no git repository"):
            load_states(word, folder, without)


def test_links_that_lead_in_a_circle_are_an_error(tmp_path: Path) -> None:
    """Not one of Python's, with a path that nobody gave."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(PolicyError, match="loop"):
        read_revision("HEAD", loop)
