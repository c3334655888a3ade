"""One of two versions that are compared, as one sort of question is put to it.

Questions about access and about powers are compared alike: a subject, a thing (an
action and a resource, or a role to be given) and an organisation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

from ..decide.evaluator import Evaluator
from ..decide.facts import reach
from ..decide.grants import each, role_of
from ..decide.matcher.folding import needs_grant
from ..decide.snapshot import Snapshot
from ..decide.strangers import imagine, may_give
from ..ids import is_id
from ..terms import Line, kind_of

Thing = tuple[str, ...]
"""What is asked about: an action and a resource, or a role."""

Held = frozenset[tuple[str, str]]
"""What a subject holds on the day: organisations, each with KIND:ROLE."""

_NOTHING: frozenset[str] = frozenset()
_NOWHERE: Mapping[str, frozenset[str]] = MappingProxyType({})


class Side(ABC):
    """A version, asked questions of one sort on one day.

    Attributes:
        matcher: `m` or `m2`.
        defined: what a model.conf defines of it.
        sought: the fields that are the thing, in a request and in a rule.
    """

    matcher: ClassVar[str]
    defined: ClassVar[frozenset[str]]
    sought: ClassVar[frozenset[tuple[str, str]]]

    def __init__(self, snapshot: Snapshot, day: date) -> None:
        self.snapshot = snapshot
        self.day = day
        self.plan = snapshot.evaluator.matchers[self.matcher].plan
        self._covered: dict[str, tuple[str, ...]] = {}
        self._roles: dict[Held, Mapping[str, frozenset[str]]] = {}
        self._about: dict[frozenset[str], frozenset[Thing]] = {}

    @abstractmethod
    def ask(self, subject: str, thing: Thing, organisation: str) -> bool:
        """Ask the model. Whatever this version cannot be asked is denied there."""

    @abstractmethod
    def thing(self, rule: Line) -> Thing:
        """What a rule is about."""

    @cached_property
    def rules(self) -> tuple[Line, ...]:
        """The rules, or the powers."""
        return self.snapshot.facts.rules[f"p{self.matcher[1:]}"]

    @cached_property
    def things(self) -> frozenset[Thing]:
        """Everything that can be asked about."""
        found = map(self.thing, self.rules)
        return frozenset(thing for thing in found if all(map(is_id, thing)))

    @cached_property
    def named(self) -> frozenset[str]:
        """What rules name as `sub`: roles, as a rule."""
        return frozenset(map(self.role, self.rules))

    def role(self, rule: Line) -> str:
        """Whose rule it is."""
        return self.snapshot.model.value(rule, "sub")

    @cached_property
    def needs_grant(self) -> bool:
        """Whether nobody is allowed anything without a grant."""
        return needs_grant(self.plan)

    @cached_property
    def finds_things(self) -> bool:
        """Whether a rule decides only about what it names, word for word."""
        layout, signature = self.plan.layout, self.plan.signature
        equal = {
            (signature.request[place], signature.rule[other])
            for place, other in zip(layout.request, layout.rule, strict=True)
        }
        return equal >= self.sought

    def about(self, roles: frozenset[str]) -> frozenset[Thing]:
        """What somebody who holds these roles only could be allowed."""
        if not self.finds_things:
            return self.things
        if roles not in self._about:
            found = {
                self.thing(rule) for rule in self.rules if self.role(rule) in roles
            }
            self._about[roles] = self.things & found
        return self._about[roles]

    def held(self, subject: str, holders: Collection[str]) -> Held:
        """What a subject holds on the day, as one of these holders."""
        today = self.day.toordinal()
        return frozenset(
            (place, holder)
            for place, holder, first, last, _ in each(
                self.snapshot.facts.grants.held.get(subject)
            )
            if first <= today <= last and holder in holders
        )

    def roles(self, held: Held) -> Mapping[str, frozenset[str]]:
        """The roles that are held at each organisation through these grants.

        The matcher's `g(…)` is true of these and of no others: a grant covers its
        organisation and those below it, if the role can be held there.
        """
        if not held:
            return _NOWHERE
        if held not in self._roles:
            found: dict[str, frozenset[str]] = {}
            for place, holder in held:
                role = role_of(holder)
                if self.snapshot.register.can_hold(place, role):
                    for each_below in self._covers(place):
                        known = found.get(each_below, _NOTHING)
                        found[each_below] = known | {role}
            self._roles[held] = found
        return self._roles[held]

    def _covers(self, place: str) -> tuple[str, ...]:
        """An organisation and those below it, if a question can name them."""
        if place not in self._covered:
            self._covered[place] = tuple(
                found
                for found in reach(self.snapshot.register.below, place)
                if ":" not in found and is_id(found)
            )
        return self._covered[place]

    def linked(self, subject: str, ptypes: Collection[str]) -> frozenset[str]:
        """What links of these kinds say of a subject."""
        facts = self.snapshot.facts
        if not any(subject in facts.links[ptype] for ptype in ptypes):
            return _NOTHING
        return frozenset(
            f"{ptype} {word}"
            for ptype in ptypes
            for word in facts.reached(ptype, subject)
            if word != subject
        )


class AccessSide(Side):
    """Asks who may do what; a thing is an action and a resource."""

    matcher = "m"
    defined = frozenset({"r", "p", "e", "m"})
    sought = frozenset({("r_obj", "p_obj"), ("r_act", "p_act")})

    def ask(self, subject: str, thing: Thing, organisation: str) -> bool:
        """Decide."""
        action, resource = thing
        today = self.day.toordinal()
        snapshot = self.snapshot
        return kind_of(subject) in snapshot.kinds and snapshot.decide(
            subject, action, resource, organisation, today
        )

    def thing(self, rule: Line) -> Thing:
        """The action and the resource."""
        value = self.snapshot.model.value
        return value(rule, "act"), value(rule, "obj")


class PowerSide(Side):
    """Asks who may give which role to somebody suitable; a thing is a role."""

    matcher = "m2"
    defined = frozenset({"r2", "p2", "e", "e2", "m2"})
    sought = frozenset({("r2_role", "p2_role")})

    def __init__(self, snapshot: Snapshot, day: date) -> None:
        super().__init__(snapshot, day)
        # of the last organisation: they are asked about one after another
        self._imagined: tuple[str, Evaluator] | None = None

    def ask(self, subject: str, thing: Thing, organisation: str) -> bool:
        """Ask whether the subject may give the role."""
        (role,) = thing
        if kind_of(subject) not in self.snapshot.kinds:
            return False
        if self._imagined is None or self._imagined[0] != organisation:
            imagined = imagine(self.snapshot, organisation, self.day)
            self._imagined = organisation, imagined
        return may_give(
            self.snapshot, self._imagined[1], subject, role, organisation, self.day
        )

    def thing(self, rule: Line) -> Thing:
        """The role that may be given."""
        return (self.snapshot.model.value(rule, "role"),)

    @cached_property
    def things(self) -> frozenset[Thing]:
        """All roles: a matcher may let somebody give one that no power names."""
        return frozenset((role,) for role in self.snapshot.roles)
