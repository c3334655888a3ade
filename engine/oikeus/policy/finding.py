"""One thing found wrong with a line, before it is known where the line stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import Problem
from ..terms import Line
from .wording import choice, did_you_mean, shown


@dataclass(frozen=True, slots=True)
class Finding:
    """A line, what is wrong with it, and whether that only warns.

    Attributes:
        check: as `Problem` has it.
    """

    line: Line
    text: str
    warning: bool = False
    check: str = ""

    @property
    def problem(self) -> Problem:
        """The finding with the file and line where it stands."""
        source = self.line.source
        place = (source.file, source.line) if source else (f"`{self.line}`", 0)
        return Problem(*place, self.text, self.check)


def known_word(
    line: Line, what: str, value: str, known: Iterable[str]
) -> Iterator[Finding]:
    """Say that a word is unknown, and which it may have been meant to be."""
    words = list(dict.fromkeys(known))
    if value not in words:
        expected = choice(words) if words else "none"
        hint = did_you_mean(value, words)
        yield Finding(line, f"unknown {what} {shown(value)}, expected {expected}{hint}")


def listed(words: Iterable[str]) -> str:
    """List words in backticks, sorted; `none` where there are none."""
    return ", ".join(shown(word) for word in sorted(words)) or "none"
