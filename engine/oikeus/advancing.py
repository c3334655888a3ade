"""Leads a snapshot on to a later version of its database, from one view of it.

What a few versions did costs what they changed; where that cannot be told, all is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .decide.snapshot import Snapshot
from .loading import read_snapshot
from .policy.catalogue_reading import read_catalogue
from .policy.model import parse_model
from .store import Mark, Reader, Since
from .store.rows import UNREADABLE
from .terms import Line


def advanced(reader: Reader, mark: Mark, snapshot: Snapshot) -> tuple[Mark, Snapshot]:
    """Lead a whole snapshot on to what a view of its database shows.

    Args:
        reader: the view.
        mark: of the version that the snapshot is.
        snapshot: of all that the database held then.

    Raises:
        StoreError: the database cannot be read.
        ModelError: this program cannot use the model that it holds by now.
        PolicyError: nor the catalogue.
    """
    since = reader.since(mark)
    if since is None:
        return reader.mark, read_snapshot(reader)
    if since.mark == mark:
        return mark, snapshot
    lines = None
    if since.lines_changed or since.model is not None:
        read = reader.lines(sources=False)
        # some of them are among the lines as well: each once
        lines = [*dict.fromkeys((*read, *_unreadable(snapshot)))]
    return since.mark, following(snapshot, since, lines)


def following(
    snapshot: Snapshot, since: Since, lines: Sequence[Line] | None = None
) -> Snapshot:
    """Take in what versions did, and the other lines where any of them changed.

    Raises:
        ModelError: this program cannot use the model that they brought.
        PolicyError: nor the catalogue.
    """
    scope, text = snapshot.scope, since.catalogue
    return snapshot.following(
        since.mark.number,
        removed=scope.rows(since.removed) if scope else since.removed,
        added=scope.rows(since.added) if scope else since.added,
        lines=lines,
        model=None if since.model is None else parse_model(since.model),
        names=since.names,
        catalogue=None if text is None else read_catalogue(text, "catalogue"),
    )


def _unreadable(snapshot: Snapshot) -> Iterator[Line]:
    """The lines that only a stream of all grants would bring again."""
    for line in snapshot.facts.idle:
        if line.ptype.startswith(UNREADABLE):
            yield line
