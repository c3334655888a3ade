"""Kind and level bind the grants of policy files (ruling M)."""

from __future__ import annotations

import pytest

from oikeus.policy.grant_faults import GrantRules
from oikeus.policy.model import Model
from oikeus.policy.tree import Tree

from .conftest import MakeLines

RULES = """
    g3, role:reader, person
    g3, role:robot, system
    g3, role:both, person
    g3, role:both, system
    g4, level:school, role:reader
    g4, level:office, role:reader
    g4, level:school, role:robot
    p2, role:chief, role:reader, mode:push, active
    p2, role:boss, role:reader, mode:post, active
    p2, role:chief, role:robot, mode:push, active
    p2, role:chief, role:robot, *, active
    g4, root, level:root
    g2, kt, root
    g2, kt, mode:push
    g2, ol, kt
    g4, ol, level:school
    g2, typed, root
    g2, typed, mode:typed
    g4, typed, level:office
    g2, none, root
    g4, none, level:school
    g2, bare, kt
    g3, role:short
    g4, level:school
    p2, role:chief, role:both, mode:never
"""
DAYS = "2026-01-01..2026-12-31"


def faults(lines: MakeLines, model: Model, written: str) -> list[str]:
    """What is said of a grant under the rules above."""
    drawn = lines(RULES)
    (grant,) = lines(f"g, {written}")
    rules = GrantRules.from_lines([*drawn, *drawn], model, Tree.from_lines(drawn))
    return [
        f"{'warning: ' if found.warning else ''}{found.text}"
        for found in rules.faults(grant, ["person", "system"])
    ]


@pytest.mark.parametrize(
    "written",
    [
        f"person:x, role:reader, ol@{DAYS}",
        "person:x, role:reader, ol@2026-01-01..2026-01-01",
        f"system:x, role:robot, ol@{DAYS}",
        f"system:x, role:robot, none@{DAYS}",
        f"person:x, role:both, typed@{DAYS}",
        f"person:x, role:reader, typed@{DAYS}",
        f"system:x, role:both, typed@{DAYS}",
        f"system:x, role:unknown, typed@{DAYS}",
    ],
)
def test_a_grant_that_fits_has_no_faults(
    make_lines: MakeLines, model: Model, written: str
) -> None:
    """Kind and level fit, or the rules say nothing of them."""
    assert faults(make_lines, model, written) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            f"system:x, role:reader, ol@{DAYS}",
            ["`role:reader` is for a person, not for a system"],
            id="wrong kind",
        ),
        pytest.param(
            f"person:x, role:robot, ol@{DAYS}",
            ["`role:robot` is for a system, not for a person"],
            id="a person for a system's role",
        ),
        pytest.param(
            f"role:reader, role:reader, ol@{DAYS}",
            [
                (
                    "the holder `role:reader` has no known kind, "
                    "expected person:ID or system:ID"
                )
            ],
            id="a role as holder",
        ),
        pytest.param(
            f"person:, role:both, ol@{DAYS}",
            ["the holder `person:` has no known kind, expected person:ID or system:ID"],
            id="a holder without name",
        ),
        pytest.param(
            f"x, role:reader, bare@{DAYS}",
            [
                "the holder `x` has no known kind, expected person:ID or system:ID",
                (
                    "`role:reader` cannot be held at `bare`, which has no level; "
                    "expected `level:office`, `level:school`"
                ),
            ],
            id="no kind, and no level",
        ),
        pytest.param(
            f"person:x, role:reader, root@{DAYS}",
            [
                (
                    "`role:reader` cannot be held at `root`, which has `level:root`; "
                    "expected `level:office`, `level:school`"
                ),
            ],
            id="wrong level",
        ),
        pytest.param(
            f"person:x, role:both, mode:push@{DAYS}",
            [
                (
                    f"`mode:push@{DAYS}` is no domain, "
                    "expected ORGANISATION@FIRST-DAY..LAST-DAY"
                )
            ],
            id="a mode in an organisation's place",
        ),
        pytest.param(
            f"person:x, role:reader, new@{DAYS}",
            [
                (
                    "warning: organisation `new` is not in the register yet; "
                    "the line takes effect when it is imported"
                )
            ],
            id="an organisation that has not come yet",
        ),
        pytest.param(
            "person:x, role:reader, ol",
            ["`ol` is no domain, expected ORGANISATION@FIRST-DAY..LAST-DAY"],
            id="no days",
        ),
        pytest.param(
            "person:x, role:reader, ol@2026-01-01",
            ["`2026-01-01` is no span of days, expected FIRST-DAY..LAST-DAY"],
            id="one day",
        ),
        pytest.param(
            "person:x, role:reader, ol@2026-02-29..2026-12-31",
            ["`2026-02-29` is no day of the calendar, expected one that there is"],
            id="a day that there is not",
        ),
        pytest.param(
            "person:x, role:reader, ol@1.1.2026..31.12.2026",
            ["`1.1.2026` is no day, expected the form 2026-03-01"],
            id="a Finnish day",
        ),
        pytest.param(
            "person:x, role:reader, ol@2026-12-31..2026-01-01",
            [
                (
                    "`2026-12-31..2026-01-01` ends before it begins, "
                    "expected the first day first"
                )
            ],
            id="days in the wrong order",
        ),
    ],
)
def test_a_grant_that_does_not_fit_is_refused_with_the_reason(
    make_lines: MakeLines, model: Model, written: str, expected: list[str]
) -> None:
    """Each thing that does not fit is named, with what would."""
    assert faults(make_lines, model, written) == expected
