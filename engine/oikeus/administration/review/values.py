"""What a review finds, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ...terms import Grant, Names, Source


class Matter(StrEnum):
    """Why a grant is to be looked at."""

    ENDS = "ends"
    """It ends soon."""
    BARRED = "barred"
    """No rule would allow it today."""
    GRANTER = "granter"
    """Whoever gave it no longer could."""
    CONFLICT = "conflict"
    """Its holder has roles that conflict."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One reason to look at a grant.

    Attributes:
        matter: for programs.
        text: for people; lower case, no final stop.
    """

    matter: Matter
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ReviewedGrant:
    """A grant that is to be looked at.

    Attributes:
        grant: as it is in force.
        remarks: why; one at least.
        approvers: who may revoke it today, besides its holder.
        granter: on whose power it was given, where the log tells.
        source: where policy files say it, if they do.
    """

    grant: Grant
    remarks: tuple[Remark, ...]
    approvers: tuple[str, ...]
    granter: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The grants that are to be looked at.

    Attributes:
        version: of the policy in force.
        day: on which they are looked at.
        organisation: it and those below it were looked at; everywhere without one.
        approver: only what is under their power; everybody's without one.
        looked_at: how many grants were looked at.
        found: those with remarks, in the order of organisations and subjects.
        names: what their organisations are called.
    """

    version: int
    day: date
    organisation: str | None
    approver: str | None
    looked_at: int
    found: tuple[ReviewedGrant, ...]
    names: Mapping[str, Names]

    def by_approver(self) -> Iterator[tuple[str | None, tuple[ReviewedGrant, ...]]]:
        """Who may decide what, sorted; last, with no name, what nobody may."""
        theirs: dict[str, list[ReviewedGrant]] = {}
        for found in self.found:
            for approver in found.approvers:
                if self.approver in (None, approver):
                    theirs.setdefault(approver, []).append(found)
        for approver in sorted(theirs):
            yield approver, tuple(theirs[approver])
        nobodys = tuple(each for each in self.found if not each.approvers)
        if nobodys:
            yield None, nobodys
