"""What a node remembers when it is started again: the version that it decided by.

Without it, a process that starts takes whatever database it finds.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..errors import StoreError
from ..store import Mark

_OWNER_ONLY = 0o600
READ, WRITTEN = "read", "written"


class StateFile:
    """A file that holds the mark of a version, of one process alone.

    Args:
        path: where; it need not be there yet.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._kept: Mark | None = None

    def read(self) -> Mark | None:
        """The version that was kept; nothing where none was.

        Raises:
            StoreError: the file cannot be read, or is none of ours.
        """
        there = self._there()
        if there is not None:
            self._kept = there
        return there

    def keep(self, mark: Mark) -> None:
        """Keep a version, unless it is kept; the file is whole at any moment.

        Raises:
            StoreError: the file cannot be written.
        """
        if mark != self._kept:
            self._put(mark)
            self._kept = mark

    def _there(self) -> Mark | None:
        """What the file holds."""
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            number, digest, time = told["number"], told["digest"], told["time"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
            raise self._refused(READ) from error
        if type(number) is not int or not isinstance(digest, str):
            raise self._refused(READ)
        return Mark(number, digest, str(time))

    def _put(self, mark: Mark) -> None:
        """Write the file, whole."""
        told = {"number": mark.number, "digest": mark.digest, "time": mark.time}
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            # made anew, so that it is no link to another file, and nobody else's
            beside.unlink(missing_ok=True)
            made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(made, "w", encoding="utf-8") as file:
                file.write(json.dumps(told) + "\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise self._refused(WRITTEN) from error

    def _refused(self, done: str) -> StoreError:
        return StoreError(
            f"the state file `{self._path}` cannot be {done}, expected one that this "
            "program wrote, or none in a folder that it can write to"
        )
