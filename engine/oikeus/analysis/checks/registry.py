"""All checks, in the order of their ids."""

from __future__ import annotations

from ..linting.check import Check
from ..linting.values import Severity
from . import (
    action_nobody_has,
    broken_invariant,
    conflicting_roles,
    deny_hides_allow,
    level_without_organisation,
    loading,
    matcher_not_indexed,
    never_decides,
    no_reason,
    no_rule_number,
    power_cycle,
    power_over_nothing,
    redundant_rule,
    rule_without_test,
    unreachable_role,
)
from .loading import LOAD_ERROR

__all__ = ["BAD_SUPPRESSION", "CHECKS", "LOAD_ERROR", "check_named"]

BAD_SUPPRESSION = Check(
    "bad-suppression",
    Severity.WARNING,
    "a suppression that does not say why, names no check or suppresses nothing",
)

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            BAD_SUPPRESSION,
            LOAD_ERROR,
            loading.FIRST_GRANT,
            loading.GRANT,
            loading.LABEL,
            loading.MATCHER,
            loading.REGISTER,
            action_nobody_has.CHECK,
            broken_invariant.CHECK,
            conflicting_roles.CHECK,
            deny_hides_allow.CHECK,
            level_without_organisation.CHECK,
            matcher_not_indexed.CHECK,
            never_decides.CHECK,
            no_reason.CHECK,
            no_rule_number.CHECK,
            power_cycle.CHECK,
            power_over_nothing.CHECK,
            redundant_rule.CHECK,
            rule_without_test.CHECK,
            unreachable_role.CHECK,
        ),
        key=lambda check: check.id,
    )
)
"""Every check."""

_BY_ID = {check.id: check for check in CHECKS}


def check_named(name: str) -> Check | None:
    """The check with this id, if there is one."""
    return _BY_ID.get(name)
