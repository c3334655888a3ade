"""Powers over roles that permit nothing, and give nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...decide.wording import bare
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.stage import Stage
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    if not stage.asks_access:
        return
    meant = {f"role:{examined.catalogue.credential}", *examined.named}
    for power in examined.lines("p2"):
        _, role = stage.ends(power)
        if role not in meant and not _means_something(stage, role):
            yield Noted.on(
                power,
                f"`{power}` gives `{bare(role)}`, which permits nothing",
                "write what the role may do, or take the power away",
            )


def _means_something(stage: Stage, role: str) -> bool:
    """Whether the role allows or denies anything, or gives a role."""
    model = stage.model
    rules = [rule for rule in stage.rules("p") if model.value(rule, "sub") == role]
    return any(
        stage.is_deny(rule) or stage.any_allowed(stage.evaluator, stage.about(rule))
        for rule in rules
    ) or any(stage.ends(power)[0] == role for power in stage.rules("p2"))


CHECK = Check(
    "power-over-nothing",
    Severity.WARNING,
    "a power over a role that permits nothing",
    _find,
)
