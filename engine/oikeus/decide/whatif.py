"""Counterfactuals: what would have had to be otherwise for the answer to be an allow.

Nothing here knows the rules. A fix changes one thing about a question or about the
facts, and the model is asked again; the least set of fixes that turns a deny into an
allow is the explanation. Whatever model.conf says, the explanation agrees with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from ..terms import Grant, PowerRequest, Request, Span
from .decision import Miss
from .evaluator import Evaluator
from .facts import Facts

BLOCKED = "blocked"
"""The word that `g3` links a blocked subject to."""


Asked = TypeVar("Asked", bound=Request | PowerRequest)


@dataclass(frozen=True, slots=True)
class Question(Generic[Asked]):
    """A request on a day, and the facts it is held against."""

    facts: Facts
    request: Asked
    day: date

    @property
    def subject(self) -> str:
        """Whose right is in question: the subject, or the granter."""
        if isinstance(self.request, Request):
            return self.request.subject
        return self.request.granter

    def at(self, organisation: str) -> Question[Asked]:
        """The same question about another organisation."""
        return replace(self, request=replace(self.request, organisation=organisation))

    def unblocked(self) -> Question[Asked]:
        """The same question, were the subject not blocked."""
        linked = self.facts.linked("g3", self.subject)
        kept = [word for word in linked if word != BLOCKED]
        return replace(self, facts=self.facts.linking("g3", self.subject, kept))

    def with_grants(self, *grants: Grant) -> Question[Asked]:
        """The same question, did these grants exist besides."""
        return replace(self, facts=self.facts.holding(*grants))


@dataclass(frozen=True, slots=True)
class Fix(Generic[Asked]):
    """One thing made otherwise, and what to say of it if it was needed."""

    miss: Miss
    apply: Callable[[Question[Asked]], Question[Asked]]


def allowed(
    evaluator: Evaluator, question: Question[Asked], fixes: Iterable[Fix[Asked]] = ()
) -> bool:
    """Ask the model a question that was never put, with these things made otherwise."""
    for fix in fixes:
        question = fix.apply(question)
    asked = evaluator.over(question.facts)
    return asked.ask(question.request, question.day).allowed


def least_fixes(
    evaluator: Evaluator, question: Question[Asked], fixes: Sequence[Fix[Asked]]
) -> tuple[Fix[Asked], ...] | None:
    """Find a set of fixes that makes the answer an allow and of which none can go.

    Args:
        evaluator: holds what decides.
        question: one that is denied.
        fixes: in the order in which they are applied; the last are given up first.

    Returns:
        the fixes of the set; nothing where not even all fixes together help.
    """
    if not allowed(evaluator, question, fixes):
        return None
    needed = list(fixes)
    for fix in reversed(fixes):
        without = [other for other in needed if other is not fix]
        if allowed(evaluator, question, without):
            needed = without
    return tuple(needed)


def one_day(day: date) -> Span:
    """The span of a single day, for grants that are only imagined."""
    return Span(day, day)
