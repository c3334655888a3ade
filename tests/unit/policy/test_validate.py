"""Lines are judged together: with each other, and with those already in force."""

from __future__ import annotations

import pytest

from oikeus.errors import Problem
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.model import Model
from oikeus.policy.validate import Findings, validate

from .conftest import MakeLines, MakeModel

SOUND = """
    g3, role:chief, person
    g3, role:reader, person
    g4, level:root, role:chief
    g4, level:school, role:reader
    p, role:reader, plan, read, allow
    p2, role:chief, role:reader, *, active
    g4, root, level:root
"""


def test_a_sound_policy_has_no_findings(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """Nothing is said of lines with nothing wrong."""
    assert validate(make_lines(SOUND), model, catalogue) == Findings()


def problems(findings: Findings) -> list[str]:
    """The problems as they are printed, without the file of the lines."""
    return [str(problem).removeprefix("t.csv:") for problem in findings.problems]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "p, role:reader, plan, read",
            "8: `p` has 3 values, expected 4: sub, obj, act, eft",
        ),
        (
            "p2, role:chief, role:reader, *, active, x",
            "8: `p2` has 5 values, expected 4: sub, role, mode, status",
        ),
        (
            "g, person:x, role:reader",
            (
                "8: `g` has 2 values, expected 3: subject, role, "
                "ORGANISATION@FIRST-DAY..LAST-DAY"
            ),
        ),
        (
            "g2, a",
            "8: `g2` has 1 value, expected 2: organisation, parent, mode or status",
        ),
        (
            "g4, a, b, c",
            "8: `g4` has 3 values, expected 2: organisation or level, level or role",
        ),
        (
            "p3, role:reader, plan, read, allow",
            "8: unknown kind of line `p3`, expected p, p2, g, g2, g3 or g4",
        ),
    ],
)
def test_a_line_of_the_wrong_width_or_kind_is_refused(
    make_lines: MakeLines,
    model: Model,
    catalogue: Catalogue,
    written: str,
    expected: str,
) -> None:
    """Casbin would take the line and raise, or cut it, at every later decision."""
    found = validate(make_lines(SOUND + written), model, catalogue)
    assert problems(found) == [expected]


def test_a_repeated_line_is_refused_where_it_repeats(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """Each line stands once; a repetition says where the first one is."""
    again = "p, role:reader, plan, read, allow\ng2, a, root\ng2, a, root\ng2, a, root"
    assert problems(validate(make_lines(SOUND + again), model, catalogue)) == [
        "8: repeats t.csv:5, expected each line once",
        "10: repeats t.csv:9, expected each line once",
        "11: repeats t.csv:9, expected each line once",
    ]


def test_rules_that_allow_and_deny_the_same_contradict(
    make_lines: MakeLines, make_model: MakeModel, catalogue: Catalogue
) -> None:
    """One action of one role has one effect, wherever that column stands."""
    lines = make_lines(
        SOUND + "p, role:reader, plan, read, deny\np, role:reader, plan, share, deny"
    )
    assert problems(validate(lines, make_model({}), catalogue)) == [
        "8: contradicts t.csv:5, expected one effect for one action"
    ]
    model = make_model({"p = sub, obj, act, eft": "p = eft, sub, obj, act"})
    lines = make_lines(
        SOUND.replace(
            "role:reader, plan, read, allow", "allow, role:reader, plan, read"
        )
        + "p, deny, role:reader, plan, read\np, deny, role:chief, plan, read"
    )
    assert problems(validate(lines, model, catalogue)) == [
        "8: contradicts t.csv:5, expected one effect for one action"
    ]


def test_lines_of_no_file_are_quoted(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """Lines that were made by a program are named by their text."""
    sound = make_lines(SOUND)
    rule = type(sound[0])("p", ("role:reader", "plan", "share", "allow"))
    denial = type(sound[0])("p", ("role:reader", "plan", "share", "deny"))
    twin = type(sound[0])(rule.ptype, rule.values)
    found = validate([*sound, rule, twin, denial], model, catalogue)
    assert found.problems == (
        Problem(f"`{rule}`", 0, "repeats another line, expected each line once"),
        Problem(
            f"`{denial}`",
            0,
            "contradicts another line, expected one effect for one action",
        ),
    )


def test_each_role_of_the_catalogue_can_be_held_somewhere(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """A role without kind or level, and a policy without root, are incomplete."""
    lines = make_lines("g3, role:chief, person\ng4, level:school, role:reader")
    found = validate(lines, model, catalogue, catalogue_file="policies/x.yaml")
    assert problems(found) == [
        (
            "policies/x.yaml: no organisation is the root, "
            "expected a line `g4, ID, level:root`"
        ),
        (
            "policies/x.yaml: nobody can hold the role `reader`, "
            "expected a line `g3, role:reader, KIND`"
        ),
        (
            "policies/x.yaml: the role `chief` has no level, "
            "expected a line `g4, level:…, role:chief`"
        ),
    ]


def test_lines_in_force_complete_the_files_and_are_not_judged(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """The register's organisations are known, and its own faults are not the files'."""
    register = make_lines("g2, kt, root\ng2, a, b\ng9, x\ng3, role:x\ng2, kt, mode:x")
    files = "g2, kt, mode:push\ng, person:x, role:chief, root@2026-01-01..2026-01-02"
    found = validate(make_lines(SOUND + files), model, catalogue, register)
    assert problems(found) == [
        (
            "8: `kt` has the modes `mode:push`, `mode:x`, its own or from above; "
            "expected one"
        )
    ]
    assert found.warnings == ()


def test_a_line_in_force_may_be_written_again(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """A file may restate what is in force; only its own repetitions are wrong."""
    lines = make_lines(SOUND + "g2, kt, root\ng2, kt, mode:push")
    assert validate(lines, model, catalogue, lines) == Findings()


def test_what_takes_no_effect_yet_warns(
    make_lines: MakeLines, model: Model, catalogue: Catalogue
) -> None:
    """Policy and register may come in either order."""
    files = "g2, new, mode:push\ng, person:x, role:chief, new@2026-01-01..2026-01-02"
    found = validate(make_lines(SOUND + files), model, catalogue)
    assert found.problems == ()
    assert [str(warning) for warning in found.warnings] == [
        f"t.csv:{line}: organisation `new` is not in the register yet; "
        "the line takes effect when it is imported"
        for line in (8, 9)
    ]


def test_without_a_catalogue_form_and_tree_are_judged_all_the_same(
    make_lines: MakeLines, model: Model
) -> None:
    """A catalogue that cannot be read hides no fault that needs no words."""
    lines = make_lines(
        "p, what, ever\ng2, a, b\ng4, r, level:root\ng4, r, level:root\n"
        "p, a, b, c, allow\np, a, b, c, deny"
    )
    assert problems(validate(lines, model, None)) == [
        "1: `p` has 2 values, expected 4: sub, obj, act, eft",
        "2: unknown parent `b`, expected an organisation of the tree",
        "4: repeats t.csv:3, expected each line once",
        "6: contradicts t.csv:5, expected one effect for one action",
    ]


def test_an_empty_policy_is_incomplete(model: Model, catalogue: Catalogue) -> None:
    """A folder without lines is refused, for want of everything."""
    found = validate([], model, catalogue)
    assert len(found.problems) == 5
    assert {problem.file for problem in found.problems} == {"catalogue"}
