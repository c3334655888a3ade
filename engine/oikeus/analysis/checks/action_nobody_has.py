"""Actions that no role may do."""

from __future__ import annotations

from collections.abc import Iterator

from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.stage import Stage
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    if not stage.asks_access:
        return
    for resource, known in examined.catalogue.resources.items():
        for action in known.actions:
            if not _is_had(stage, action, resource):
                yield Noted(
                    *examined.place("resources", resource, "actions", action),
                    f"nobody can ever `{action}` `{resource}`: no role allows it",
                    "write the rule that allows it, or take the word away",
                )


def _is_had(stage: Stage, action: str, resource: str) -> bool:
    """Whether anybody may ever do this; mostly whoever holds every role may."""
    model = stage.evaluator
    return stage.any_allowed(model, stage.accesses_of_all(action, resource)) or any(
        stage.any_allowed(model, stage.accesses(role, action, resource))
        for role in stage.kinds
    )


CHECK = Check(
    "action-nobody-has", Severity.WARNING, "an action that no role may do", _find
)
