"""Every rule and ruling through the command line: what it allows, and what it refuses.

What each case writes is compared whole; the texts are in tests/golden/rules.
"""

from __future__ import annotations

import pytest

from . import rules_r1_to_r14, rulings_a_to_g, rulings_h_to_j, rulings_k_to_n
from .rules_transcripts import ERROR, NO, YES, Begin, Golden, Run, transcript

CASES = {
    **rules_r1_to_r14.RULES,
    **rulings_a_to_g.RULINGS,
    **rulings_h_to_j.RULINGS,
    **rulings_k_to_n.RULINGS,
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_holds_through_the_command_line(
    oikeus: Run, rules_world: Begin, golden_rules: Golden, rule: str
) -> None:
    """What it allows is done, what it does not is refused, and both say why."""
    golden_rules(rule, transcript(oikeus, rules_world, CASES[rule]))


def test_every_rule_has_a_case_that_is_allowed_and_one_that_is_not() -> None:
    """R1 to R14 and A to N."""
    assert list(CASES) == [
        *(f"R{number}" for number in range(1, 15)),
        *"ABCDEFGHIJKLMN",
    ]
    for cases in CASES.values():
        codes = {case.code for case in cases}
        assert YES in codes
        assert codes & {NO, ERROR}
