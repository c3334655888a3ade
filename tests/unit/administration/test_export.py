"""A version as files: whole or not at all, and the same to any Casbin."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from itertools import product
from pathlib import Path

import casbin
import pytest

from oikeus import (
    Checkpoint,
    DecisionPoint,
    ExportError,
    Line,
    SigningKey,
    Store,
    StoreError,
    block,
    checkpoint,
    export_version,
    load_export,
    make_key,
    prepare,
    snapshot_of,
    unblock,
)
from oikeus.store import Mark

Commit = Callable[..., int]

DAYS = (date(2026, 6, 1), date(2027, 6, 1))
SUBJECTS = (
    "person:a",
    "person:ä \N{GRINNING FACE}",
    "person:c",
    "system:r",
    "system:x",
)
PLACES = ("1.0", "1.1", "1.1.1", "1.2", "9.9")
ACTIONS = ("read", "move", "burn")


@pytest.fixture
def history(loaded: Store, commit: Commit) -> Store:
    """Grants, then a block, then other grants and no block (versions 3, 4, 5, 6)."""
    year = "@2026-01-01..2026-12-31"
    commit(
        loaded,
        add=(
            ("g", "person:a", "role:clerk", f"1.1{year}"),
            ("g", "person:ä \N{GRINNING FACE}", "role:clerk", f"1.1{year}"),
            ("g", "system:r", "role:robot", f"1.1{year}"),
            ("g3", '"it\'s"', "odd #"),
        ),
    )
    block(loaded, "person:a", reason="x", actor="os:me")
    unblock(loaded, "person:a", actor="os:me")
    commit(loaded, add=(("g", "person:c", "role:clerk", "1.1@2027-01-01..2027-12-31"),))
    return loaded


@pytest.mark.parametrize("version", [2, 3, 4, 5, 6])
def test_stock_casbin_decides_by_the_files_as_the_version_does(
    history: Store, tmp_path: Path, version: int
) -> None:
    """On every subject, place, action and day; so does a point that reads them."""
    export_version(history, tmp_path / "out", version=version)
    stock = casbin.Enforcer(
        *(str(tmp_path / "out" / n) for n in ("model.conf", "lines.csv"))
    )
    prepare(stock)
    point = DecisionPoint(snapshot_of(history.load(version)))
    read = DecisionPoint(load_export(tmp_path / "out"))
    allowed = 0
    for subject, place, action, day in product(SUBJECTS, PLACES, ACTIONS, DAYS):
        answer = point.allows(subject, action, "file", place, day)
        kind = subject.partition(":")[0]
        words = (subject, kind, place, day.isoformat(), "file", action)
        assert stock.enforce(*words) is answer, words
        assert read.allows(subject, action, "file", place, day) is answer, words
        allowed += answer
    assert bool(allowed) == (version > 2)


def test_all_that_was_in_force_is_written(history: Store, tmp_path: Path) -> None:
    """Lines in their order, texts and names as they were."""
    done = export_version(history, tmp_path / "out")
    then = history.load()
    read = load_export(tmp_path / "out")
    assert (done.version, done.lines) == (history.versions()[-1], len(then.lines))
    written = (tmp_path / "out" / "lines.csv").read_text(encoding="utf-8")
    assert written.splitlines() == [str(line) for line in then.lines]
    assert (tmp_path / "out" / "model.conf").read_text(encoding="utf-8") == then.model
    assert read.version == 6
    assert read.names == then.names
    assert read.catalogue == snapshot_of(then).catalogue


def test_files_say_which_version_they_are(history: Store, tmp_path: Path) -> None:
    """With its digest, to be held against a checkpoint, and those of the files."""
    export_version(history, tmp_path / "out", version=4)
    version = history.versions()[3]
    about = json.loads((tmp_path / "out" / "version.json").read_bytes())
    assert about["format"] == "oikeus-export-1"
    for name in ("number", "time", "actor", "origin", "message", "previous", "digest"):
        assert about[name] == getattr(version, name)
    for name, digest in about["files"].items():
        assert sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest


def test_checkpoint_is_put_beside_it(history: Store, tmp_path: Path) -> None:
    """As it is: of the same version or a later one, which proves all before it."""
    make_key(tmp_path / "key.pem", tmp_path / "key.pub.pem")
    given = tmp_path / "given"
    checkpoint(history, SigningKey.load(tmp_path / "key.pem")).save(given)
    for version in (6, 4):
        place = tmp_path / f"out{version}"
        done = export_version(history, place, version=version, checkpoint=given)
        assert "checkpoint.json" in done.files
        assert done.vouched == 6
        assert (place / "checkpoint.json").read_bytes() == given.read_bytes()


def test_checkpoint_that_does_not_vouch_for_it_is_refused(
    history: Store, tmp_path: Path
) -> None:
    """One of an earlier version, of another log, or any other file; nothing is left."""
    make_key(tmp_path / "key.pem", tmp_path / "key.pub.pem")
    key = SigningKey.load(tmp_path / "key.pem")
    given = tmp_path / "given"
    for content, problem in (
        (
            Checkpoint.make(Mark(5), "", key).text,
            "vouches for version 5, expected 6 or",
        ),
        (
            Checkpoint.make(Mark(6), "", key).text,
            "has another digest of version 6 than",
        ),
        ("\0 notes", "this is no checkpoint"),
    ):
        given.write_text(content, encoding="utf-8")
        with pytest.raises(ExportError, match=f"given: {problem}"):
            export_version(history, tmp_path / "out", checkpoint=given)
        assert [*tmp_path.glob("*out*"), *tmp_path.glob(".*out*")] == []


def test_empty_folder_is_taken_and_only_its_owner_reads_it(
    history: Store, tmp_path: Path
) -> None:
    """Grants name people."""
    (tmp_path / "out").mkdir(mode=0o755)
    export_version(history, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    export_version(history, tmp_path / "deep" / "er" / "out")
    assert (tmp_path / "deep" / "er" / "out" / "lines.csv").is_file()


@pytest.mark.parametrize("name", ["full", "file"])
def test_place_with_something_in_it_is_refused(
    history: Store, tmp_path: Path, name: str
) -> None:
    """Nothing is overwritten or mixed."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept").touch()
    (tmp_path / "file").touch()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(ExportError) as caught:
        export_version(history, tmp_path / name)
    place = tmp_path / name
    assert str(caught.value) == f"{place}: is there, expected a new or an empty folder"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("value", ["mallory, role:x", "blank ", "two\nlines", "a]"])
