"""Decisions that were answered and have no record, as one line of a file says it.

Where records come faster than they can be written, some are dropped. The line stands
where they would have stood: who reads the file learns how many, and of when.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from ..errors import Problem, RecordError
from ..moments import time_text
from ..policy.shape import flaws_in_shape, schema_named
from .record_json import read_json

DROPPED: Final = "oikeus-dropped-1"
"""Names the form of such a line."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many decisions have no record.

    Attributes:
        count: how many.
        first: when the first of them was made, with an offset.
        last: when the last was.
    """

    count: int
    first: datetime
    last: datetime

    def to_json(self) -> str:
        """The line, without its end."""
        values = {
            "format": DROPPED,
            "dropped": self.count,
            "first": time_text(self.first),
            "last": time_text(self.last),
        }
        return json.dumps(values)

    @staticmethod
    def is_said_by(text: bytes) -> bool:
        """Whether a line means to be of this form."""
        try:
            values = read_json(text)
        except ValueError:
            return False
        return isinstance(values, dict) and values.get("format") == DROPPED

    @classmethod
    def from_json(cls, text: bytes, *, file: str, line: int) -> Self:
        """Read a line.

        Args:
            text: one JSON object.
            file: where it stands, for problems.
            line: counted from 1.

        Raises:
            RecordError: with everything that is wrong with it.
        """
        values: Any = read_json(text)
        flaws = [*flaws_in_shape(values, schema_named("dropped"))]
        if flaws:
            raise RecordError(Problem(file, line, flaw.text) for flaw in flaws)
        first, last = (datetime.fromisoformat(values[name]) for name in _TIMES)
        return cls(values["dropped"], first, last)

    def joined(self, other: Self) -> Self:
        """These and those of another line."""
        first, last = min(self.first, other.first), max(self.last, other.last)
        return type(self)(self.count + other.count, first, last)

    def __str__(self) -> str:
        """As a sentence says it, in UTC."""
        few = "1 decision has" if self.count == 1 else f"{self.count} decisions have"
        first, last = time_text(self.first), time_text(self.last)
        return f"{few} no record, made {first} to {last}"


_TIMES = ("first", "last")
