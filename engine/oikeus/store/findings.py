"""What disagrees in a database, in words that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 20
"""After so many it is clear that more would follow."""


class Enough(Exception):  # noqa: N818 # no error: it ends a walk
    """There are as many findings as are worth telling."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that disagrees.

    Attributes:
        version: the number of the version; nothing where none can be told.
        table: where the row stands, or should.
        row: which one it is, by its key; blank where the table as a whole disagrees.
        text: what is wrong, and what was expected.
        guard: it is about what keeps the tables as they are, and not about a row.
    """

    version: int | None
    table: str
    row: str
    text: str
    guard: bool = False

    def __str__(self) -> str:
        version = "" if self.version is None else f"version {self.version}, "
        row = f" row {self.row}" if self.row else ""
        return f"{version}{self.table}{row}: {self.text}"


class Findings:
    """What was found so far.

    Args:
        most: how many are enough.
    """

    def __init__(self, most: int = MOST) -> None:
        self.found: list[Finding] = []
        self._most = most

    def add(self, version: object, table: str, row: object, text: str) -> None:
        """Note what disagrees.

        Raises:
            Enough: that was the last one.
        """
        number = version if type(version) is int else None
        self.found.append(Finding(number, table, _shown(row), text))
        if len(self.found) == self._most:
            raise Enough


def _shown(row: object) -> str:
    text = str(row)
    return text if text.isprintable() else ascii(text)[1:-1]
