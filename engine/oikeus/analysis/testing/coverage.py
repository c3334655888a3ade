"""Coverage: which lines of a policy the cases exercise, allowing and refusing.

A rule or a power is exercised

- allowing, by a case that is allowed, and that the line alone would allow;
- refusing, by a case about what the line gives that is refused, although the one who
  asks has a grant of the line's role: the case shows where the line ends.

A line that denies is exercised the other way round. A power is exercised in granting,
and besides in revoking; who gives up a right of their own exercises none. A line on a
role's kind or level is exercised

- allowing, by a case that is allowed, and would not be without the line;
- refusing, by a case that is refused, and would not be, were the role for every kind of
  holder, or held at every level.

What no question can show is not asked for. Cases that fail exercise nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ...decide.evaluator import Evaluator
from ...policy.model import MATCHERS
from ...terms import Effect, Line
from .line_change import LineChange
from .mutants import is_rule
from .questions import Questions
from .suite import CaseSuite

ALLOWING, REFUSING = "allowing", "refusing"

ACTS: Mapping[str, str] = MappingProxyType({"m2": "grant", "m3": "revoke"})
"""What a power gives, by the matcher that it is held against."""


@dataclass(frozen=True, slots=True)
class LineCoverage:
    """How often a line is exercised.

    Attributes:
        line: the line.
        act: of a power, what is done by it: `grant`, or `revoke` where the model says
            who may; nothing for other lines.
        allowing: by how many questions that are allowed; nothing where none could.
        refusing: by how many that are refused; nothing where none could.
    """

    line: Line
    allowing: int | None
    refusing: int | None
    act: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What it is not exercised in, `allowing` before `refusing`."""
        found = {ALLOWING: self.allowing, REFUSING: self.refusing}
        return tuple(side for side, count in found.items() if count == 0)

    @property
    def sides(self) -> int:
        """In how many ways it can be exercised, of two."""
        return (self.allowing is not None) + (self.refusing is not None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each line of a policy is exercised, in the order of the lines.

    A power is there twice where the model says who may revoke.
    """

    lines: tuple[LineCoverage, ...]

    @property
    def sides(self) -> int:
        """In how many ways the lines can be exercised."""
        return sum(line.sides for line in self.lines)

    @property
    def exercised(self) -> int:
        """In how many of those they are."""
        return self.sides - sum(len(line.missing) for line in self.lines)

    @property
    def percent(self) -> float:
        """The same of a hundred; a policy without lines lacks nothing."""
        return 100 * self.exercised / self.sides if self.sides else 100.0


def measure_coverage(suite: CaseSuite) -> Coverage:
    """Find which lines of a policy its cases exercise.

    Raises:
        ModelError: a matcher failed.
    """
    asked = [Questions(world.snapshot.evaluator, world.ruled) for world in suite.worlds]
    catalogue = suite.policies.catalogue
    every = {
        "g3": [*catalogue.kinds],
        "g4": [f"level:{level}" for level in catalogue.levels],
    }
    return Coverage(
        tuple(
            covered
            for line in suite.rules
            if is_rule(line)
            for covered in (
                [_of_link(suite, asked, line, every[line.ptype])]
                if line.ptype in every
                else _of_rule(suite, asked, line)
            )
        )
    )


def _of_rule(
    suite: CaseSuite, asked: Iterable[Questions], line: Line
) -> Iterator[LineCoverage]:
    """What becomes of a rule in each matcher that it is held against."""
    model = suite.model
    denies = line.ptype == "p" and model.value(line, "eft") == Effect.DENY.value
    role = model.value(line, "sub")
    acts = [name for name in model.matchers if MATCHERS[name][1] == line.ptype]
    counts = {(act, allowed): 0 for act in acts for allowed in (True, False)}
    for world, questions in zip(suite.worlds, asked, strict=True):
        alone = _alone(world.snapshot.evaluator, line)
        for number in questions.about(line):
            question, allowed = questions.posed[number], questions.answers[number]
            matches = alone.answer(question).allowed
            if matches is not (allowed is denies) and (
                matches or questions.has(question, role)
            ):
                counts[question.matcher, allowed] += 1
    for act in acts:
        allowing, refusing = counts[act, True], counts[act, False]
        yield LineCoverage(line, allowing, refusing, ACTS.get(act, ""))


def _alone(evaluator: Evaluator, line: Line) -> Evaluator:
    """Decides by one rule only, which allows what it matches."""
    values = list(line.values)
    if line.ptype == "p":
        values[evaluator.model.fields["p"].index("eft")] = Effect.ALLOW.value
    return evaluator.over(evaluator.facts.ruled_by(replace(line, values=tuple(values))))


def _of_link(
    suite: CaseSuite, asked: Iterable[Questions], line: Line, words: Iterable[str]
) -> LineCoverage:
    without = LineChange(removed=(line,))
    lifted = LineChange(added=tuple(_others(line, words)))
    return LineCoverage(
        line,
        _count(suite, asked, without, allowed=True),
        _count(suite, asked, lifted, allowed=False),
    )


def _others(line: Line, words: Iterable[str]) -> Iterator[Line]:
    """The lines that would let the role be for every kind, or held at every level."""
    for word in words:
        if line.ptype == "g3":
            yield replace(line, values=(line.values[0], word))
        else:
            yield replace(line, values=(word, line.values[1]))


def _count(
    suite: CaseSuite, asked: Iterable[Questions], change: LineChange, *, allowed: bool
) -> int | None:
    """How many answers of a sort a change turns; nothing where no question is."""
    found = sum(
        questions.answers[number] is allowed
        for questions in asked
        for number in questions.all_changed_by(change)
    )
    if found or any(each.told_apart(change) for each in suite.vocabularies):
        return found
    return None
