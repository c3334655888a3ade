"""The case that is missing: a question that tells a mutant from the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ...decide.evaluator import Evaluator, Posed
from ...terms import Grant, Line, parse_day
from .cases import ROOT, Expectation
from .line_change import LineChange
from .mutants import Mutant
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class MissingCase:
    """A question that the policy answers, and a mutant answers otherwise.

    Attributes:
        file: the file of cases in whose world it is asked.
        day: the day that it is asked for.
        expectation: the question, with the answer of the policy.
        world: the lines that the world must have besides: of somebody imagined, or of
            an organisation that is.
        root: the id of the organisation that cases call `root`.
        mutants: those that the case would notice.
    """

    file: str
    day: date
    expectation: Expectation
    world: tuple[Line, ...]
    root: str
    mutants: tuple[Mutant, ...] = ()


class Proposal:
    """A question that tells a mutant from the policy, in the world that it needs."""

    def __init__(
        self, vocabulary: Vocabulary, change: LineChange, question: Posed
    ) -> None:
        self._vocabulary = vocabulary
        self._question = question
        self._allowed = vocabulary.evaluator.answer(question).allowed
        self._policy = vocabulary.evaluator
        self._grants = tuple(self._needed(change))
        self._placed = tuple(self._needed_of_places(change))

    def tells(self, change: LineChange) -> bool:
        """Whether it tells another mutant too, in the same world."""
        return self._is_told(self._policy, change)

    def case(self) -> MissingCase:
        """The question as a case; imagined people get a name, and their grants."""
        vocabulary, file = self._vocabulary, self._vocabulary.world.file
        fields = vocabulary.evaluator.matchers[self._question.matcher].request
        said = dict(zip(fields, self._question.values, strict=True))
        named = _Naming(vocabulary)
        place = ROOT if said["org"] == file.root else said["org"]
        subject = named.of(said["sub"])
        sent: dict[str, str] = {}
        if self._question.matcher == "m":
            asked = {"action": said["act"], "resource": said["obj"]}
            names = vocabulary.world.snapshot.model.attributes
            sent = {name: said[name] for name in names if said[name]}
        else:
            role = said["role"].removeprefix("role:")
            whose = "to" if self._question.matcher == "m2" else "from"
            asked = {"role": role, whose: named.of(said["to"])}
        asked["organisation"] = place
        grants = [named.grant(grant) for grant in self._grants]
        return MissingCase(
            file.name,
            parse_day(said["day"]),
            Expectation(subject, asked, self._allowed, sent),
            (*self._placed, *grants),
            file.root,
        )

    def _needed(self, change: LineChange) -> Iterator[Grant]:
        """The grants of imagined people without which the answers would be others."""
        imagined = self._vocabulary.imagined.held
        for subject in dict.fromkeys(self._question.values):
            held = [*imagined.get(subject, ())]
            for grant in imagined.get(subject, ()):
                rest = [other for other in held if other is not grant]
                facts = self._policy.facts.holding_only(subject, *rest)
                policy = self._policy.over(facts)
                if self._is_told(policy, change):
                    self._policy, held = policy, rest
            yield from held

    def _is_told(self, policy: Evaluator, change: LineChange) -> bool:
        """Whether the policy answers as it does, and the mutant otherwise."""
        mutant = policy.over(change.apply(policy.facts))
        answers = [each.answer(self._question).allowed for each in (policy, mutant)]
        return answers == [self._allowed, not self._allowed]

    def _needed_of_places(self, change: LineChange) -> Iterator[Line]:
        """The lines of imagined organisations, but for levels that do not matter."""
        if not self._vocabulary.is_imagined:
            return
        matcher = self._policy.matchers[self._question.matcher]
        asked = self._question.values[matcher.request.index("org")]
        places = {asked, *(grant.organisation for grant in self._grants)}
        world = self._vocabulary.world.file.world
        lines = [line for line in world if line.values[0] in places]
        for line in [line for line in reversed(lines) if line.ptype == "g4"]:
            facts = LineChange(removed=(line,)).apply(self._policy.facts)
            policy = self._policy.over(facts)
            if self._is_told(policy, change):
                self._policy = policy
                lines.remove(line)
        yield from lines


class _Naming:
    """Names for imagined people, that nobody in the world has."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, str] = {}

    def of(self, subject: str) -> str:
        """The subject itself, or a name for one that is imagined."""
        if subject not in self._vocabulary.imagined.held:
            return subject
        if subject not in self._names:
            kind = subject.partition(":")[0]
            taken = {*self._vocabulary.taken, *self._names.values()}
            names = (f"{kind}:imagined-{number}" for number in range(1, len(taken) + 2))
            self._names[subject] = next(name for name in names if name not in taken)
        return self._names[subject]

    def grant(self, grant: Grant) -> Line:
        """A grant under the name of its subject."""
        name = self.of(grant.subject)
        return Grant(name, grant.role, grant.organisation, grant.span).line
