"""Asks the model what holders of roles may do, at organisations of each class.

Nobody real is asked about: strangers hold one role each, at a place that stands for
all like it, and the model answers. What it says of them it says of everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ...decide.evaluator import Evaluator
from ...decide.matcher.folding import needs_grant
from ...decide.snapshot import Snapshot
from ...decide.whatif import one_day
from ...terms import Grant, PowerRequest, Request
from .classes import Classes
from .questions import Question, Questions
from .shape import words_in
from .slots import Option, Verb

Options = Mapping[int, Sequence[Option]]
"""The acts that the policy allows, by the class of the organisation."""


@dataclass(frozen=True)
class Asked:
    """What the model says of acts.

    Attributes:
        classes: the organisations that are alike.
        options: the acts at each class.
        bounded: whether a power is only ever used where the role is held, or below.
    """

    classes: Classes
    options: Options
    bounded: bool


def ask(snapshot: Snapshot, day: date) -> Asked:
    """Ask the model of a snapshot for all acts that it allows.

    Raises:
        ModelError: a matcher failed.
    """
    classes = Classes.of_snapshot(snapshot, _words(snapshot))
    bounded = all(
        needs_grant(matcher.plan)
        for name, matcher in snapshot.evaluator.matchers.items()
        if name in ("m", "m2")
    )
    options: dict[int, list[Option]] = {}
    for number, found in _options(snapshot, classes, day, bounded=bounded):
        options.setdefault(number, []).append(found)
    return Asked(
        classes,
        {number: _plainest(found) for number, found in options.items()},
        bounded,
    )


def _options(
    snapshot: Snapshot, classes: Classes, day: date, *, bounded: bool
) -> Iterator[tuple[int, Option]]:
    """Each act that the model allows, with the class of the organisation.

    Whoever a role is not for is asked about as a holder of it only if the model lets
    somebody give it to their like: nobody else holds it so that it counts.
    """
    left = [*Questions(snapshot, classes, bounded=bounded).all()]
    strangers = _Strangers(snapshot, day)
    for each in left:
        strangers.make(each)
    evaluator, kinds = strangers.evaluator(), snapshot.facts.kinds
    held = {(kind, role) for role in snapshot.roles for kind in kinds(role)}
    held |= {(kind, "") for kind in snapshot.kinds}
    while now := [each for each in left if each.source.holder in held]:
        left = [each for each in left if each.source.holder not in held]
        for each in now:
            found = _answered(evaluator, each, strangers, day)
            if found is not None:
                held.add((found.kind, found.role))
                yield each.number, found


def _words(snapshot: Snapshot) -> set[str]:
    lines = (line for rules in snapshot.facts.rules.values() for line in rules)
    words = {word for line in lines for word in line.values}
    for matcher in snapshot.evaluator.matchers.values():
        words |= words_in(matcher.plan)
    return words


def _plainest(found: Sequence[Option]) -> tuple[Option, ...]:
    """Without those that need more than another one that does the same."""
    plain = {
        (each.verb, each.source, each.kind, each.role)
        for each in found
        if each.needs is None
    }
    return tuple(
        each
        for each in found
        if each.needs is None
        or (each.verb, each.source, each.kind, each.role) not in plain
    )


@dataclass
class _Strangers:
    """People who are nobody, each with one role at one place."""

    snapshot: Snapshot
    day: date
    known: dict[tuple[str, str, str, bool], str] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)

    def make(self, asked: Question) -> None:
        """Make those whom a question is about."""
        self.asker(asked)
        self.getter(asked)

    def asker(self, asked: Question) -> str:
        """Whoever does the act."""
        source = asked.source
        return self._somebody(source.kind, source.role, asked.held_at, gets=False)

    def getter(self, asked: Question) -> str:
        """Whoever gets the right."""
        return self._somebody(asked.kind, asked.needs or "", asked.needs_at, gets=True)

    def evaluator(self) -> Evaluator:
        """The model, held against the facts with all of them."""
        facts = self.snapshot.facts.holding(*self.grants)
        return self.snapshot.evaluator.over(facts).remembering()

    def _somebody(self, kind: str, role: str, place: str, *, gets: bool) -> str:
        key = kind, role, place, gets
        if key not in self.known:
            name = f"{kind}:{self.snapshot.nobody}{len(self.known)}"
            self.known[key] = name
            if role:
                self.grants.append(Grant(name, role, place, one_day(self.day)))
        return self.known[key]


def _answered(
    evaluator: Evaluator, asked: Question, people: _Strangers, day: date
) -> Option | None:
    """The act, where it is allowed."""
    who, place = people.asker(asked), asked.organisation
    if asked.verb is Verb.GRANT:
        request: Request | PowerRequest = PowerRequest(
            who, people.getter(asked), asked.role, place
        )
    else:
        catalogue = people.snapshot.catalogue
        assert catalogue is not None  # noqa: S101 # it said what it takes
        assert catalogue.registration is not None  # noqa: S101
        said = catalogue.registration
        request = Request(who, said.action, said.resource, place)
    answer = evaluator.ask(request, day)
    if not answer.allowed:
        return None
    return Option(
        asked.verb, asked.source, asked.kind, asked.role, asked.needs, answer.rule
    )
