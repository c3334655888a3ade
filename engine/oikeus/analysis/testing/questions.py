"""Questions put to one world, with what each answer depends on.

Whether a change of lines changes an answer is found by asking again only what it can
concern: the questions that look up a rule that changed, and those that were answered by
links that now lead elsewhere (`decide/watched.py`). All others are answered alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from ...decide.evaluator import Evaluator, Posed
from ...decide.facts import Facts
from ...decide.watched import Lead, WatchedFacts
from ...terms import Line
from .line_change import LineChange
from .ways import Way, ways_of

_Key = tuple[str, Way, tuple[str, ...]]


class Questions:
    """Questions, answered once.

    Attributes:
        posed: the questions.
        answers: the answer to each, allowed or not.
    """

    def __init__(self, evaluator: Evaluator, posed: Iterable[Posed]) -> None:
        self._evaluator = evaluator
        self.posed = tuple(posed)
        self.answers: list[bool] = []
        self._by_rule: dict[_Key, dict[str, list[int]]] = {}
        self._by_lead: dict[Lead, list[int]] = {}
        self._passing: dict[tuple[str, str], list[Lead]] = {}
        self._held: dict[str, frozenset[str]] = {}
        watched = WatchedFacts.watching(evaluator.facts)
        watching = evaluator.over(watched)
        for number, question in enumerate(self.posed):
            if not self._may_be_allowed(number, question, watching):
                self.answers.append(False)
                continue
            watched.leads_asked.clear()
            self.answers.append(watching.answer(question).allowed)
            for lead in watched.leads_asked:
                self._by_lead.setdefault(lead, []).append(number)
        for lead in self._by_lead:
            for word in evaluator.facts.reached(lead.ptype, lead.first):
                self._passing.setdefault((lead.ptype, word), []).append(lead)

    def _may_be_allowed(
        self, number: int, question: Posed, evaluator: Evaluator
    ) -> bool:
        """Whether a rule can be true of a question; note by what it looks rules up."""
        matcher, values = evaluator.matchers[question.matcher], question.values
        subject, rules = self._subject(question), evaluator.rules_for(question)
        may_be = False
        for way in ways_of(matcher.plan):
            if way.is_own and subject != values[matcher.request.index("to")]:
                continue
            key = way.key(values)
            by_subject = self._by_rule.setdefault((matcher.name, way, key), {})
            by_subject.setdefault(subject, []).append(number)
            may_be = may_be or any(
                way.key_of(rule) == key
                and self._may_match(way, matcher.rule, subject, rule)
                for rule in rules
            )
        return may_be

    def _subject(self, question: Posed) -> str:
        request = self._evaluator.matchers[question.matcher].request
        return question.values[request.index("sub")]

    def changed_by(self, change: LineChange) -> Posed | None:
        """The first question that is answered otherwise after a change, if any is."""
        number = next(self.all_changed_by(change), None)
        return None if number is None else self.posed[number]

    def all_changed_by(self, change: LineChange) -> Iterator[int]:
        """The numbers of the questions that are answered otherwise after a change."""
        facts = change.apply(self._evaluator.facts)
        touched = {
            *self._by_changed_rule(change),
            *self._by_changed_link(change, facts),
        }
        if not touched:
            return
        changed = self._evaluator.over(facts)
        for number in sorted(touched):
            allowed = changed.answer(self.posed[number]).allowed
            if allowed is not self.answers[number]:
                yield number

    def about(self, rule: Line) -> Iterator[int]:
        """The numbers of the questions that a rule is looked up for."""
        found = (
            numbers
            for way, by_subject in self._looking_up(rule)
            if way.is_of_rules
            for numbers in by_subject.values()
        )
        yield from dict.fromkeys(chain.from_iterable(found))

    def _looking_up(
        self, rule: Line
    ) -> Iterator[tuple[Way, Mapping[str, Sequence[int]]]]:
        """The questions of each subject that a rule is looked up for in some way."""
        for name, matcher in self._evaluator.matchers.items():
            if rule.ptype == matcher.ptype:
                for way in ways_of(matcher.plan):
                    key = name, way, way.key_of(rule.values)
                    yield way, self._by_rule.get(key, {})

    def has(self, question: Posed, role: str) -> bool:
        """Whether the one who asks has any grant of a role."""
        return role in self._roles_of(self._subject(question))

    def _by_changed_rule(self, change: LineChange) -> Iterator[int]:
        for line in change.rules:
            columns = self._evaluator.model.fields[line.ptype]
            for way, by_subject in self._looking_up(line):
                for subject, numbers in by_subject.items():
                    if self._may_match(way, columns, subject, line.values):
                        yield from numbers

    def _may_match(
        self, way: Way, columns: Sequence[str], subject: str, rule: Sequence[str]
    ) -> bool:
        """Whether a rule can be true of a subject, whatever links say.

        Where it insists on a grant, only of one who has the rule's role.
        """
        if not way.insists:
            return True
        return rule[columns.index("sub")] in self._roles_of(subject)

    def _roles_of(self, subject: str) -> frozenset[str]:
        if subject not in self._held:
            grants = self._evaluator.facts.of(subject)
            self._held[subject] = frozenset(grant.role for grant in grants)
        return self._held[subject]

    def _by_changed_link(self, change: LineChange, facts: Facts) -> Iterator[int]:
        """The questions for which links were asked that now lead elsewhere.

        Only what passes the first word of a line can change with the line.
        """
        before = self._evaluator.facts
        starts = {(line.ptype, line.values[0]) for line in change.links}
        passing = (self._passing.get(start, ()) for start in starts)
        for lead in dict.fromkeys(chain.from_iterable(passing)):
            if lead.holds(before) != lead.holds(facts):
                yield from self._by_lead[lead]
