"""A stage: a world, the questions that are asked in it and the right answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import oikeus

from . import casbins
from .figures import OURS
from .limit import Allows, make_limit
from .questions import Question, ask
from .race import Contender, one_by_one
from .worlds import SIZES, World, make_world

LIMIT = "the limit: hand-written dictionaries"
TURN, CHUNK = 200, 20


@dataclass(frozen=True, slots=True)
class Stage:
    """A world, loaded twice, what is asked in it, and the limit's answers."""

    world: World
    limit: Allows
    point: oikeus.DecisionPoint
    questions: list[Question]
    expected: list[bool]

    @classmethod
    def of(cls, size: str, questions: int) -> Self:
        """Make a world and load it twice."""
        world = make_world(SIZES[size])
        limit = make_limit(world)
        asked = ask(world, questions)
        expected = [limit(*question) for question in asked]
        return cls(world, limit, casbins.ours(world), asked, expected)

    @property
    def pair(self) -> list[Contender]:
        """The limit and the decision point."""
        return [
            Contender(LIMIT, one_by_one(self.limit), self.questions, self.expected),
            self.ours(OURS),
        ]

    def ours(self, name: str) -> Contender:
        """The decision point."""
        allows = one_by_one(self.point.allows)
        return Contender(name, allows, self.questions, self.expected)

    def asked(self, questions: list[Question]) -> Self:
        """The same with other questions."""
        expected = [self.limit(*question) for question in questions]
        return replace(self, questions=questions, expected=expected)
