"""A review as a CSV file: written for a spreadsheet, and read back with decisions.

What a spreadsheet would take for a formula begins with `'`, wherever it may split a
cell; that is taken away again when the file is read. Spreadsheets write what they read
in their own way: with `;` or a tab between cells, CRLF, a byte order mark, everything
in quotes, other columns beside ours, and days as 31.12.2026. All of it is understood.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from ...errors import Problem
from ...policy.wording import choice, did_you_mean, shown
from ...terms import Grant, Names, Span
from .values import Review, ReviewedGrant

COLUMNS = (
    *("subject", "role", "organisation", "name", "from", "until"),
    *("findings", "approvers", "decision", "reason"),
)
"""The columns of the file; those of what it is about, and of what is decided."""

_NEEDED = ("subject", "role", "organisation", "from", "until", "decision")
_DELIMITERS = ",;\t"
_FORMULA = re.compile(r"(^|[;,\t\r\n])(?=[=+\-@'])")
_QUOTED = re.compile(r"(^|[;,\t\r\n])'(?=[=+\-@'])")
_LOCAL_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class Verb(StrEnum):
    """What is decided about a grant."""

    KEEP = "keep"
    RENEW = "renew"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class Decided:
    """A row with a decision.

    Attributes:
        grant: what it is about, as it was written.
        verb: what is decided.
        reason: why, in the words of whoever decided.
        file: as it is called.
        line: on which it begins.
    """

    grant: Grant
    verb: Verb
    reason: str
    file: str
    line: int

    def problem(self, text: str) -> Problem:
        """Something about this row."""
        return Problem(self.file, self.line, text)


def review_sheet(review: Review) -> str:
    """Write a review as CSV, with no decisions yet."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in review.found:
        writer.writerow(map(_safe, _cells(each, review.names)))
    return text.getvalue()


def read_decisions(file: str, text: str) -> tuple[list[Decided], list[Problem]]:
    """Read the rows with a decision, and everything that cannot be read.

    Args:
        file: its name, for problems.
        text: what it holds.
    """
    try:
        header, *rows = _rows(text)
    except (csv.Error, ValueError) as error:
        reason = str(error) or f"is empty, expected the header {', '.join(COLUMNS)}"
        return [], [Problem(file, 0, reason)]
    number, names = header
    places = {name.strip().casefold(): place for place, name in enumerate(names)}
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        text = f"has no column {choice(missing)}, expected {', '.join(COLUMNS)}"
        return [], [Problem(file, number, text)]
    found: list[Decided] = []
    problems: list[Problem] = []
    seen: dict[Grant, int] = {}
    for line, row in rows:
        cells = {name: _cell(row, place) for name, place in places.items()}
        if not cells["decision"]:
            continue
        read = _decided(cells, file, line)
        if isinstance(read, Problem):
            problems.append(read)
        elif (first := seen.setdefault(read.grant, line)) != line:
            problems.append(read.problem(f"repeats line {first}, expected it once"))
        else:
            found.append(read)
    return found, problems


def _cells(each: ReviewedGrant, names: Mapping[str, Names]) -> Iterator[str]:
    grant = each.grant
    yield grant.subject
    yield grant.role.removeprefix("role:")
    yield grant.organisation
    yield names.get(grant.organisation, Names()).best
    yield grant.span.first.isoformat()
    yield grant.span.last.isoformat()
    yield "; ".join(map(str, each.remarks))
    yield " ".join(each.approvers)
    yield ""
    yield ""


def _safe(cell: str) -> str:
    r"""A cell that no spreadsheet takes for a formula.

    >>> _safe("=1+1"), _safe("a;=1"), _safe("'a"), _safe("2026-03-01")
    ("'=1+1", "a;'=1", "''a", '2026-03-01')
    """
    return _FORMULA.sub(r"\1'", cell)


def _cell(row: Sequence[str], place: int) -> str:
    """A cell as it was before it was made safe; the last ones may be missing."""
    if place >= len(row):
        return ""
    return _QUOTED.sub(r"\1", row[place].strip())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line on which it begins.

    Raises:
        csv.Error: it is no CSV.
        ValueError: there is none.
    """
    text = text.removeprefix("\ufeff")
    header = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins, count = 1, 0
    for row in reader:
        if any(cell.strip() for cell in row):
            yield begins, row
            count += 1
        begins = reader.line_num + 1
    if not count:
        raise ValueError


def _decided(cells: Mapping[str, str], file: str, line: int) -> Decided | Problem:
    word = cells["decision"].casefold()
    if word not in [*Verb]:
        hint = did_you_mean(word, [*Verb])
        text = f"unknown decision {shown(word)}, expected {choice([*Verb])}{hint}"
        return Problem(file, line, text)
    try:
        span = Span.parse(f"{_day(cells['from'])}..{_day(cells['until'])}")
    except ValueError as error:
        return Problem(file, line, str(error))
    role = f"role:{cells['role'].removeprefix('role:')}"
    grant = Grant(cells["subject"], role, cells["organisation"], span)
    return Decided(grant, Verb(word), cells.get("reason", ""), file, line)


def _day(text: str) -> str:
    """A day in our form, also where a Finnish or Swedish spreadsheet wrote it.

    >>> _day("31.1.2026"), _day("2026-01-31")
    ('2026-01-31', '2026-01-31')
    """
    local = _LOCAL_DAY.fullmatch(text)
    if local is None:
        return text
    day, month, year = local.groups()
    return f"{year}-{month:0>2}-{day:0>2}"
