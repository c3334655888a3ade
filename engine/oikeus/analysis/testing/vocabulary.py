"""Every question that the words of a world can make, and people imagined for it.

The words are those of the world (subjects, organisations, the days of its cases) and
of the catalogue (roles, actions, resources). For each role, kind of holder and
organisation there is besides somebody imagined who holds that role there and nothing
else, so that a rule is asked about although nobody in the world has the role.

Left out is only what is certain to be refused, whatever links say: what no rule is
about, and, where the matcher insists on a grant, what those ask who do not have the
rule's role here on the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

from ...decide.compiled import Matcher
from ...decide.evaluator import Evaluator, Posed
from ...decide.matcher.folding import needs_grant
from ...policy.catalogue import Catalogue
from ...terms import Grant, Line, kind_of
from .cases import CaseFile
from .imagining import Imagined
from .line_change import LineChange
from .questions import Questions
from .world import World

_Given = Mapping[str, str]


class Vocabulary:
    """The questions of one world.

    Attributes:
        world: the world.
        is_imagined: whether the world itself is; it is no file's.
        imagined: the people imagined for it.
        taken: the names that they cannot have.
        evaluator: decides with them.
    """

    def __init__(self, world: World, catalogue: Catalogue, file: CaseFile) -> None:
        self.world = world
        self.is_imagined = file is not world.file
        self.imagined = Imagined.of(world, catalogue, file.days)
        self.taken = file.people
        self._file = file
        self._catalogue = catalogue
        self._places = world.file.places
        self._things: dict[str, tuple[_Given, ...]] = {}
        snapshot = world.snapshot
        facts = snapshot.facts.holding(*self.imagined.grants)
        self.evaluator: Evaluator = snapshot.evaluator.over(facts)

    def told_apart(self, change: LineChange) -> Posed | None:
        """The first question that is answered otherwise after a change, if any is."""
        changed = self.evaluator.over(change.apply(self.evaluator.facts))
        for line in change.rules:
            for question in self.about(line):
                answer = self.evaluator.answer(question).allowed
                if changed.answer(question).allowed is not answer:
                    return question
        return self._asked.changed_by(change) if change.links else None

    @cached_property
    def _asked(self) -> Questions:
        """What the rules are about, with what the answers depend on."""
        rules = self.evaluator.facts.rules.values()
        found = (each for lines in rules for line in lines for each in self.about(line))
        return Questions(self.evaluator, dict.fromkeys(found))

    def about(self, rule: Line) -> Iterator[Posed]:
        """The questions that a rule could match: of real people, then of imagined."""
        matcher = self.evaluator.matchers["m" if rule.ptype == "p" else "m2"]
        places = matcher.plan.layout.request
        names = [matcher.request[place] for place in places]
        wanted = dict(zip(names, matcher.key_of(rule.values), strict=True))
        things = [each for each in self._asked_of(matcher) if _fits(each, wanted)]
        role = self.world.snapshot.model.value(rule, "sub")
        insists = needs_grant(matcher.plan)
        for subject in self._subjects:
            held = [g for g in self.evaluator.facts.of(subject) if g.role == role]
            if insists and not held:
                continue
            for here in self._here(matcher, subject, held if insists else None):
                for thing in things:
                    if self._is_asked(subject, thing):
                        yield _posed(matcher, {**here, **thing})

    def _is_asked(self, subject: str, thing: _Given) -> bool:
        """Imagined people grant to imagined ones only."""
        is_imagined = subject in self.imagined.held
        return not is_imagined or thing.get("to", subject) in self.imagined.held

    def _asked_of(self, matcher: Matcher) -> tuple[_Given, ...]:
        """What can be asked about, as values of the request's fields."""
        if matcher.name not in self._things:
            made = self._access() if matcher.name == "m" else self._powers()
            self._things[matcher.name] = tuple(made)
        return self._things[matcher.name]

    def _access(self) -> Iterator[_Given]:
        nothing = dict.fromkeys(self.world.snapshot.model.attributes, "")
        sent = [nothing]
        for case in self._file.cases:
            sent += [{**nothing, **each.attributes} for each in case.expectations]
        unique = {tuple(each.items()): each for each in sent}
        for resource, known in self._catalogue.resources.items():
            for action, each in product(known.actions, unique.values()):
                yield {**each, "obj": resource, "act": action}

    def _powers(self) -> Iterator[_Given]:
        for role in self._catalogue.roles:
            for to in (*self._people, *self.imagined.recipients):
                kind = kind_of(to)
                yield {"to": to, "kind": kind, "role": f"role:{role}"}

    def _here(
        self, matcher: Matcher, subject: str, held: list[Grant] | None
    ) -> Iterator[_Given]:
        """Where and when a subject is asked about: where a grant covers if one must."""
        # of a power, `kind` is the recipient's
        kind = "kind" if matcher.name == "m" else "by"
        who = {"sub": subject, kind: kind_of(subject)}
        for day, place in product(self._file.days, self._places):
            if held is None or any(
                day in grant.span and grant.organisation in self._above[place]
                for grant in held
            ):
                yield {**who, "org": place, "day": day.isoformat()}

    @cached_property
    def _above(self) -> Mapping[str, frozenset[str]]:
        facts = self.world.snapshot.facts
        return {place: frozenset(facts.reached("g2", place)) for place in self._places}

    @cached_property
    def _people(self) -> tuple[str, ...]:
        """The subjects of the world and of its cases that a question can be about."""
        kinds = self.world.snapshot.kinds
        return tuple(who for who in self.world.file.people if kind_of(who) in kinds)

    @property
    def _subjects(self) -> tuple[str, ...]:
        return *self._people, *self.imagined.holders


def _fits(given: _Given, wanted: _Given) -> bool:
    """Whether nothing that is given is other than wanted."""
    return all(given[name] == value for name, value in wanted.items() if name in given)


def _posed(matcher: Matcher, given: _Given) -> Posed:
    return Posed(matcher.name, tuple(given[field] for field in matcher.request))
