"""What matching rules add up to: Casbin's four effects, and the rule that explains.

Each takes the rules that match, in their order, and stops where Casbin would stop, so
that no rule behind that place is looked at. The rule that explains is the last that
matched until there, whatever its effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from casbin.effect.default_effectors import (
    AllowAndDenyEffector,
    AllowOverrideEffector,
    DenyOverrideEffector,
    PriorityEffector,
)

Matching = Iterable[Sequence[Any]]
Settled = tuple[bool, Sequence[Any] | None]
Settle = Callable[[Matching, int], Settled]
"""Takes matching rules and the column of their effect, -1 where they have none."""


def allow_override(matching: Matching, column: int) -> Settled:
    """Allow if one rule allows."""
    rule = None
    for rule in matching:
        if column < 0 or rule[column] == "allow":
            return True, rule
    return False, rule


def deny_override(matching: Matching, column: int) -> Settled:
    """Allow unless one rule denies."""
    rule = None
    for rule in matching:
        if column >= 0 and rule[column] == "deny":
            return False, rule
    return True, rule


def allow_and_deny(matching: Matching, column: int) -> Settled:
    """Allow if one rule allows and none denies."""
    rule = None
    allowed = False
    for rule in matching:
        if column < 0 or rule[column] == "allow":
            allowed = True
        elif rule[column] == "deny":
            return False, rule
    return allowed, rule


def priority(matching: Matching, column: int) -> Settled:
    """As the first rule says that allows or denies."""
    rule = None
    for rule in matching:
        if column < 0 or rule[column] == "allow":
            return True, rule
        if rule[column] == "deny":
            return False, rule
    return False, rule


EFFECTS: Mapping[type, Settle] = {
    AllowOverrideEffector: allow_override,
    DenyOverrideEffector: deny_override,
    AllowAndDenyEffector: allow_and_deny,
    PriorityEffector: priority,
}
"""What Casbin's effectors come to; any other effector is asked itself."""
