"""Suppressions: comments by which a file allows a finding on the line below, and why.

`# oikeus: allow power-cycle: two heads stand in for each other` stands in the comment
above a line of a CSV file, of the catalogue or of the model, and counts for that line
alone. Whatever allows nothing, or does not say why, is a finding itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...policy.lines import DIRECTIVE
from .values import LintFinding, Noted, Suppressed

_ALLOW = re.compile(r"allow +([a-z0-9-]+) *(?:: *(.*))?")
_PAGE = "its page in docs/checks says how"
_FORM = "expected `# oikeus: allow ID: why`"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that allows a finding.

    Attributes:
        file: where it stands.
        line: the comment's own.
        text: what it says, after `oikeus:`.
        first: the first line that it is about; 0 where it is about none.
        last: the last one; a definition of the model may have several.
    """

    file: str
    line: int
    text: str
    first: int
    last: int

    @property
    def check(self) -> str:
        """The id of the check that it is about; empty where it cannot be read."""
        found = _ALLOW.fullmatch(self.text)
        return found[1] if found else ""

    @property
    def why(self) -> str:
        """The reason that it gives."""
        found = _ALLOW.fullmatch(self.text)
        return (found[2] or "").strip() if found else ""

    def covers(self, finding: LintFinding) -> bool:
        """Whether it is about this finding."""
        return (
            (finding.file, finding.check) == (self.file, self.check)
            and self.first <= finding.line <= self.last
            and bool(self.why)
        )


def suppressions(files: Iterable[tuple[str, str]]) -> Iterator[Suppression]:
    """Read the suppressions of files, each with its name."""
    for name, text in files:
        lines = [line.strip() for line in text.split("\n")]
        for place, line in enumerate(lines):
            found = DIRECTIVE.match(line)
            if found:
                first, last = _target(lines, place)
                said = line[found.end() :].strip()
                yield Suppression(name, place + 1, said, first, last)


def _target(lines: Sequence[str], place: int) -> tuple[int, int]:
    """The first and the last line that a comment at a place is about."""
    while place < len(lines) and lines[place].startswith("#"):
        place += 1
    if place == len(lines) or not lines[place]:
        return 0, 0
    last = place
    while lines[last].endswith("\\") and last + 1 < len(lines):
        last += 1
    return place + 1, last + 1


def suppress(
    findings: Iterable[LintFinding],
    allowed: Sequence[Suppression],
    never: Collection[str] = (),
) -> tuple[list[LintFinding], list[Suppressed], set[Suppression]]:
    """Part the findings that files allow from those that they do not.

    Args:
        findings: all of them.
        allowed: what the files allow.
        never: the ids of the checks whose findings no file can allow.

    Returns:
        the findings that are left, those that are not, and the suppressions that were
        of use.
    """
    left: list[LintFinding] = []
    gone: list[Suppressed] = []
    used: set[Suppression] = set()
    for finding in findings:
        covering = [
            one for one in allowed if finding.check not in never and one.covers(finding)
        ]
        if covering:
            gone.append(Suppressed(finding, covering[0].why))
            used.update(covering)
        else:
            left.append(finding)
    return left, gone, used


def bad_suppressions(
    allowed: Iterable[Suppression],
    used: Collection[Suppression],
    known: Collection[str],
    unasked: Collection[str],
    never: Collection[str] = (),
) -> Iterator[Noted]:
    """Find suppressions that do nothing, or nothing that anybody could follow.

    Args:
        allowed: all of them.
        used: those that allow a finding.
        known: the ids of the checks that there are.
        unasked: those of them that were not asked, so that nobody can say.
        never: those whose findings no file can allow.
    """
    for one in allowed:
        reason = ""
        if not one.check:
            reason, fix = "cannot be read as a suppression", _FORM
        elif one.check not in known:
            reason = f"no check has the id `{one.check}`"
            fix = "take an id of `oikeus check --list`, and of no error"
        elif one.check in never:
            reason = f"`{one.check}` is an error, which no comment suppresses"
            fix = f"take the comment away, and mend what it is about: {_PAGE}"
        elif not one.why:
            reason = f"does not say why `{one.check}` is allowed here"
            fix = _FORM
        elif one not in used and one.check not in unasked:
            reason = f"suppresses nothing: `{one.check}` finds nothing on the next line"
            fix = "take the comment away"
        else:
            continue
        yield Noted(one.file, one.line, reason, fix)
