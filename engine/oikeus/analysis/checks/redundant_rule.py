"""Rules and powers that say nothing that others do not say already."""

from __future__ import annotations

from collections.abc import Iterator

from ...decide.model_checks import why_no_grant_is_needed
from ...terms import Line
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.stage import Asked, Stage
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    for rule in examined.lines(*_asked(examined)):
        others = _covering(stage, rule, stage.about(rule))
        if others:
            places = " and ".join(sorted(str(other.source) for other in others))
            does = "does" if len(others) == 1 else "do"
            yield Noted.on(
                rule,
                f"`{rule}` says nothing that {places} {does} not say already",
                "take one of them away, or say what is different about it",
            )


def _asked(examined: Examined) -> Iterator[str]:
    """The kinds of rules whose lines can be told apart.

    Where no grant is needed, each rule says the same to everybody; another check tells.
    """
    matchers = examined.snapshot.evaluator.matchers
    for ptype, name in (("p", "m"), ("p2", "m2")):
        is_asked = ptype == "p2" or examined.stage.asks_access
        if is_asked and not why_no_grant_is_needed(matchers[name]):
            yield ptype


def _covering(stage: Stage, rule: Line, asked: list[Asked]) -> set[Line]:
    """The lines that say all that a rule says, if there are such."""
    role = stage.model.value(rule, "sub")
    same = [other for other in stage.rules(rule.ptype) if _is_of(stage, other, role)]
    if stage.is_deny(rule):
        return _denied_by(stage, rule, asked, [*filter(stage.is_deny, same)])
    without = stage.without(rule)
    covering: set[Line] = set()
    for one in asked:
        if stage.allows(stage.evaluator, one):
            answer = without.ask(one, stage.day)
            if not answer.allowed or answer.rule is None:
                return set()
            covering.add(answer.rule)
    return covering


def _denied_by(
    stage: Stage, rule: Line, asked: list[Asked], same: list[Line]
) -> set[Line]:
    """The lines that deny all that a rule denies, if there are such."""
    twin = stage.allowing(rule)
    others = [other for other in same if other != rule]
    alone, beside = stage.only(twin), stage.only(twin, rule)
    denied = [
        one
        for one in asked
        if stage.allows(alone, one) and not stage.allows(beside, one)
    ]
    if stage.any_allowed(stage.only(twin, *others), denied):
        return set()
    return {
        other
        for other in others
        if not all(stage.answers(stage.only(twin, other), denied))
    }


def _is_of(stage: Stage, rule: Line, role: str) -> bool:
    return stage.model.value(rule, "sub") == role


CHECK = Check(
    "redundant-rule",
    Severity.WARNING,
    "a rule or power that says nothing that others do not say",
    _find,
)
