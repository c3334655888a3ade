"""Decides questions with the whole explanation, as far as the caller may know it.

An explanation names roles, rules and organisations. The rule and the grant themselves
are for whoever may audit.

INVARIANT: a caller that may ask about some organisations only is told the same of a
subject that holds its roles elsewhere as of one that holds none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ..decide.decision import Decision
from ..decide.decision_point import DecisionPoint
from ..decide.wording import bare
from ..store import Scope
from ..terms import Request, RevocationRequest
from .administering.shapes import grant_shape, line_shape
from .bodies import Explained, ExplainedMiss
from .callers import Caller
from .judging import Judge, Verdict
from .questions import Question


def explained(
    caller: Caller, asked: Iterable[tuple[Judge, Question]]
) -> Sequence[Verdict]:
    """Decide questions, each by its judge.

    Args:
        caller: to whom it is explained.
        asked: the questions, with those who decide them.

    Raises:
        ModelError: the matcher failed; nothing was decided.
    """
    return [_verdict(caller, judge, question) for judge, question in asked]


def _verdict(caller: Caller, judge: Judge, question: Question) -> Verdict:
    point = DecisionPoint(judge.snapshot)  # of this version, whatever came meanwhile
    found = _decide(point, question, judge.day)
    if caller.organisations and not found.allowed:
        found = _narrowed(caller, judge, question, found)
    told = _explained(caller, found)
    return Verdict(found.allowed, found.reason, found.rule, found.grant, told)


def _decide(point: DecisionPoint, question: Question, day: date) -> Decision:
    if isinstance(question, Request):
        return point.decide(question, day)
    ask = point.may_grant
    if isinstance(question, RevocationRequest):
        ask = point.may_revoke
    return ask(
        question.granter, question.recipient, question.role, question.organisation, day
    )


def _narrowed(
    caller: Caller, judge: Judge, question: Question, found: Decision
) -> Decision:
    """A deny, as one may explain it who may not ask about every organisation."""
    tree = judge.snapshot.tree
    places = [each.organisation for each in found.misses]
    if places and all(each is None or caller.reaches(each, tree) for each in places):
        return found
    return replace(found, reason=judge.verdict(question).reason, misses=())


def _explained(caller: Caller, found: Decision) -> Explained:
    audits = Scope.AUDIT in caller.scopes
    rule = line_shape(found.rule) if audits and found.rule else None
    grant = grant_shape(found.grant) if audits and found.grant else None
    misses = [ExplainedMiss(each.cause.value, each.text) for each in found.misses]
    roles, granters = ([*map(bare, each)] for each in (found.roles, found.granters))
    return Explained(rule, grant, misses, roles, granters)
