"""Cases through the command line, and what each wrote, whole, as a text to compare.

What depends on the calendar is put as words: TODAY, TOMORROW, YESTERDAY, YEAR for the
last day of a year from today, LAPSES for that of an application made today. So are the
lines of policy files: their number is looked up, and LINE stands for it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from oikeus import today_in_finland

Run = Callable[..., Any]
Begin = Callable[[], Path]
Golden = Callable[[str, str], None]
Words = tuple[str, ...]

YES, ERROR, USAGE, NO = range(4)

_QUOTED = re.compile(r"`([^`]+)` \((policies/\w+\.csv):(\d+);")


@dataclass(frozen=True)
class Case:
    """One command, how it must end, and what is done before it.

    Attributes:
        why: the requirement, in a sentence without a full stop.
        code: the exit code.
        words: of the command; those of the calendar are put in.
        before: commands that end with 0, one after the other.
        files: written before those, by their paths.
        rows: put into the table of lines before those, past all that checks them.
    """

    why: str
    code: int
    words: Words
    before: Sequence[Words] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[Words] = ()


def check_both(cases: Iterable[Case]) -> None:
    """Make sure that something is allowed, and something is not."""
    codes = {case.code for case in cases}
    assert YES in codes
    assert codes & {NO, ERROR}


def calendar() -> dict[str, str]:
    """The words for days, and the days, by the clock that the command goes by."""
    today = today_in_finland()
    return {
        "TODAY": today.isoformat(),
        "TOMORROW": (today + timedelta(days=1)).isoformat(),
        "YESTERDAY": (today - timedelta(days=1)).isoformat(),
        "TOO-LONG": (_year_from(today) + timedelta(days=1)).isoformat(),
        "YEAR": _year_from(today).isoformat(),
        "LAPSES": (today + timedelta(days=59)).isoformat(),
    }


def _year_from(first: date) -> date:
    """The last day of a year: 2027-02-28 from 2026-03-01 (ruling H)."""
    if (first.month, first.day) == (2, 29):
        return date(first.year + 1, 2, 28)
    return first.replace(year=first.year + 1) - timedelta(days=1)


def transcript(run: Run, begin: Begin, cases: Iterable[Case]) -> str:
    """Run each case in a world of its own, and give all that was written.

    Args:
        run: runs the command.
        begin: makes the world anew, and says where.
        cases: in the order of the text.
    """
    return "\n".join(_section(run, begin, case) for case in cases)


def _section(run: Run, begin: Begin, case: Case) -> str:
    world = begin()
    for name, text in case.files.items():
        (world.parent / name).write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(world)) as connection, connection:
        for row in case.rows:
            line = ", ".join(("ptype", "v0", "v1", "v2")[: len(row)])
            marks = ", ".join("?" * len(row))
            statement = f"INSERT INTO casbin_rule ({line}) VALUES ({marks})"  # noqa: S608
            connection.execute(statement, row)
    days = calendar()
    for words in case.before:
        ended = run(*_said(words, days))
        assert ended.code == YES, (case.why, words, ended)
    ended = run(*_said(case.words, days))
    if days != calendar():
        return _section(run, begin, case)  # it was midnight meanwhile
    assert ended.code == case.code, (case.why, ended)
    parts = [f"# {case.why}", f"$ oikeus {' '.join(case.words)}", f"[{case.code}]"]
    for mark, text in (("", ended.out), ("! ", ended.err)):
        plain = _unlined(_unsaid(text, days), world.parent)
        parts += [f"{mark}{line}" for line in plain.splitlines()]
    return "\n".join(parts) + "\n"


def _said(words: Words, days: dict[str, str]) -> list[str]:
    return [days.get(word, word) for word in words]


def _unsaid(text: str, days: dict[str, str]) -> str:
    for word, day in days.items():
        text = text.replace(day, word)
    return text


def _unlined(text: str, folder: Path) -> str:
    """Hold each line that is quoted against its file, and leave out the number."""

    def check(found: re.Match[str]) -> str:
        lines = (folder / found[2]).read_text(encoding="utf-8").splitlines()
        assert lines[int(found[3]) - 1] == found[1]
        return f"`{found[1]}` ({found[2]}:LINE;"

    return _QUOTED.sub(check, text)
