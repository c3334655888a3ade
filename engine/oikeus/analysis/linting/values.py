"""What checks find, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Self

from ...errors import Problem
from ...terms import Line, Source


class Severity(Enum):
    """How grave a finding is; the gravest comes first."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    def reaches(self, threshold: Severity) -> bool:
        """Whether it is as grave as this, or graver."""
        order = [*Severity]
        return order.index(self) <= order.index(threshold)


@dataclass(frozen=True, slots=True)
class Noted:
    """What a check noted, at one place.

    Attributes:
        file: the path as it was given; empty for what stands in a database.
        line: counted from 1; 0 when it is the whole file's.
        reason: what is wrong, lower case, one line.
        fix: what to do about it.
        steps: how it comes about, an act a line; none where it takes none.
    """

    file: str
    line: int
    reason: str
    fix: str
    steps: tuple[str, ...] = ()

    @classmethod
    def on(cls, line: Line, reason: str, fix: str) -> Self:
        """What was noted on a line, where it was written."""
        source = line.source or Source("", 0)
        return cls(source.file, source.line, reason, fix)


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing that a check found.

    Attributes:
        check: the check's id; its page is `docs/checks/<id>.md`.
        severity: how grave it is.
        file: the path as it was given; empty for what stands in a database.
        line: counted from 1; 0 when it is the whole file's.
        reason: what is wrong, lower case, one line.
        fix: what to do about it; empty where the reason says it.
        steps: how it comes about, an act a line; none where it takes none.
    """

    check: str
    severity: Severity
    file: str
    line: int
    reason: str
    fix: str
    steps: tuple[str, ...] = ()

    @classmethod
    def of(cls, problem: Problem, check: str, severity: Severity, fix: str) -> Self:
        """What loading found."""
        return cls(check, severity, problem.file, problem.line, problem.text, fix)

    @property
    def whole(self) -> str:
        """The reason with its steps, on one line."""
        told = "; then ".join(self.steps)
        return f"{self.reason}: {told}" if told else self.reason

    @property
    def place(self) -> str:
        """Where it stands, as an editor can jump to it."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in the file allows, and why."""

    finding: LintFinding
    why: str


@dataclass(frozen=True, slots=True)
class Linted:
    """What all checks found.

    Attributes:
        findings: by file and line.
        suppressed: those that the files allow.
        lines: how many lines the files have; 0 where they could not be loaded.
    """

    findings: tuple[LintFinding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    lines: int = 0

    def reaching(self, threshold: Severity) -> tuple[LintFinding, ...]:
        """The findings that are as grave as this, or graver."""
        return tuple(one for one in self.findings if one.severity.reaches(threshold))
