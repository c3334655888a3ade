"""Decides questions with the whole explanation, as far as the caller may know it.

An explanation names roles, rules and organisations. The rule and the grant themselves
are for whoever may audit.

INVARIANT: a caller that may ask about some organisations only is told the same of a
subject that holds its roles elsewhere as of one that holds none. Of a grant at an
organisation above those, which counts there, it is told the role, and neither where it
is held nor for which days, unless it may audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ..decide.decision import Decision
from ..decide.decision_point import DecisionPoint
from ..decide.snapshot import Snapshot
from ..decide.wording import all_of, bare, place_text, rule_text
from ..store import Scope
from ..terms import Effect, Request, RevocationRequest
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
    # of this version, whatever came meanwhile
    if caller.organisations:
        found = _narrowed(caller, judge, question)
    else:
        found = _decide(judge.snapshot, question, judge.day)
    told = _explained(caller, found)
    return Verdict(found.allowed, found.reason, found.rule, found.grant, told)


def _decide(snapshot: Snapshot, question: Question, day: date) -> Decision:
    point = DecisionPoint(snapshot)
    if isinstance(question, Request):
        return point.decide(question, day)
    ask = point.may_grant
    if isinstance(question, RevocationRequest):
        ask = point.may_revoke
    return ask(
        question.granter, question.recipient, question.role, question.organisation, day
    )


def _narrowed(caller: Caller, judge: Judge, question: Question) -> Decision:
    """A decision as one may explain it who may not ask about every organisation.

    What the subject holds elsewhere is not so much as looked at: it would come before
    what is missing here, or take its time.
    """
    brief = judge.verdict(question)
    seen = _without_elsewhere(caller, judge.snapshot, question)
    found = _decide(seen, question, judge.day)
    if found.allowed is not brief.allowed:
        # a model of its own decides by what is held elsewhere
        effect = Effect.ALLOW if brief.allowed else Effect.DENY
        found = replace(found, effect=effect, rule=brief.rule, grant=brief.grant)
    elif found.allowed or found.misses:
        return _discreet(caller, judge.snapshot, found)
    return replace(found, reason=brief.reason, misses=())


def _discreet(caller: Caller, snapshot: Snapshot, found: Decision) -> Decision:
    """The same without what is said of organisations that the caller does not reach."""

    def is_reached(place: str | None) -> bool:
        return place is None or caller.reaches(place, snapshot.tree)

    grant, asked = found.grant, found.request.organisation
    if Scope.AUDIT in caller.scopes:
        return found
    if found.allowed:
        if found.rule is None or grant is None or is_reached(grant.organisation):
            return found
        held = f"`{bare(grant.role)}`, held above {place_text(snapshot, asked)}"
        return replace(found, reason=f"{held}, by {rule_text(found.rule)}")
    misses = tuple(
        each if is_reached(each.organisation) else replace(each, text=each.brief)
        for each in found.misses
    )
    return replace(found, misses=misses, reason=all_of(misses))


def _without_elsewhere(
    caller: Caller, snapshot: Snapshot, question: Question
) -> Snapshot:
    """The version, had the subject no grants that do not count here or in reach."""
    subject = question.subject if isinstance(question, Request) else question.granter
    facts, tree = snapshot.facts, snapshot.tree
    above = tree.above(question.organisation)
    here = [
        each
        for each in facts.of(subject)
        if each.organisation in above or caller.reaches(each.organisation, tree)
    ]
    # of a row that cannot be read nobody knows where it was meant for
    idle = tuple(line for line in facts.idle if line.values[:1] != (subject,))
    facts = replace(facts.holding_only(subject, *here), idle=idle)
    return replace(snapshot, evaluator=snapshot.evaluator.over(facts))


def _explained(caller: Caller, found: Decision) -> Explained:
    audits = Scope.AUDIT in caller.scopes
    rule = line_shape(found.rule) if audits and found.rule else None
    grant = grant_shape(found.grant) if audits and found.grant else None
    misses = [ExplainedMiss(each.cause.value, each.text) for each in found.misses]
    roles, granters = ([*map(bare, each)] for each in (found.roles, found.granters))
    return Explained(rule, grant, misses, roles, granters)
