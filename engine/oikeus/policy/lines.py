"""Casbin lines in CSV files: read with file, line number and the comment above.

The form is Casbin's: `p, role:x, hoks, read, allow`, one blank after a comma or none.
A comment block counts for the lines that follow it, up to the next blank line or
comment block. A comment `# oikeus: …` is no part of it: it gives no reason.
Everything wrong is reported, not the first thing only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Problem
from ..ids import flaw_in_id
from ..terms import Line, Source
from .wording import shown

_PTYPE = re.compile(r"[pg][0-9]*")
_DOMAIN_COLUMN = ("g", 2)

DIRECTIVE = re.compile(r"#+\s*oikeus:")
"""How a comment begins that speaks to `oikeus check` and gives no reason."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, and what in it cannot be read."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read_lines(text: str, file: str) -> Reading:
    """Read the text of a CSV file of Casbin lines."""
    lines: list[Line] = []
    problems: list[Problem] = []
    comment: list[str] = []
    after_line = True
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        written = raw.removesuffix("\r")
        flaws: list[str] = []
        if not written.strip(" \t"):
            comment, after_line = [], True
        elif written.startswith("#"):
            flaws = list(_flaws_of_comment(written))
            if not DIRECTIVE.match(written):
                if after_line:
                    comment, after_line = [], False
                comment.append(" ".join(written.lstrip("#").split()))
        else:
            after_line = True
            line = _line(written, Source(file, number, " ".join(filter(None, comment))))
            flaws = list(_flaws(line))
            if not flaws:
                lines.append(line)
        problems.extend(Problem(file, number, flaw) for flaw in flaws)
    return Reading(tuple(lines), tuple(problems))


def _line(written: str, source: Source) -> Line:
    ptype, *values = written.split(",")
    return Line(ptype, tuple(value.removeprefix(" ") for value in values), source)


def _flaws(line: Line) -> Iterator[str]:
    if not _PTYPE.fullmatch(line.ptype):
        kind = shown(line.ptype)
        yield f"unknown kind of line {kind}, expected p, p2, g, g2, g3 or g4"
    if not line.values:
        yield "the line has no values, expected them after commas"
    for position, value in enumerate(line.values):
        allowed = "@.." if (line.ptype, position) == _DOMAIN_COLUMN else ""
        flaw = flaw_in_id(value, allowed=allowed)
        if flaw:
            quoted = f" {shown(value)}" if value else ""
            yield f"value {position + 1}{quoted} {flaw}"


def _flaws_of_comment(written: str) -> Iterator[str]:
    # a file with a Macintosh's line ends would be one long comment, and say nothing
    if not re.sub(r"[\t\u00a0]", " ", written).isprintable():
        yield "the comment holds a control or invisible character, expected plain text"
