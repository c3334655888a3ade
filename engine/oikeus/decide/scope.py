"""A part of the organisations: one and all below it, to be decided by themselves.

What stands above is kept as well, with the grants given there, since they cover the
part. Questions about other organisations are refused: a deny would look like an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from ..errors import RequestError
from ..policy.tree import Tree
from ..policy.wording import not_in_register
from ..terms import Line
from .facts import gathered, reach
from .grants import Row

_ABOUT_PLACES = ("g2", "g4")
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """The organisations of a part.

    Attributes:
        top: the organisation that all others of the part are below.
        within: the organisations that can be asked about.
        kept: those, and the ones above them, of which grants are kept.
        elsewhere: the others that lines place in the tree.
    """

    top: str
    within: frozenset[str]
    kept: frozenset[str]
    elsewhere: frozenset[str]

    @classmethod
    def under(cls, top: str, lines: Iterable[Line]) -> Self:
        """Find what is below an organisation.

        Raises:
            RequestError: no line knows it.
        """
        every = [*lines]
        if top not in Tree.from_lines(every):
            raise RequestError(not_in_register(top))
        # not as the tree is shown: a link may lead through a word such as a mode
        links = (line.values for line in every if line.ptype == "g2")
        pairs = [values for values in links if len(values) == _PAIR]
        up, down = (gathered(pair[::step] for pair in pairs) for step in (1, -1))
        within = frozenset(reach(down, top))
        kept = within.union(*(reach(up, each) for each in within))
        return cls(top, within, kept, frozenset(up.keys() - kept))

    def lines(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines that can decide something about the part."""
        for line in lines:
            first = line.values[0] if line.values else ""
            if line.ptype not in _ABOUT_PLACES or first not in self.elsewhere:
                yield line

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        """The grants that can decide something about the part."""
        kept = self.kept
        return [row for row in rows if row[2].partition("@")[0] in kept]

    def batches(self, batches: Iterable[Sequence[Row]]) -> Iterator[list[Row]]:
        """The same for grants that come in batches."""
        return map(self.rows, batches)

    def check(self, organisation: str) -> None:
        """Refuse a question about another organisation.

        Raises:
            RequestError: it is not one of the part.
        """
        if organisation not in self.within:
            message = (
                f"organisation `{organisation}` is not at or below `{self.top}`, "
                "which is all that is loaded; ask where everything is"
            )
            raise RequestError(message)
