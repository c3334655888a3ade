"""The lines that the log puts in force, row by row of `casbin_rule`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .findings import Findings
from .tables import LINE
from .values import Op

_CHANGE = "oikeus_change"
_RULE = "casbin_rule"
_BEFORE_LINE = 3
"""How many values stand before the line: position, op and rule."""


class Replayed:
    """What is in force after the changes so far.

    Args:
        findings: what disagrees is noted there.

    Attributes:
        lines: of each row the change that brought its line, spelt out.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.lines: dict[Any, str] = {}
        # the versions that put a line where another one, or none, stands now
        self._strayed: dict[Any, int] = {}

    def put(
        self,
        number: int,
        position: object,
        rule: Any,  # noqa: ANN401 # whatever is stored
        spelt: str,
        held: object,
    ) -> None:
        """A line comes to a row, which is free then."""
        if rule in self.lines:
            text = (
                f"puts a line into the row {rule!a} of casbin_rule, which is not free"
            )
            self._add(number, position, text)
        self.lines[rule] = spelt
        if not held:
            self._strayed[rule] = number

    def touch(
        self,
        number: int,
        position: object,
        op: object,
        rule: Any,  # noqa: ANN401 # whatever is stored
        spelt: str,
    ) -> None:
        """A line leaves its row, or stays there and has another source."""
        there = self.lines.get(rule)
        if op not in (Op.REMOVED, Op.MOVED):
            self._add(number, position, f"does {op!a}, expected one of + - ~")
        elif there is None or _line_of(there) != _line_of(spelt):
            has = "no line" if there is None else "another line"
            text = (
                f"is of the row {rule!a} of casbin_rule, where the log has {has} then"
            )
            self._add(number, position, text)
        if op == Op.REMOVED:
            self.lines.pop(rule, None)
            self._strayed.pop(rule, None)

    def agrees(self, count: int) -> bool:
        """Whether so many rows are those that hold what the log put into them."""
        return not self._strayed and len(self.lines) == count

    def hold(self, in_force: Iterable[Any]) -> None:
        """Name the rows of `casbin_rule` that are not what the log put there.

        Raises:
            Enough: more need not be found.
        """
        there = set(in_force)
        for rule, number in self._strayed.items():
            line = ", ".join(str(value or "") for value in _line_of(self.lines[rule]))
            has = "holds something else" if rule in there else "is missing"
            text = (
                f"{has}, expected {line.rstrip(', ')!a}, which this version put there"
            )
            self._findings.add(number, _RULE, rule, text)
        for rule in sorted(there - self.lines.keys(), key=str):
            text = "no version put it there, or one took it out: it is not of the log"
            self._findings.add(None, _RULE, rule, text)

    def _add(self, number: int, position: object, text: str) -> None:
        self._findings.add(number, _CHANGE, f"{number}/{position}", text)


def _line_of(spelt: str) -> list[str | None]:
    line: list[str | None] = json.loads(spelt)[_BEFORE_LINE : _BEFORE_LINE + len(LINE)]
    return line