def test_line_that_casbin_would_misread_is_refused(
    history: Store, commit: Commit, tmp_path: Path, value: str
) -> None:
    """All of them are named, and nothing is left behind."""
    commit(
        history,
        add=(("g", value, "role:clerk", "1.1@x"), ("g3", value, "z"), ("g3", "b", "z")),
    )
    with pytest.raises(ExportError, match=r"^lines\.csv:\d+: the line `g") as caught:
        export_version(history, tmp_path / "out")
    assert len(caught.value.problems) == 2
    assert [*tmp_path.glob("*out*"), *tmp_path.glob(".*out*")] == []
    export_version(history, tmp_path / "out", version=6)


def test_place_that_cannot_be_written_is_an_error(
    history: Store, tmp_path: Path
) -> None:
    """Neither can a file hold a folder, nor a missing checkpoint be read."""
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="file/out: cannot be used"):
        export_version(history, tmp_path / "file" / "out")
    gone = tmp_path / "gone"
    with pytest.raises(ExportError, match="gone: cannot be used"):
        export_version(history, tmp_path / "out", checkpoint=gone)


def test_version_without_a_policy_is_an_error(store: Store, tmp_path: Path) -> None:
    """Neither the state before the first version, nor one with lines alone."""
    with pytest.raises(StoreError, match="there is no version"):
        export_version(store, tmp_path / "out")
    with store.writing() as writer:
        from oikeus import Change  # noqa: PLC0415

        writer.commit(Change("casbin", "os:me", "x", add=(Line("p", ("a",)),)))
    with pytest.raises(StoreError, match="version 1 holds no policy"):
        export_version(store, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("lines.csv", b"p, x", "is not the file that was exported, by its digest"),
        ("version.json", b"{", "does not say which version it is"),
        ("version.json", b'{"format": "x"}', "does not say which version it is"),
        ("version.json", None, "cannot be read"),
        ("names.json", None, "cannot be read"),
    ],
)
def test_folder_that_was_changed_is_refused(
    history: Store, tmp_path: Path, name: str, text: bytes | None, problem: str
) -> None:
    """It would decide as no version did."""
    export_version(history, tmp_path / "out")
    if text is None:
        (tmp_path / "out" / name).unlink()
    else:
        (tmp_path / "out" / name).write_bytes(text)
    with pytest.raises(ExportError, match=f"{name}: {problem}"):
        load_export(tmp_path / "out")
