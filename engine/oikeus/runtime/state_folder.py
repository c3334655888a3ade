"""What the processes of a service remember together when they are started again.

Each keeps what it decides by in one file for the database. What it holds only goes on:
a process that lags behind the others does not set it back.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Self

from ..errors import StoreError
from ..store import Mark, Store
from .state_file import WRITTEN, StateFile

_LONGEST = 16

_PATIENCE, _STEP = 2.0, 0.01
"""For how many seconds a process waits for the others, and between two tries."""


class SharedState(StateFile):
    """A file for the mark of a version, kept by as many processes as there are."""

    @classmethod
    def of(cls, folder: str | Path, store: Store) -> Self:
        """The file of a database, in a folder that is made where there is none.

        Raises:
            StoreError: the folder cannot be made.
        """
        name = sha256(store.identity.encode()).hexdigest()[:_LONGEST]
        try:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or "for an unknown reason").lower()
            message = f"the folder of state `{folder}` cannot be made: {reason}"
            raise StoreError(message) from error
        return cls(Path(folder) / f"{name}.json")

    def keep(self, mark: Mark) -> None:
        """Keep a version, unless another process has kept a later one.

        Raises:
            StoreError: the file cannot be read or written.
        """
        if mark == self._kept:
            return
        with self._alone():
            there = self._there()
            # what is there as this process knows it may be followed by any history:
            # the owner accepted that. What another one has put there since is later
            # by the clock of the database, whatever its history is.
            if there is None or there == self._kept or _is_before(there, mark):
                self._put(mark)
        self._kept = mark

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process in; the lock is the folder's, and ends with us.

        It is not waited for without end: whoever can read the folder could hold it, or
        a process that was stopped, and nothing new would be decided by.
        """
        try:
            folder = os.open(self._path.parent, os.O_RDONLY)
        except OSError as error:
            raise self._refused(WRITTEN) from error
        try:
            self._lock(folder)
            yield
        finally:
            os.close(folder)

    def _lock(self, folder: int) -> None:
        end = monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno != errno.EWOULDBLOCK or monotonic() >= end:
                    raise self._refused(WRITTEN) from error
                sleep(_STEP)
            else:
                return


def _is_before(mark: Mark, other: Mark) -> bool:
    return (mark.time, mark.number) < (other.time, other.number)
