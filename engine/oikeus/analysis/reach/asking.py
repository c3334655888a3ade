"""Asks the model what holders of roles may do, at organisations of each class.

Nobody real is asked about: strangers hold one role each, at a place that stands for
all like it, and the model answers. What it says of them it says of everybody.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from ...decide.decision_point import role_id
from ...decide.evaluator import Evaluator
from ...decide.matcher.folding import needs_grant
from ...decide.snapshot import Snapshot
from ...decide.whatif import one_day
from ...terms import Grant, PowerRequest, Request
from .classes import Classes
from .shape import calls_about, words_in
from .slots import Option, Source, Verb

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
    questions = [*_Questions(snapshot, classes, bounded=bounded).all()]
    strangers = _Strangers(snapshot, day)
    for each in questions:
        strangers.make(each)
    evaluator = strangers.evaluator()
    options: dict[int, list[Option]] = {}
    for each in questions:
        found = _answered(evaluator, each, strangers, day)
        if found is not None:
            options.setdefault(each.number, []).append(found)
    return Asked(
        classes,
        {number: _plainest(found) for number, found in options.items()},
        bounded,
    )


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


@dataclass(frozen=True, slots=True)
class _Question:
    """May a holder of a role do this at an organisation that stands for its class?

    Attributes:
        number: of the class.
        organisation: that stands for it.
        verb: what is done.
        source: what whoever does it holds.
        held_at: where.
        kind: of who gets the right.
        role: that they get.
        needs: the role that they hold before.
        needs_at: where.
    """

    number: int
    organisation: str
    verb: Verb
    source: Source
    held_at: str
    kind: str
    role: str
    needs: str | None = None
    needs_at: str = ""


class _Questions:
    """All questions that can have another answer than another one."""

    def __init__(self, snapshot: Snapshot, classes: Classes, *, bounded: bool) -> None:
        self._snapshot = snapshot
        self._classes = classes
        self._bounded = bounded
        self._matchers = snapshot.evaluator.matchers
        self._needed = self._roles_needed()
        catalogue = snapshot.catalogue
        self._registration = None if catalogue is None else catalogue.registration
        name = None if catalogue is None else catalogue.credential
        self._credential = None if name is None else role_id(name)

    def all(self) -> Iterator[_Question]:
        """The questions of every class."""
        for number, members in enumerate(self._classes.members):
            yield from self._grants(number, members)
            yield from self._registrations(number, members)

    def _grants(self, number: int, members: Sequence[str]) -> Iterator[_Question]:
        # not only those that a role is for: whether that counts is the model's to say
        roles, kinds = self._snapshot.roles, sorted(self._snapshot.kinds)
        for source, held_at, place in self._sources(members, "p2"):
            for role in roles:
                for kind in kinds:
                    asked = _Question(
                        number, place, Verb.GRANT, source, held_at, kind, role
                    )
                    yield asked
                    yield from self._with_needs(asked)

    def _with_needs(self, asked: _Question) -> Iterator[_Question]:
        """The same where the recipient holds a role before, at the place or above."""
        for needed in self._needed:
            if asked.kind not in self._snapshot.facts.kinds(needed):
                continue
            for above in self._classes.above[asked.organisation]:
                if self._snapshot.register.can_hold(above, needed):
                    yield _Question(
                        asked.number,
                        asked.organisation,
                        asked.verb,
                        asked.source,
                        asked.held_at,
                        asked.kind,
                        asked.role,
                        needed,
                        above,
                    )
                    break

    def _registrations(
        self, number: int, members: Sequence[str]
    ) -> Iterator[_Question]:
        role = self._credential
        if self._registration is None or role is None:
            return
        kind = next(iter(self._snapshot.facts.kinds(role)), None)
        if kind is None:
            return
        can_hold = self._snapshot.register.can_hold
        if not can_hold(members[0], role):  # as all of its class
            return
        for source, held_at, place in self._sources(members, "p"):
            yield _Question(number, place, Verb.REGISTER, source, held_at, kind, role)

    def _sources(
        self, members: Sequence[str], ptype: str
    ) -> Iterator[tuple[Source, str, str]]:
        """What may be held and where, and the organisation that it is asked of."""
        facts = self._snapshot.facts
        if self._bounded:
            named = {self._snapshot.model.value(r, "sub") for r in facts.rules[ptype]}
            roles = [role for role in self._snapshot.roles if role in named]
        else:
            roles = [*self._snapshot.roles]
            for kind in sorted(self._snapshot.kinds):
                yield Source(kind, ""), "", members[0]
        for role in roles:
            for kind in sorted(self._snapshot.kinds):
                for place, held_at, inside in self._places(members, role):
                    at = None if self._bounded else self._classes.of[held_at]
                    yield Source(kind, role, at, inside), held_at, place

    def _places(
        self, members: Sequence[str], role: str
    ) -> Iterator[tuple[str, str, bool]]:
        """An organisation of a class and where the role is held, one of each sort."""
        can_hold = self._snapshot.register.can_hold
        above, of = self._classes.above, self._classes.of
        seen: set[int] = set()
        for place in members:
            for held_at in above[place]:
                if held_at in of and can_hold(held_at, role):
                    known = -1 if self._bounded else of[held_at]
                    if known not in seen:
                        seen.add(known)
                        yield place, held_at, True
            if self._bounded and seen:
                return
        if self._bounded:
            return
        for other in self._classes.members:
            if can_hold(other[0], role):
                yield from self._outside(members, other)

    def _outside(
        self, members: Sequence[str], others: Sequence[str]
    ) -> Iterator[tuple[str, str, bool]]:
        for place, held_at in product(members, others):
            if held_at not in self._classes.above[place]:
                yield place, held_at, False
                return

    def _roles_needed(self) -> Sequence[str]:
        """The roles that powers may ask the recipient to hold."""
        asked = [call.args[1] for call in calls_about(self._matchers["m2"].plan, "to")]
        if all(isinstance(role, ast.Constant) for role in asked):
            named = {ast.unparse(role) for role in asked}
            return [role for role in self._snapshot.roles if repr(role) in named]
        return self._snapshot.roles


@dataclass
class _Strangers:
    """People who are nobody, each with one role at one place."""

    snapshot: Snapshot
    day: date
    known: dict[tuple[str, str, str, bool], str] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)

    def make(self, asked: _Question) -> None:
        """Make those whom a question is about."""
        self.asker(asked)
        self.getter(asked)

    def asker(self, asked: _Question) -> str:
        """Whoever does the act."""
        source = asked.source
        return self._somebody(source.kind, source.role, asked.held_at, gets=False)

    def getter(self, asked: _Question) -> str:
        """Whoever gets the right."""
        return self._somebody(asked.kind, asked.needs or "", asked.needs_at, gets=True)

    def evaluator(self) -> Evaluator:
        """The model, held against the facts with all of them."""
        return self.snapshot.evaluator.over(self.snapshot.facts.holding(*self.grants))

    def _somebody(self, kind: str, role: str, place: str, *, gets: bool) -> str:
        key = kind, role, place, gets
        if key not in self.known:
            name = f"{kind}:{self.snapshot.nobody}{len(self.known)}"
            self.known[key] = name
            if role:
                self.grants.append(Grant(name, role, place, one_day(self.day)))
        return self.known[key]


def _answered(
    evaluator: Evaluator, asked: _Question, people: _Strangers, day: date
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
