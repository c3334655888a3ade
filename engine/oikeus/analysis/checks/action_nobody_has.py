"""Actions that no role may do."""

from __future__ import annotations

from collections.abc import Iterator

from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    if not stage.asks_access:
        return
    for resource, known in examined.catalogue.resources.items():
        for action in known.actions:
            if not any(
                stage.any_allowed(
                    stage.evaluator, stage.accesses(role, action, resource)
                )
                for role in stage.kinds
            ):
                yield Noted(
                    *examined.place("resources", resource, "actions", action),
                    f"nobody can ever `{action}` `{resource}`: no role allows it",
                    "write the rule that allows it, or take the word away",
                )


CHECK = Check(
    "action-nobody-has", Severity.WARNING, "an action that no role may do", _find
)
