"""A report of a comparison, with what the log says of the versions compared."""

from __future__ import annotations

from datetime import datetime

import oikeus

from .values import Report, ReportSide


def report_of(
    found: oikeus.Comparison,
    kept: oikeus.Kept,
    store: oikeus.Store | None,
    made_at: datetime,
) -> Report:
    """Put together all that a report shows.

    Args:
        found: the comparison.
        kept: how the invariants fare.
        store: the database that versions of it are in, where there is one.
        made_at: when the report is made, with its time zone.

    Raises:
        ModelError: a matcher failed.
        StoreError: the database cannot be read.
    """
    before, after = found.before, found.after
    return Report(
        f"{before.name} and {after.name} compared",
        _side(before, store),
        _side(after, store),
        found.lines,
        found.difference,
        found.summary,
        oikeus.matrix(before.snapshot, after.snapshot, found.day),
        found.stranded,
        kept,
        made_at,
        oikeus.installed("oikeus") or "",
    )


def _side(state: oikeus.State, store: oikeus.Store | None) -> ReportSide:
    number = state.contents.version
    if store is None or state.name != f"version {number}" or not number:
        return ReportSide(state.name, state.snapshot, git_commit=state.git_commit)
    version = store.version(number)
    return ReportSide(
        state.name,
        state.snapshot,
        number,
        version.digest,
        version.time,
        version.actor,
        version.message,
        version.git_commit,
    )
