"""What a report shows, as values: nothing is looked up while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import oikeus


@dataclass(frozen=True, slots=True)
class ReportSide:
    """One of the two that are compared.

    Attributes:
        label: what was asked for: `version 5`, `git:HEAD~3`, `policies/`.
        snapshot: its tree, names and labels.
        number: of the version; nothing where it was never committed.
        digest: of the version, where there is one.
        time: when it was committed, as the log has it.
        actor: who committed it.
        message: why.
        git_commit: the commit that the files were taken from, where there is one.
    """

    label: str
    snapshot: oikeus.Snapshot
    number: int | None = None
    digest: str | None = None
    time: str | None = None
    actor: str | None = None
    message: str | None = None
    git_commit: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A comparison of two versions, whole.

    Attributes:
        title: the heading.
        before: the first of the two.
        after: the second.
        lines: what differs as it is written.
        difference: who gains and who loses; it says for which day.
        summary: the same, counted.
        matrix: what each role may do.
        stranded: the grants that no rule of the second would allow any more.
        kept: how the invariants fare that the second has.
        made_at: when the report was made, with its time zone.
        program: the version of oikeus that made it.
    """

    title: str
    before: ReportSide
    after: ReportSide
    lines: oikeus.LineDifference
    difference: oikeus.Difference
    summary: oikeus.Summary
    matrix: oikeus.Matrix
    stranded: tuple[oikeus.Stranded, ...]
    kept: oikeus.Kept
    made_at: datetime
    program: str

    @property
    def day(self) -> date:
        """The day that is decided for."""
        return self.difference.day
