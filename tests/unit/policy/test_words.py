"""Every word of a line is one that the catalogue or the model knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oikeus.policy.catalogue import Catalogue
from oikeus.policy.grant_faults import GrantRules
from oikeus.policy.model import Model
from oikeus.policy.tree import Tree
from oikeus.policy.words import Words

from .conftest import MakeLines

TREE = "g4, root, level:root\ng2, a, root"
ROLES = "expected role:chief or role:reader"


def judge(
    lines: MakeLines, model: Model, catalogue: Catalogue, written: str
) -> list[str]:
    """What is said of one line, beside a tree of two organisations."""
    (line,) = lines(written)
    tree = Tree.from_lines(lines(TREE))
    words = Words(model, catalogue, tree, GrantRules.from_lines([], model, tree))
    return [
        f"{'warning: ' if found.warning else ''}{found.text}"
        for found in words.faults(line)
    ]


@pytest.mark.parametrize(
    "written",
    [
        "p, role:reader, plan, read, allow",
        "p, role:reader, plan, share, deny",
        "p2, role:chief, role:reader, mode:push, active",
        "p2, role:chief, role:reader, *, active",
        "g, person:x, role:reader, a@2026-01-01..2026-12-31",
        "g2, b, a",
        "g2, a, mode:typed",
        "g2, a, status:passive",
        "g3, role:reader, person",
        "g4, level:school, role:reader",
        "g4, a, level:school",
        "g4, root, level:root",
    ],
)
def test_known_words_are_no_fault(
    make_lines: MakeLines, model: Model, catalogue: Catalogue, written: str
) -> None:
    """Nothing is said of a line of known words."""
    assert judge(make_lines, model, catalogue, written) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "p, role:raeder, plna, raed, alow",
            [
                f"unknown role `role:raeder`, {ROLES} (did you mean `role:reader`?)",
                "unknown resource `plna`, expected plan (did you mean `plan`?)",
                "unknown effect `alow`, expected allow or deny (did you mean `allow`?)",
            ],
        ),
        (
            "p, reader, plan, delete, permit",
            [
                f"unknown role `reader`, {ROLES} (did you mean `role:reader`?)",
                "unknown action `delete`, expected read or share",
                "unknown effect `permit`, expected allow or deny",
            ],
        ),
        (
            "p2, role:boss, *, mode:post, planned",
            [
                f"unknown role `role:boss`, {ROLES}",
                f"unknown role `*`, {ROLES}",
                (
                    "unknown mode `mode:post`, expected *, mode:push or mode:typed "
                    "(did you mean `mode:push`?)"
                ),
                "unknown status `planned`, expected active",
            ],
        ),
        (
            "p2, role:chief, role:reader, push, *",
            [
                (
                    "unknown mode `push`, expected *, mode:push or mode:typed "
                    "(did you mean `mode:push`?)"
                ),
                "unknown status `*`, expected active",
            ],
        ),
        (
            "g, person:x, reader, a@2026-01-01..2026-12-31",
            [f"unknown role `reader`, {ROLES} (did you mean `role:reader`?)"],
        ),
        (
            "g2, a, mode:pull",
            [
                (
                    "unknown mode `mode:pull`, expected mode:push or mode:typed "
                    "(did you mean `mode:push`?)"
                )
            ],
        ),
        (
            "g2, a, status:active",
            ["`status:active` needs no line, expected another status or none"],
        ),
        (
            "g2, a, role:reader",
            ["`role:reader` is no parent, expected an organisation or mode:NAME"],
        ),
        (
            "g2, a, status:closed",
            [
                (
                    "unknown status `status:closed`, expected status:active or "
                    "status:passive (did you mean `status:active`?)"
                )
            ],
        ),
        ("g2, mode:push, a", []),
        (
            "g3, role:raeder, perosn",
            [
                f"unknown role `role:raeder`, {ROLES} (did you mean `role:reader`?)",
                (
                    "unknown kind of holder `perosn`, expected person or system "
                    "(did you mean `person`?)"
                ),
            ],
        ),
        (
            "g3, role:reader, blocked",
            ["unknown kind of holder `blocked`, expected person or system"],
        ),
        (
            "g3, person:x, person",
            ["`person:x` is no role, expected role:NAME"],
        ),
        (
            "g3, person:x, blocked",
            [
                (
                    "blocks are not written in files, expected `oikeus block person:x "
                    "--reason …`"
                )
            ],
        ),
        (
            "g3, reader, person",
            ["`reader` is no role and no subject, expected role:NAME"],
        ),
        (
            "g3, robot:x, blocked",
            ["`robot:x` is no role and no subject, expected role:NAME"],
        ),
        (
            "g4, level:shcool, role:raeder",
            [
                (
                    "unknown level `level:shcool`, expected level:root or level:school "
                    "(did you mean `level:school`?)"
                ),
                f"unknown role `role:raeder`, {ROLES} (did you mean `role:reader`?)",
            ],
        ),
        (
            "g4, a, school",
            [
                (
                    "unknown level `school`, expected level:root or level:school "
                    "(did you mean `level:school`?)"
                )
            ],
        ),
        (
            "g4, a, role:reader",
            ["unknown level `role:reader`, expected level:root or level:school"],
        ),
        (
            "g4, level:school, level:root",
            [f"unknown role `level:root`, {ROLES}"],
        ),
    ],
)
def test_unknown_words_are_named_with_those_expected(
    make_lines: MakeLines,
    model: Model,
    catalogue: Catalogue,
    written: str,
    expected: list[str],
) -> None:
    """Each unknown word of a line is named, with the words that could stand there."""
    assert judge(make_lines, model, catalogue, written) == expected


def test_a_mode_may_come_before_its_organisation(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """A mode for an organisation that the register has not brought yet warns."""
    assert judge(make_lines, model, catalogue, "g2, new, mode:push") == [
        (
            "warning: organisation `new` is not in the register yet; "
            "the line takes effect when it is imported"
        )
    ]


def test_a_policy_may_have_no_modes(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """Where the catalogue has no modes, none can be named."""
    without = replace(catalogue, modes={})
    assert judge(make_lines, model, without, "g2, a, mode:push") == [
        "unknown mode `mode:push`, expected none"
    ]
