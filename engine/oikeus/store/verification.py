"""Whether a database holds what its log says, and the log what was written to it.

The chain is computed again from version 1 on, as docs/history.md specifies, and what it
puts in force is held against `casbin_rule`, row by row. Memory is needed for the lines
in force only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from ..errors import TamperedError
from .checkpoints import Checkpoint
from .findings import MOST, Enough, Finding, Findings
from .guarding import unguarded
from .logged import (
    Logged,
    changes_spelt_by_sqlite,
    changes_spelt_here,
    count_in_force,
    heads_logged,
    names_logged,
    rules_in_force,
    steps_logged,
    token_steps_logged,
    versions_logged,
)
from .store import Store
from .tables import change, head, version
from .values import Mark, Progress
from .walking import Walk


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what disagrees.

    Attributes:
        mark: the version that the log leads to.
        changes: how many changes were computed and replayed.
        lines: how many lines in force were held against them.
        checkpoint: the version that a checkpoint vouches for, where one was given.
        findings: what disagrees, the first one first, and no more than 20; none when
            all is as it was written. Those about guards come after those about rows.
    """

    mark: Mark
    changes: int
    lines: int
    checkpoint: int | None
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing disagrees."""
        return not self.findings

    def require(self) -> None:
        """Go on only with a database that holds what was written to it.

        Raises:
            TamperedError: with the first finding.
        """
        for finding in self.findings:
            raise TamperedError(str(finding))


def verify(
    store: Store,
    *,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Compute the chain again, and hold everything in the database against it.

    The triggers that keep the log as it is must be there, and no others on its tables.

    Args:
        store: the database.
        checkpoint: a head that was signed earlier; without one, neither a log whose end
            was cut off nor one that was written anew as a whole can be told.
        progress: shows how far it has come.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        found = _by_rows(connection, checkpoint, progress or _unseen)
        findings = (*found.findings, *unguarded(connection))
    return replace(found, findings=findings[:MOST])


def _by_rows(
    connection: Connection, checkpoint: Checkpoint | None, shown: Progress
) -> Verification:
    watched = None if checkpoint is None else checkpoint.version
    count = select(func.count()).select_from(change)
    total = connection.scalars(count).one()
    if connection.dialect.name == "sqlite":
        with shown(total) as advance:
            walk = Walk(Findings(most=1), watched, advance or _unheard)
            fast = _by_sqlite(connection, walk, checkpoint)
        if fast is not None:
            return fast
    with shown(total) as advance:
        walk = Walk(Findings(), watched, advance or _unheard)
        rows = changes_spelt_here(connection)
        return _verified(connection, walk, rows, checkpoint)


def _by_sqlite(
    connection: Connection, walk: Walk, checkpoint: Checkpoint | None
) -> Verification | None:
    """What a database is that SQLite finds right; nothing where it does not."""
    driver: Any = connection.connection.driver_connection
    lenient, driver.text_factory = driver.text_factory, str
    try:
        rows = changes_spelt_by_sqlite(connection)
        found = _verified(connection, walk, rows, checkpoint)
    except (SQLAlchemyError, connection.dialect.loaded_dbapi.Error):
        return None
    finally:
        driver.text_factory = lenient
    return found if found.clean else None


def _verified(
    connection: Connection,
    walk: Walk,
    changes: Iterator[Logged],
    checkpoint: Checkpoint | None,
) -> Verification:
    findings = walk.findings
    lines = 0
    with suppress(Enough):
        walk.along(
            versions_logged(connection),
            changes,
            names_logged(connection),
            steps_logged(connection),
            token_steps_logged(connection),
        )
        _hold_head(heads_logged(connection), walk.mark, findings)
        if checkpoint is not None and checkpoint.version:
            _hold_checkpoint(checkpoint, walk, findings)
        lines = count_in_force(connection)
        if not walk.replayed.agrees(lines):
            walk.replayed.hold(rules_in_force(connection))
    return Verification(
        walk.mark, walk.changes, lines, walk.watched, tuple(findings.found)
    )


def _hold_head(heads: list[Any], mark: Mark, findings: Findings) -> None:
    """The head names the last version there is."""
    if heads != [mark.number]:
        shown = " and ".join(map(ascii, heads)) or "no version"
        text = f"names {shown}, expected {mark.number}, the last version that is there"
        findings.add(mark.number, head.name, "", text)


def _hold_checkpoint(checkpoint: Checkpoint, walk: Walk, findings: Findings) -> None:
    """The version that was vouched for is there, as it was."""
    number = checkpoint.version
    if walk.seen is None:
        text = (
            f"ends at version {walk.mark.number}, and the checkpoint of "
            f"{checkpoint.made} has version {number}: versions were cut off"
        )
        findings.add(number, version.name, number, text)
    elif walk.seen != checkpoint.mark:
        text = (
            f"has another digest than in the checkpoint of {checkpoint.made}: it, or a "
            "version before it, was written anew"
        )
        findings.add(number, version.name, number, text)


@contextmanager
def _unseen(rows: int) -> Iterator[None]:
    """Show nothing."""
    del rows
    yield


def _unheard(rows: int) -> None:
    """Tell nobody."""
