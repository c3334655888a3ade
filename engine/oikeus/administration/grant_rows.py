"""The rows of files of grants, read with everything that cannot be read in them.

There may be a million. A word or a day that came before is known to be well made, so
that only what is new is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from ..errors import Problem
from ..ids import flaw_in_id, not_plain
from ..policy.wording import shown
from ..terms import Grant, Span, parse_day

HEADER = ("subject", "role", "organisation", "from", "until")
_AT_ONCE = 1_000


class GrantRow(NamedTuple):
    """A grant, and where in a file it was written."""

    grant: Grant
    file: str
    line: int

    def problem(self, text: str) -> Problem:
        """Something about this row."""
        return Problem(self.file, self.line, text)


def read_rows(
    files: Sequence[tuple[str, str]],
) -> tuple[list[GrantRow], list[Problem]]:
    """Read the rows of files of grants, and everything that cannot be read in them."""
    reading = _Reading()
    for name, text in files:
        # as editors and spreadsheets of any system end lines
        ended = text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\r")
        header, *lines = ended.split("\n")
        if header == ",".join(HEADER):
            reading.read(name, lines)
        else:
            # each row would be wrong by the same mistake
            problem = f"expected the header `{','.join(HEADER)}`"
            reading.problems.append(Problem(name, 1, problem))
    return reading.rows, reading.problems


class _Reading:
    """Reads lines, a batch at a time.

    Attributes:
        rows: that could be read.
        problems: of all others.
    """

    def __init__(self) -> None:
        self.rows: list[GrantRow] = []
        self.problems: list[Problem] = []
        # by the texts in which they were found right
        self._roles: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self._spans: dict[tuple[str, str], Span] = {}

    def read(self, name: str, lines: list[str]) -> None:
        """Take in the lines of a file after its header."""
        # no quoting: no id can hold what would need it
        split = (line.split(",") for line in lines)
        number = 1
        while batch := [*islice(split, _AT_ONCE)]:
            doubtful = {*not_plain(values[0] for values in batch)}
            for values in batch:
                number += 1
                known = None if values[0] in doubtful else self._known(values)
                if known is not None:
                    self.rows.append(GrantRow(known, name, number))
                elif len(values) > 1 or values[0].strip():
                    self._learn(name, number, values)

    def _known(self, values: list[str]) -> Grant | None:
        """The grant of a row of which only the subject is new, and plain."""
        try:
            subject, role, place, first, last = values
            span = self._spans[first, last]
            return Grant(subject, self._roles[role], self._places[place], span)
        except (KeyError, ValueError):
            return None

    def _learn(self, name: str, number: int, values: list[str]) -> None:
        """Take in a row of which not all is known."""
        grant, flaws = _grant(values)
        self.problems.extend(Problem(name, number, flaw) for flaw in flaws)
        if grant is None:
            return
        _, role, place, first, last = values
        self._roles[role] = grant.role
        self._places[place] = grant.organisation
        self._spans[first, last] = grant.span
        self.rows.append(GrantRow(grant, name, number))


def _grant(values: list[str]) -> tuple[Grant | None, list[str]]:
    """Read a row, or say all that is wrong with it."""
    if len(values) != len(HEADER):
        return None, [f"has {len(values)} of the values {', '.join(HEADER)}"]
    flaws = [
        f"{name} {shown(value)} {flaw}"
        for name, value in zip(HEADER[:3], values, strict=False)
        if (flaw := flaw_in_id(value))
    ]
    days = []
    for name, value in zip(HEADER[3:], values[3:], strict=True):
        try:
            days.append(parse_day(value))
        except ValueError as error:
            reason = str(error).replace(f"`{value}`", shown(value))
            flaws.append(f"{name} {reason}")
    if flaws:
        return None, flaws
    span = Span(days[0], days[1])
    if span.last < span.first:
        return None, [f"ends on {span.last}, before it begins on {span.first}"]
    subject, role, organisation = values[:3]
    return Grant(subject, f"role:{role.removeprefix('role:')}", organisation, span), []
