"""What the processes of a service remember together."""

import errno
import fcntl
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oikeus import Mark, Store, StoreError
from oikeus.runtime.state_folder import SharedState
from oikeus.store.database import Database

TIME = "2026-03-01T09:30:00.00000{}Z"


def mark(number: int, time: int, history: str = "a") -> Mark:
    """A version of a history, made at a time."""
    return Mark(number, f"{history}{number}", TIME.format(time))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A database that nothing is read of."""
    return Store.open(f"sqlite:///{tmp_path / 'oikeus.db'}")


def kept(folder: Path, store: Store) -> Mark | None:
    """What a process finds that is started now."""
    return SharedState.of(folder, store).read()


def test_what_was_kept_is_read_again(tmp_path: Path, store: Store) -> None:
    """From a folder that is made, and is for its owner alone, with one file."""
    folder = tmp_path / "state" / "of" / "this"
    state = SharedState.of(folder, store)
    assert state.read() is None
    state.keep(mark(7, 1))
    assert kept(folder, store) == mark(7, 1)
    (path,) = folder.iterdir()
    assert (path.suffix, stat.S_IMODE(path.stat().st_mode)) == (".json", 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    path.unlink()
    state.keep(mark(7, 1))
    assert not path.exists()  # a process looks every second
    state.keep(mark(8, 2))
    assert kept(folder, store) == mark(8, 2)


def test_a_process_that_lags_behind_sets_nothing_back(
    tmp_path: Path, store: Store
) -> None:
    """Whatever has come before it was there."""
    ahead, behind = SharedState.of(tmp_path, store), SharedState.of(tmp_path, store)
    ahead.keep(mark(7, 1))
    assert behind.read() == mark(7, 1)
    ahead.keep(mark(9, 3))
    behind.keep(mark(8, 2))
    assert kept(tmp_path, store) == mark(9, 3)
    behind.keep(mark(9, 3))
    behind.keep(mark(10, 3))  # at the same moment
    ahead.keep(mark(9, 3))
    assert kept(tmp_path, store) == mark(10, 3)


def test_a_history_that_was_accepted_is_kept_whatever_its_number(
    tmp_path: Path, store: Store
) -> None:
    """It was accepted later, by the clock of the database."""
    first, second = SharedState.of(tmp_path, store), SharedState.of(tmp_path, store)
    first.keep(mark(9, 3))
    second.keep(mark(8, 2))
    second.keep(mark(5, 4, "b"))
    first.keep(mark(10, 3))
    assert kept(tmp_path, store) == mark(5, 4, "b")
    first.keep(mark(5, 4, "b"))
    # one that is alone may be told to take in whatever there is
    first.keep(mark(4, 1, "c"))
    assert kept(tmp_path, store) == mark(4, 1, "c")


def test_databases_have_files_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However they are named, and whatever else the URL says."""
    same = (
        "postgresql://h:1/a?service=x&connect_timeout=3",
        "postgresql+psycopg://me:secret@h:1/a?sslpassword=s&service=x",
        "postgresql://you:other@h:1/a?service=x",
    )
    others = (
        "postgresql://h:1/b?service=x",
        "postgresql://h:2/a?service=x",
        "postgresql://g:1/a?service=x",
        "postgresql://h:1/a?service=y",
        "postgresql://h:1/a?service=x&options=-csearch_path%3Dy",
        "postgresql://h:1/a?service=x&host=g",
        "postgresql://h:1/a?service=x&dbname=b",
        "sqlite:///a",
        "sqlite:///b",
        "sqlite://",
    )
    found = [Database.at(url).place.identity for url in (*same, *others)]
    assert len(set(found)) == 1 + len(others)
    assert len(set(found[: len(same)])) == 1
    assert not any("secret" in identity for identity in found)
    named = Database.at(f"sqlite:///{tmp_path}/x").place.identity
    monkeypatch.chdir(tmp_path)
    assert Database.at("sqlite:///x").place.identity == named


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path, store: Store) -> None:
    """Before anything is decided by what could not be kept."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as refused:
        SharedState.of(tmp_path / "file" / "x", store)
    assert str(refused.value) == (
        f"the folder of state `{tmp_path}/file/x` cannot be made: not a directory"
    )
    state = SharedState.of(tmp_path / "state", store)
    shutil.rmtree(tmp_path / "state")
    with pytest.raises(StoreError, match="cannot be written"):
        state.keep(mark(7, 1))


def test_a_lock_that_somebody_holds_is_not_waited_for_without_end(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing new would be decided by, for as long as they hold it."""
    monkeypatch.setattr("oikeus.runtime.state_folder._PATIENCE", 0.05)
    state = SharedState.of(tmp_path, store)
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(StoreError, match="cannot be written"):
        state.keep(mark(7, 1))
    os.close(other)
    state.keep(mark(7, 1))
    assert kept(tmp_path, store) == mark(7, 1)


def test_a_file_system_without_locks_is_told(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and as any other folder that cannot be used."""

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "")

    monkeypatch.setattr("oikeus.runtime.state_folder.fcntl.flock", none)
    with pytest.raises(StoreError, match="cannot be written"):
        SharedState.of(tmp_path, store).keep(mark(7, 1))


def test_nothing_is_written_through_a_link(tmp_path: Path, store: Store) -> None:
    """Where others can write to the folder, or a copy of it was left half-way."""
    state, other = SharedState.of(tmp_path, store), tmp_path / "other"
    state.keep(mark(7, 1))
    (path,) = tmp_path.glob("*.json")
    other.write_text("theirs")
    beside = path.with_name(f"{path.name}.new")
    beside.symlink_to(other)
    state.keep(mark(8, 2))
    assert other.read_text() == "theirs"
    assert not path.is_symlink()
    assert kept(tmp_path, store) == mark(8, 2)


def test_a_file_that_is_nested_too_deeply_is_none_of_ours(
    tmp_path: Path, store: Store
) -> None:
    """It is told as any other that this program did not write."""
    SharedState.of(tmp_path, store).keep(mark(7, 1))
    (path,) = tmp_path.glob("*.json")
    path.write_text("[" * 100_000)
    with pytest.raises(StoreError, match="cannot be read"):
        kept(tmp_path, store)


PROGRAM = """
import sys
from oikeus import Mark, Store
from oikeus.runtime.state_folder import SharedState

with Store.open(sys.argv[2]) as store:
    state = SharedState.of(sys.argv[1], store)
    for number in range(int(sys.argv[3]), 120, 3):
        state.keep(Mark(number, f"a{number}", f"{number:06}"))
"""


def test_many_processes_keep_the_latest_of_all(tmp_path: Path, store: Store) -> None:
    """None of them meets half a file, and none loses what another kept."""
    url = f"sqlite:///{tmp_path / 'oikeus.db'}"
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "state"), url]
    running = [
        subprocess.Popen([*words, str(begin)])  # noqa: S603 # ours
        for begin in range(3)
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert kept(tmp_path / "state", store) == Mark(119, "a119")
