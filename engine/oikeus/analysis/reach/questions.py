"""The questions of which the model is asked what it allows, one of each sort."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from ...decide.decision_point import role_id
from ...decide.snapshot import Snapshot
from .classes import Classes
from .shape import calls_about
from .slots import Source, Verb


@dataclass(frozen=True, slots=True)
class Question:
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


class Questions:
    """All questions that can have another answer than another one."""

    def __init__(self, snapshot: Snapshot, classes: Classes, *, bounded: bool) -> None:
        self._snapshot = snapshot
        self._classes = classes
        self._bounded = bounded
        self._matchers = snapshot.evaluator.matchers
        kinds_of = snapshot.facts.kinds
        self._needed = {role: kinds_of(role) for role in self._roles_needed()}
        catalogue = snapshot.catalogue
        self._registration = None if catalogue is None else catalogue.registration
        name = None if catalogue is None else catalogue.credential
        self._credential = None if name is None else role_id(name)

    def all(self) -> Iterator[Question]:
        """The questions of every class."""
        for number, members in enumerate(self._classes.members):
            yield from self._grants(number, members)
            yield from self._registrations(number, members)

    def _grants(self, number: int, members: Sequence[str]) -> Iterator[Question]:
        # not only those that a role is for: whether that counts is the model's to say
        roles, kinds = self._snapshot.roles, sorted(self._snapshot.kinds)
        for source, held_at, place in self._sources(members, "p2"):
            for role in roles:
                for kind in kinds:
                    asked = Question(
                        number, place, Verb.GRANT, source, held_at, kind, role
                    )
                    yield asked
                    yield from self._with_needs(asked)

    def _with_needs(self, asked: Question) -> Iterator[Question]:
        """The same where the recipient holds a role before, at the place or above."""
        for needed, kinds in self._needed.items():
            if asked.kind not in kinds:
                continue
            for above in self._classes.above[asked.organisation]:
                if self._snapshot.register.can_hold(above, needed):
                    yield Question(
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

    def _registrations(self, number: int, members: Sequence[str]) -> Iterator[Question]:
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
            yield Question(number, place, Verb.REGISTER, source, held_at, kind, role)

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
