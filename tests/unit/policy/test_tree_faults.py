"""Every way in which lines can fail to draw one tree is found, at each line."""

from __future__ import annotations

import pytest

from oikeus.policy.tree import Tree
from oikeus.policy.tree_faults import tree_faults

from .conftest import MakeLines

ROOT = "g4, root, level:root\n"


def faults(lines: MakeLines, text: str, context: str = "") -> list[str]:
    """The faults of lines, judged together with others, as line number and text."""
    judged = lines(text)
    tree = Tree.from_lines([*judged, *lines(context)])
    return [
        f"{found.problem.line}: {found.text}" for found in tree_faults(judged, tree)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ROOT,
        ROOT + "g2, a, root\ng2, b, a\ng2, c, b\ng4, a, level:x\ng4, a, level:y",
        ROOT + "g2, a, root\ng2, a, mode:x\ng2, b, a\ng2, c, root\ng2, c, mode:y",
        ROOT + "g2, a, root\ng2, a, status:passive\ng2, b, a\ng2, b, status:passive",
        "g4, level:x, role:y\ng3, root, x\np, a, b\ng2, a\ng4, a, b, c",
    ],
)
def test_a_tree_has_no_faults(make_lines: MakeLines, text: str) -> None:
    """Nothing is said of a tree, nor of lines that do not draw one."""
    assert faults(make_lines, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "g2, a, root\ng2, a, b\ng2, b, root",
            [
                "1: `a` has the parents `b`, `root`, expected one",
                "2: `a` has the parents `b`, `root`, expected one",
            ],
            id="two parents",
        ),
        pytest.param(
            "g4, a, level:x\ng4, a, level:y\ng2, a, status:passive",
            ["1: `a` has no parent, expected a line `g2, a, PARENT`"],
            id="no parent",
        ),
        pytest.param(
            "g2, a, b",
            ["1: unknown parent `b`, expected an organisation of the tree"],
            id="unknown parent",
        ),
        pytest.param(
            "g2, a, a",
            ["1: `a` stands below itself, expected no cycle"],
            id="its own parent",
        ),
        pytest.param(
            "g2, a, b\ng2, b, c\ng2, c, a\ng2, d, a",
            [
                "1: `a` stands below itself, expected no cycle",
                "2: `b` stands below itself, expected no cycle",
                "3: `c` stands below itself, expected no cycle",
            ],
            id="a cycle, with one below it that is innocent",
        ),
        pytest.param(
            "g2, root, a\ng2, a, root",
            [
                "1: `root` is the root, expected no parent",
                "1: `root` stands below itself, expected no cycle",
                "2: `a` stands below itself, expected no cycle",
            ],
            id="the root below another",
        ),
        pytest.param(
            "g2, a, root\ng2, a, mode:x\ng2, a, mode:y",
            [
                (
                    "2: `a` has the modes `mode:x`, `mode:y`, its own or from above; "
                    "expected one"
                ),
                (
                    "3: `a` has the modes `mode:x`, `mode:y`, its own or from above; "
                    "expected one"
                ),
            ],
            id="two modes",
        ),
        pytest.param(
            "g2, a, root\ng2, b, a\ng2, c, b\ng2, a, mode:x\ng2, c, mode:y",
            [
                (
                    "5: `c` has the modes `mode:x`, `mode:y`, its own or from above; "
                    "expected one"
                )
            ],
            id="another mode than one above",
        ),
        pytest.param(
            "g2, a, root\ng2, b, a\ng2, c, b\ng2, c, mode:x",
            [
                (
                    "4: `c` stands below `a`, whose mode holds for all below it; "
                    "expected the mode there"
                )
            ],
            id="a mode below the highest organisation",
        ),
        pytest.param(
            "g2, mode:x, root\ng4, mode:x, level:y\ng2, role:a, role:b",
            [
                "1: `mode:x` is no organisation, expected a bare id",
                "2: `mode:x` is no organisation, expected a bare id",
                "3: `role:a` is no organisation, expected a bare id",
            ],
            id="no organisation, though Casbin would follow it",
        ),
    ],
)
def test_each_fault_is_found_at_its_lines(
    make_lines: MakeLines, text: str, expected: list[str]
) -> None:
    """A fault is reported at every line that takes part in it."""
    assert faults(make_lines, text, context=ROOT) == expected


def test_two_roots_are_reported_at_each(make_lines: MakeLines) -> None:
    """Only one organisation can be above all others."""
    assert faults(make_lines, ROOT + "g4, other, level:root\ng4, a, level:b") == [
        "3: `a` has no parent, expected a line `g2, a, PARENT`",
        "1: there are the roots `other`, `root`, expected one",
        "2: there are the roots `other`, `root`, expected one",
    ]


def test_lines_are_judged_together_with_those_in_force(make_lines: MakeLines) -> None:
    """A fault may lie between a line and one that came earlier, another way."""
    context = ROOT + "g2, a, root\ng2, b, a\ng2, b, mode:x"
    assert faults(make_lines, "g2, a, b\ng2, a, mode:y\ng2, b, mode:y", context) == [
        "1: `a` has the parents `b`, `root`, expected one",
        "1: `a` stands below itself, expected no cycle",
        "2: `a` has the modes `mode:x`, `mode:y`, its own or from above; expected one",
        "3: `b` has the modes `mode:x`, `mode:y`, its own or from above; expected one",
    ]


def test_lines_in_force_are_trusted(make_lines: MakeLines) -> None:
    """What is wrong among lines that came earlier is not the new files' fault."""
    assert faults(make_lines, "g2, c, a", "g2, a, b\ng2, b, a") == []
