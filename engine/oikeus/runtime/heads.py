"""Taking in the head of a database: the first, and any that follows what is known.

INVARIANT: a snapshot is read from the view in which the history was checked.
"""

from __future__ import annotations

from typing import Final

from ..advancing import advanced, following
from ..decide.snapshot import Snapshot
from ..errors import OtherHistoryError
from ..loading import read_snapshot, uncollected
from ..store import Mark, Progress, Reader, Store

ANY: Final = Mark(-1)
"""Accepted for a head, it stands for whatever there is."""


def first_head(
    store: Store, known: Mark | None, under: str | None, progress: Progress | None
) -> tuple[Mark, Snapshot]:
    """Load the head.

    Args:
        store: the database.
        known: the version that was decided by before, if there was one.
        under: an organisation, to load only what decides about it and those below it.
        progress: shows how far it has come.

    Raises:
        OtherHistoryError: the database does not hold the known version.
        OikeusError: as `load_from`.
    """
    with store.reading() as reader, uncollected():
        if known is not None:
            _check_history(reader, known, None)
        return reader.mark, read_snapshot(reader, under=under, progress=progress)


def next_head(
    store: Store, mark: Mark, snapshot: Snapshot, accepted: Mark | None
) -> tuple[Mark, Snapshot] | None:
    """Take in the head; nothing where it is the version that is known.

    Args:
        store: the database.
        mark: of the version that is known.
        snapshot: that version.
        accepted: a version whose history is taken in, whatever else it holds.

    Raises:
        OtherHistoryError: the database holds neither.
        OikeusError: as `load_from`.
    """
    since = store.changes_since(mark)
    if since is not None and since.mark == mark:
        return None
    if since is not None and not since.lines_changed and since.model is None:
        return since.mark, following(snapshot, since)
    with store.reading() as reader:
        _check_history(reader, mark, accepted)
        # what was not loaded may come into scope: a part is read again
        if snapshot.scope is None:
            return advanced(reader, mark, snapshot)
        with uncollected():
            return reader.mark, read_snapshot(reader, under=snapshot.scope.top)


def _check_history(reader: Reader, mark: Mark, accepted: Mark | None) -> None:
    """Refuse a history that does not hold a version, unless its owner accepted it."""
    if reader.holds(mark) or reader.accepted_since(mark):
        return
    if accepted is not None and (accepted == ANY or reader.holds(accepted)):
        return
    head = reader.mark
    raise OtherHistoryError(str(mark), head.number, head.digest)
