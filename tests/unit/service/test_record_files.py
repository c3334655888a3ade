"""Files of records: whole lines, one process a file, for their owner alone."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from oikeus.service import record_files
from oikeus.service.record_files import RecordFolder, RecordStream

Write = Callable[[int, bytes], int]


def texts(folder: Path) -> list[bytes]:
    """What the files hold, in the order of their names."""
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def failing_after(count: int) -> Write:
    """Writes so many bytes of what it is given, and then no more."""
    left = [count]

    def write(file: int, data: bytes) -> int:
        part = bytes(data[: left[0]])
        left[0] -= len(part)
        return os.write(file, part) if part else 0

    return write


def test_folder_is_made_for_its_owner(tmp_path: Path) -> None:
    """The file too, whose name says when it was begun."""
    folder = tmp_path / "a" / "b"
    sink = RecordFolder(folder)
    sink.write(b"1\n")
    sink.close()
    assert texts(folder) == [b"1\n"]
    (path,) = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.match("decisions-????????T??????.??????Z.jsonl")


def test_each_process_and_each_start_has_a_file_of_its_own(tmp_path: Path) -> None:
    """None is continued, and none is written by two."""
    one, other = RecordFolder(tmp_path), RecordFolder(tmp_path)
    one.write(b"1\n")
    other.write(b"2\n")
    one.write(b"3\n")
    one.close()
    again = RecordFolder(tmp_path)
    again.write(b"4\n")
    assert texts(tmp_path) == [b"1\n3\n", b"2\n", b"4\n"]
    other.close()
    again.close()


def test_name_that_is_taken_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may begin in the same microsecond."""
    first = RecordFolder(tmp_path)
    (path,) = tmp_path.iterdir()
    opening = os.open
    refused: list[Path] = []

    def opened(name: Path, flags: int, mode: int = 0) -> int:
        if not refused:
            refused.append(name)
            return opening(path, flags, mode)
        return opening(name, flags, mode)

    monkeypatch.setattr(os, "open", opened)
    second = RecordFolder(tmp_path)
    assert refused
    assert len([*tmp_path.iterdir()]) == 2
    first.close()
    second.close()


def test_next_file_is_begun_before_one_grows_too_large(tmp_path: Path) -> None:
    """Lines are not divided, not even one that is too large by itself."""
    sink = RecordFolder(tmp_path, largest=4)
    for line in (b"1\n", b"2\n", b"3\n", b"too long\n", b"4\n"):
        sink.write(line)
    sink.close()
    assert texts(tmp_path) == [b"1\n2\n", b"3\n", b"too long\n", b"4\n"]


def test_oldest_files_are_deleted_where_the_owner_says_so(tmp_path: Path) -> None:
    """Never one that somebody still writes, and nothing that is no file of ours."""
    (tmp_path / "decisions.txt").touch()
    held = RecordFolder(tmp_path)
    held.write(b"held\n")
    sink = RecordFolder(tmp_path, largest=1, keep=2)
    for number in range(5):
        sink.write(b"%d\n" % number)
    assert texts(tmp_path) == [b"held\n", b"2\n", b"3\n", b"4\n", b""]
    sink.close()
    held.close()


def test_oldest_files_are_deleted_at_the_start_too(tmp_path: Path) -> None:
    """A process that is often begun anew may never begin a second file."""
    for number in range(4):
        sink = RecordFolder(tmp_path)
        sink.write(b"%d\n" % number)
        sink.close()
    RecordFolder(tmp_path, keep=2).close()
    assert texts(tmp_path) == [b"2\n", b"3\n"]


def test_file_without_a_record_does_not_stay(tmp_path: Path) -> None:
    """A process that cannot begin leaves none each time."""
    RecordFolder(tmp_path).close()
    assert texts(tmp_path) == []


def test_file_that_cannot_be_mended_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes next does not stand behind a line that is cut."""
    sink = RecordFolder(tmp_path)
    sink.write(b"1\n")
    with monkeypatch.context() as patch:
        patch.setattr(record_files, "_put", failing_after(3))
        patch.setattr(os, "ftruncate", Mock(side_effect=OSError(errno.EIO, "no")))
        with pytest.raises(OSError, match="no"):
            sink.write(b"whole\n")
    sink.write(b"whole\n")
    sink.close()
    assert texts(tmp_path) == [b"1\nwho", b"whole\n"]


def test_files_that_are_few_stay(tmp_path: Path) -> None:
    """Without a number all do; with one, so many."""
    sink = RecordFolder(tmp_path, largest=1, keep=9)
    for number in range(3):
        sink.write(b"%d\n" % number)
    sink.close()
    assert texts(tmp_path) == [b"0\n", b"1\n", b"2\n"]


def test_file_that_vanishes_while_others_are_deleted_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may delete it first."""
    sink = RecordFolder(tmp_path, largest=1, keep=1)
    sink.write(b"1\n")
    opening = os.open

    def opened(path: Path, flags: int, mode: int = 0) -> int:
        if flags == os.O_RDONLY:
            raise FileNotFoundError
        return opening(path, flags, mode)

    monkeypatch.setattr(os, "open", opened)
    sink.write(b"2\n")
    sink.close()
    assert texts(tmp_path) == [b"1\n", b"2\n"]


def test_file_that_somebody_deleted_is_begun_anew(tmp_path: Path) -> None:
    """Else records would go where nobody finds them."""
    sink = RecordFolder(tmp_path)
    sink.write(b"1\n")
    for path in tmp_path.iterdir():
        path.unlink()
    sink.write(b"2\n")
    sink.close()
    assert texts(tmp_path) == [b"2\n"]


def test_line_that_does_not_fit_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written again as a whole."""
    sink = RecordFolder(tmp_path)
    sink.write(b"1\n")
    with monkeypatch.context() as patch:
        patch.setattr(record_files, "_put", failing_after(3))
        with pytest.raises(OSError, match="No space left") as full:
            sink.write(b"whole\n")
    assert full.value.errno == errno.ENOSPC
    assert texts(tmp_path) == [b"1\n"]
    sink.write(b"whole\n")
    sink.close()
    assert texts(tmp_path) == [b"1\nwhole\n"]


def test_stream_keeps_a_cut_line_apart() -> None:
    """What a reader took cannot be taken back."""
    reading, writing = os.pipe()
    sink = RecordStream(writing)
    sink.write(b"1\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_files, "_put", failing_after(2))
        with pytest.raises(OSError, match="No space left"):
            sink.write(b"whole\n")
    sink.write(b"whole\n")
    sink.write(b"2\n")
    sink.close()
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert file.read() == b"1\nwh\nwhole\n2\n"
