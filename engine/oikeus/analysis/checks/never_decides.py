"""Rules and powers that can never decide anything, whoever asks, wherever."""

from __future__ import annotations

from collections.abc import Iterator

from ...terms import Line
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.stage import Stage
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    for rule in examined.lines("p", "p2"):
        if rule.ptype == "p" and not stage.asks_access:
            continue
        if not can_decide(stage, rule):
            yield Noted.on(
                rule,
                f"`{rule}` can never decide: whoever holds its role, and wherever, "
                "every answer is the same without it",
                "mend its words or what the matcher asks of them, or take it away",
            )


def can_decide(stage: Stage, rule: Line) -> bool:
    """Whether there is any question that a rule answers, were it the only one.

    A rule that denies is asked beside one that allows the same.
    """
    if rule.ptype == "p2":
        granting = stage.grantings(*stage.ends(rule))
        return stage.any_allowed(stage.only(rule), granting)
    asked = stage.about(rule)
    if not stage.is_deny(rule):
        return stage.any_allowed(stage.only(rule), asked)
    twin = stage.allowing(rule)
    alone = stage.answers(stage.only(twin), asked)
    return alone != stage.answers(stage.only(twin, rule), asked)


CHECK = Check(
    "never-decides",
    Severity.WARNING,
    "a rule or power that can never decide anything",
    _find,
)
