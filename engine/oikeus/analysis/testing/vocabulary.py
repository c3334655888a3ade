"""Every question that the words of a world can make, and people imagined for it.

The words are those of the world (subjects, organisations, the days of its cases) and
of the catalogue (roles, actions, resources). For each role, kind of holder and
organisation there is besides somebody imagined who holds that role there and nothing
else, so that a rule is asked about although nobody in the world has the role.

Left out is only what is certain to be refused, whatever links say (what no rule is
about, and, where a matcher insists on a grant, what those ask who do not have the
rule's role here on the day), and what is certain to be answered as another question is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

from ...decide.compiled import Matcher
from ...decide.evaluator import Evaluator, Posed
from ...policy.catalogue import Catalogue
from ...terms import Grant, Line, kind_of
from .cases import CaseFile
from .imagining import Imagined
from .line_change import LineChange
from .questions import Questions
from .ways import Way, ways_of
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
        """The questions that a rule could match: of real people, then of imagined.

        Where it takes no rule but that there is one, the first stands for all.
        """
        for matcher in self.evaluator.matchers.values():
            if matcher.ptype == rule.ptype:
                first = self.evaluator.facts.rules[rule.ptype][:1]
                is_first = matcher.effect >= 0 or first in ((), (rule,))
                for way in ways_of(matcher.plan):
                    if is_first or way.is_of_rules:
                        yield from self._by(way, matcher, rule)

    def _by(self, way: Way, matcher: Matcher, rule: Line) -> Iterator[Posed]:
        """The questions that a rule could match in one way."""
        names = [matcher.request[place] for place, _ in way.pairs]
        wanted = dict(zip(names, way.key_of(rule.values), strict=True))
        role = self.world.snapshot.model.value(rule, "sub")
        for subject in self._subjects_of(way):
            held = [g for g in self.evaluator.facts.of(subject) if g.role == role]
            if way.insists and not held:
                continue
            is_access = matcher.name == "m"
            made = self._accesses if is_access else self._asked_by(subject, way)
            things = [each for each in made if _fits(each, wanted)]
            for here in self._here(matcher, subject, held if way.insists else None):
                for thing in things:
                    yield _posed(matcher, {**here, **thing})

    def _subjects_of(self, way: Way) -> tuple[str, ...]:
        """Those who ask; without a grant, one of a kind stands for all imagined."""
        imagined = self.imagined.holders
        if not way.asks_grants:
            imagined = tuple({kind_of(who): who for who in imagined}.values())
        return *self._people, *imagined

    @cached_property
    def _accesses(self) -> tuple[_Given, ...]:
        """What can be done, as values of the request's fields."""
        nothing = dict.fromkeys(self.world.snapshot.model.attributes, "")
        sent = [nothing]
        for case in self._file.cases:
            sent += [{**nothing, **each.attributes} for each in case.expectations]
        unique = {tuple(each.items()): each for each in sent}.values()
        return tuple(
            {**each, "obj": resource, "act": action}
            for resource, known in self._catalogue.resources.items()
            for action, each in product(known.actions, unique)
        )

    def _asked_by(self, subject: str, way: Way) -> Iterator[_Given]:
        """Whose rights, as values of the request's fields.

        Imagined people are asked about imagined ones only. Where it does not matter
        who it is, one other stands for all.
        """
        found = self.imagined.recipients
        if subject not in self.imagined.held:
            found = *self._people, *found
        others = [who for who in found if who != subject]
        for role in (f"role:{role}" for role in self._catalogue.roles):
            if way.is_own:
                found = (subject,)
            elif not way.asks_recipient:
                holders = (who for who in others if role in self._roles_of(who))
                found = (next(holders, others[0]),)
            for to in found:
                yield {"to": to, "kind": kind_of(to), "role": role}

    def _roles_of(self, subject: str) -> set[str]:
        """The roles of somebody real, whose right is the better one to ask about."""
        grants = self.world.snapshot.facts.of(subject)
        return {grant.role for grant in grants}

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


def _fits(given: _Given, wanted: _Given) -> bool:
    """Whether nothing that is given is other than wanted."""
    return all(given[name] == value for name, value in wanted.items() if name in given)


def _posed(matcher: Matcher, given: _Given) -> Posed:
    return Posed(matcher.name, tuple(given[field] for field in matcher.request))
