"""A stage: imagined people at imagined places, about whom the model is asked.

No check reads what a rule means out of its words. It puts questions to the model, about
people who hold one role each and at one place for each way in which places can differ:
by level, and by the words that they inherit. The rules are those of the files; real
organisations and grants play no part, so that an answer is the same whatever the
register holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from ...decide.evaluator import Evaluator
from ...decide.facts import Facts
from ...decide.whatif import one_day
from ...policy.catalogue import ACTIVE, Catalogue
from ...policy.model import Model
from ...terms import Effect, Grant, Line, PowerRequest, Request, RevocationRequest

_TOP = "?"
"""The place above all others, which has every level: whoever holds a role does here."""

Asked = Request | PowerRequest


@dataclass(frozen=True, slots=True)
class Stage:
    """The rules of the files alone, with people and places to ask about.

    Attributes:
        evaluator: what is asked.
        kinds: the kinds of holder of each role.
        scenes: the places, one for each way in which places can differ.
        day: the day on which all is asked.
    """

    evaluator: Evaluator
    kinds: Mapping[str, tuple[str, ...]]
    scenes: tuple[str, ...]
    day: date

    @property
    def model(self) -> Model:
        """The model that is asked."""
        return self.evaluator.model

    @property
    def asks_access(self) -> bool:
        """Whether it can ask about access.

        A model with attributes decides by what callers send, which nobody can list.
        """
        return not self.model.attributes

    def rules(self, ptype: str) -> tuple[Line, ...]:
        """The rules (`p`) or powers (`p2`) of the files."""
        return self.evaluator.facts.rules[ptype]

    def only(self, *rules: Line) -> Evaluator:
        """The model, were these the only rules and powers."""
        return self.evaluator.over(self.evaluator.facts.ruled_by(*rules))

    def without(self, rule: Line) -> Evaluator:
        """The model, were this rule not there."""
        return self.evaluator.over(self.evaluator.facts.without_rule(rule))

    def deed(self, rule: Line) -> tuple[str, str]:
        """The action and the resource of a rule."""
        return self.model.value(rule, "act"), self.model.value(rule, "obj")

    def is_deny(self, rule: Line) -> bool:
        """Whether a rule denies."""
        denies = Effect.DENY.value
        return rule.ptype == "p" and self.model.value(rule, "eft") == denies

    def allowing(self, rule: Line) -> Line:
        """The rule that allows what this one denies."""
        place = self.model.fields["p"].index("eft")
        values = (*rule.values[:place], Effect.ALLOW.value, *rule.values[place + 1 :])
        return Line("p", values)

    def accesses(self, role: str, action: str, resource: str) -> Iterator[Asked]:
        """Whether somebody who holds this role only may do this, at each place."""
        for kind in self.kinds.get(role, ()):
            for scene in self.scenes:
                yield Request(self._holder(kind, role), action, resource, scene)

    def accesses_of_all(self, action: str, resource: str) -> Iterator[Asked]:
        """Whether somebody who holds every role may do this, at each place."""
        for subject in self._holders_of_all():
            for scene in self.scenes:
                yield Request(subject, action, resource, scene)

    def grantings(self, role: str, given: str) -> Iterator[Asked]:
        """Whether a holder of one role only may give another one, at each place.

        The recipient holds every role: a credential is registered.
        """
        for kind in self.kinds.get(role, ()):
            for recipient in self._holders_of_all():
                for scene in self.scenes:
                    yield PowerRequest(
                        self._holder(kind, role), recipient, given, scene
                    )

    def about(self, rule: Line) -> list[Asked]:
        """Everything that a rule, or a power, could answer."""
        role = self.model.value(rule, "sub")
        if rule.ptype == "p":
            return [*self.accesses(role, *self.deed(rule))]
        asked = [*self.grantings(role, self.model.value(rule, "role"))]
        if "m3" in self.model.matchers:
            asked += [
                RevocationRequest(one.granter, one.recipient, one.role, scene)
                for one in asked
                if isinstance(one, PowerRequest)
                for scene in (one.organisation,)
            ]
        return asked

    def answers(self, evaluator: Evaluator, asked: Iterable[Asked]) -> list[bool]:
        """What is said to each question."""
        return [self.allows(evaluator, one) for one in asked]

    def allows(self, evaluator: Evaluator, asked: Asked) -> bool:
        """What is said to one question."""
        return evaluator.ask(asked, self.day).allowed

    def any_allowed(self, evaluator: Evaluator, asked: Iterable[Asked]) -> bool:
        """Whether any of these is allowed."""
        return any(self.allows(evaluator, one) for one in asked)

    def holding(
        self, evaluator: Evaluator, kind: str, roles: Sequence[str]
    ) -> tuple[str, Evaluator]:
        """Somebody who holds these roles only, and the model that knows of them."""
        subject = f"{kind}:??"
        held = (Grant(subject, role, _TOP, one_day(self.day)) for role in roles)
        return subject, evaluator.over(evaluator.facts.holding(*held))

    def usable(self) -> Iterator[Line]:
        """The powers that somebody could use somewhere, were their role held."""
        for power in self.rules("p2"):
            asked = self.grantings(*self.ends(power))
            if self.any_allowed(self.evaluator, asked):
                yield power

    def ends(self, power: Line) -> tuple[str, str]:
        """The role that has a power, and the one that it gives."""
        return self.model.value(power, "sub"), self.model.value(power, "role")

    def _holder(self, kind: str, role: str) -> str:
        return f"{kind}:?{[*self.kinds].index(role)}"

    def _holders_of_all(self) -> list[str]:
        """Somebody of each kind who holds every role."""
        kinds = dict.fromkeys(kind for kinds in self.kinds.values() for kind in kinds)
        return [f"{kind}:?" for kind in kinds]


def make_stage(
    model: Model, catalogue: Catalogue, lines: Iterable[Line], day: date
) -> Stage:
    """Set the stage for the rules of some lines.

    Args:
        model: what is asked.
        catalogue: gives the words that places can inherit.
        lines: of the files; those about real organisations and grants play no part.
        day: the day on which all is asked.
    """
    rules = [line for line in lines if _is_rule(line)]
    levels = [line.values[0] for line in rules if line.ptype == "g4"]
    places = [*_places([*dict.fromkeys(levels)], catalogue)]
    facts = Facts.from_lines(model, [*rules, *places])
    roles = [*facts.links["g3"]]
    kinds = {role: facts.kinds(role) for role in roles}
    scenes = (line.values[0] for line in places if line.values[1] == _TOP)
    stage = Stage(Evaluator(model, facts), kinds, tuple(scenes), day)
    held = [
        Grant(subject, role, _TOP, one_day(day))
        for role, holders in kinds.items()
        for kind in holders
        for subject in (stage._holder(kind, role), f"{kind}:?")  # noqa: SLF001 # of this module
    ]
    return replace(stage, evaluator=stage.evaluator.over(facts.holding(*held)))


def _is_rule(line: Line) -> bool:
    """Whether a line is about roles, and not about an organisation or a subject."""
    if line.ptype == "g4":
        return ":" in line.values[0]
    return line.ptype in ("p", "p2", "g3")


def _places(levels: Sequence[str], catalogue: Catalogue) -> Iterator[Line]:
    """The lines of the imagined places."""
    yield from (Line("g4", (_TOP, level)) for level in levels)
    modes = [f"mode:{name}" for name in catalogue.modes]
    statuses = [f"status:{name}" for name in catalogue.statuses if name != ACTIVE]
    each_level = [(), *((level,) for level in levels), tuple(levels)]
    ways = product(each_level, (None, *modes), (None, *statuses))
    for number, (held, *inherited) in enumerate(ways):
        scene = f"?{number}"
        yield Line("g2", (scene, _TOP))
        yield from (Line("g4", (scene, level)) for level in held)
        yield from (Line("g2", (scene, word)) for word in inherited if word)
