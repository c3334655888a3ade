"""Records of the decisions that a command makes, added to a file line by line.

The file names people and what they asked for: only its owner can read a new one.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn, TypeAlias

import oikeus

Record: TypeAlias = Callable[[oikeus.Decision], None]


@contextmanager
def recording(path: str | None) -> Iterator[Record]:
    """Open a file of records, or none where no path is given.

    Yields:
        what is to be told each decision before anybody else is.

    Raises:
        RecordError: the file cannot be opened.
    """
    if path is None:
        yield lambda _: None
        return
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        _fail(path, error)
    try:
        yield lambda decision: _write(file, path, decision)
    finally:
        os.close(file)


def _write(file: int, path: str, decision: oikeus.Decision) -> None:
    record = oikeus.DecisionRecord.of(
        decision, id=str(uuid.uuid4()), time=datetime.now(UTC)
    )
    line = f"{record.to_json()}\n".encode()
    try:
        # in one go, so that several programs can add to one file
        written = os.write(file, line)
    except OSError as error:
        _fail(path, error)
    if written < len(line):
        _fail(path, OSError(0, "no space left"))


def _fail(path: str, error: OSError) -> NoReturn:
    reason = (error.strerror or "for an unknown reason").lower()
    problem = f"the decision cannot be recorded ({reason})"
    raise oikeus.RecordError([oikeus.Problem(path, 0, problem)]) from error
