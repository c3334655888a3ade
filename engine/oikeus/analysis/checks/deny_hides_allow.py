"""Rules that deny what another rule allows, to whoever both are about."""

from __future__ import annotations

from collections.abc import Iterator

from ...terms import Line, Request
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.stage import Stage
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    stage = examined.stage
    if not stage.asks_access:
        return
    rules = [*examined.lines("p")]
    allowing = [rule for rule in rules if not stage.is_deny(rule)]
    for deny in filter(stage.is_deny, rules):
        denied = _denied(stage, deny, {stage.deed(rule) for rule in allowing})
        hidden = [
            rule
            for rule in allowing
            if stage.deed(rule) in denied and _hides(stage, deny, rule)
        ]
        if hidden:
            places = " and ".join(str(allow.source) for allow in hidden)
            role = stage.model.value(deny, "sub")
            verb = "allows" if len(hidden) == 1 else "allow"
            yield Noted.on(
                deny,
                f"`{deny}` takes from whoever holds `{role}` what {places} {verb}",
                "take the rule away that is not meant, or allow this finding and say "
                "why the deny is to win",
            )


def _denied(
    stage: Stage, deny: Line, deeds: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those deeds that a rule denies to the holders of its role."""
    model, role = stage.only(stage.allowing(deny)), stage.model.value(deny, "sub")
    return {
        deed for deed in deeds if stage.any_allowed(model, stage.accesses(role, *deed))
    }


def _hides(stage: Stage, deny: Line, allow: Line) -> bool:
    """Whether somebody with both roles is denied what one of them allows."""
    model = stage.model
    roles = tuple(dict.fromkeys(model.value(rule, "sub") for rule in (deny, allow)))
    kinds = [set(stage.kinds.get(role, ())) for role in roles]

    def is_denied(kind: str) -> bool:
        subject, one = stage.holding(stage.only(allow), kind, roles)
        _, both = stage.holding(stage.only(allow, deny), kind, roles)
        asked = [Request(subject, *stage.deed(allow), scene) for scene in stage.scenes]
        return stage.answers(one, asked) != stage.answers(both, asked)

    return any(map(is_denied, sorted(set.intersection(*kinds))))


CHECK = Check(
    "deny-hides-allow",
    Severity.WARNING,
    "a deny that takes away what another rule allows",
    _find,
)
