"""Where records go: files of a folder, or a stream such as the standard output.

Each process writes files of its own, and a new one at each start: no file is written by
two, and none is continued behind a line that a crash has torn. They are named by the
time they were begun at, so that their names sort as they were written. A process holds
a lock on the file it writes, so that none that somebody still writes is deleted. One
that nothing was written to does not stay.

The files name people and what they asked for: only their owner can read them.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

LARGEST: Final = 256 * 1024 * 1024
"""How many bytes a file has before the next one is begun, unless another is said."""

_NAMES = "decisions-*.jsonl"


class RecordFolder:
    """Writes lines to files of a folder, which is made where there is none.

    Args:
        folder: where.
        largest: how many bytes a file has before the next one is begun.
        keep: how many files stay beside those that are written, of all that are there
            at the start or come later; all, where nobody says: evidence is not
            destroyed unasked.

    Raises:
        OSError: the folder cannot be made, or written to.
    """

    def __init__(
        self, folder: Path, *, largest: int = LARGEST, keep: int | None = None
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._largest = largest
        self._keep = keep
        self._size = 0
        self._is_torn = False
        self._path, self._file = self._begin()
        self._prune()

    def write(self, lines: bytes) -> None:
        """Write whole lines, all of them.

        Raises:
            OSError: none of them was written.
        """
        is_full = self._size and self._size + len(lines) > self._largest
        if is_full or self._is_torn or os.fstat(self._file).st_nlink == 0:
            path, file = self._begin()
            self.close()
            self._path, self._file, self._size = path, file, 0
            self._prune()
        # a line that is cut would be no record: it is written again as a whole
        self._is_torn = True
        try:
            _write(self._file, lines)
        except OSError:
            os.ftruncate(self._file, self._size)
            self._is_torn = False
            raise
        self._is_torn = False
        self._size += len(lines)

    def close(self) -> None:
        """Let go of the file, when it is on the disk."""
        with suppress(OSError):
            if self._size or self._is_torn:
                os.fsync(self._file)
            else:
                self._path.unlink()
        with suppress(OSError):
            os.close(self._file)

    def _begin(self) -> tuple[Path, int]:
        """Make a new file and hold it; where it is, and by which number."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
        while True:
            name = f"decisions-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.jsonl"
            path = self._folder / name
            try:
                file = os.open(path, flags, 0o600)
            except FileExistsError:
                continue  # begun by another process in the same microsecond
            fcntl.flock(file, fcntl.LOCK_EX)
            return path, file

    def _prune(self) -> None:
        """Delete the oldest files that nobody writes."""
        if self._keep is None:
            return
        ended = [path for path in sorted(self._folder.glob(_NAMES)) if _is_free(path)]
        for path in ended[: max(len(ended) - self._keep, 0)]:
            path.unlink(missing_ok=True)


class RecordStream:
    """Writes lines to a descriptor that others may read at the other end of.

    Args:
        descriptor: 1 for the standard output.
    """

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._is_torn = False

    def write(self, lines: bytes) -> None:
        """Write whole lines, all of them.

        What a reader has taken cannot be taken back: after a failure, a line may be
        cut, and others may come twice.

        Raises:
            OSError: not all of them were written.
        """
        # so that what was cut stands alone, and takes no other line with it
        text = b"\n" + lines if self._is_torn else lines
        self._is_torn = True
        _write(self._descriptor, text)
        self._is_torn = False

    def close(self) -> None:
        """It is the process's, and stays open."""


_put = os.write


def _write(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        written = _put(file, left)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left = left[written:]


def _is_free(path: Path) -> bool:
    """Whether no process holds a file."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(file)
    return True
