"""Two states of a policy compared: lines, access, power, and grants that it strands.

Everything that a report shows is in one `Comparison`: whoever writes it as text, JSON,
Markdown or a page asks nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..analysis.difference import Difference, difference
from ..analysis.lines import LineDifference, line_difference
from ..analysis.summary import Summary, summarise
from .states import State
from .stranded import Stranded, find_stranded


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two states of a policy do not have in common.

    Attributes:
        before: the first one.
        after: the second one.
        lines: what they differ in as they are written.
        difference: who gains and who loses what on a day, and rows made inert.
        summary: the same, counted.
        stranded: the grants that a rule would have allowed in the first, and none in
            the second, with what a change from one to the other does to them.
    """

    before: State
    after: State
    lines: LineDifference
    difference: Difference
    summary: Summary
    stranded: tuple[Stranded, ...] = ()

    @property
    def day(self) -> date:
        """The day that is decided for."""
        return self.difference.day

    def __bool__(self) -> bool:
        return bool(self.lines or self.difference)


def compare(
    before: State,
    after: State,
    day: date,
    *,
    stranded: tuple[Stranded, ...] | None = None,
) -> Comparison:
    """Compare two states of a policy.

    Args:
        before: the first one.
        after: the second one.
        day: the day that is decided for.
        stranded: the grants that the change strands, where a plan has found them; else
            they are looked for, whoever gave them.

    Raises:
        RequestError: the day is none.
        ModelError: a matcher failed.
    """
    found = difference(before.snapshot, after.snapshot, day)
    return Comparison(
        before,
        after,
        line_difference(before.contents, after.contents),
        found,
        summarise(found, before.snapshot, after.snapshot),
        find_stranded(before, after, found.day) if stranded is None else stranded,
    )
