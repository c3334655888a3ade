"""Lines of organisations, and the way from each of them to the root."""

from __future__ import annotations

import pytest

from oikeus.administration.register import Organisation
from oikeus.administration.register_tree import (
    by_organisation,
    levels,
    lines_of,
    misplaced,
    parents,
    statuses,
)
from oikeus.terms import Line, Names


def organisation(
    oid: str, parent: str | None, *, status: str = "active"
) -> Organisation:
    """An organisation of an import, whose place names it."""
    place = f"$.{oid}"
    return Organisation(oid, parent, ("office",), status, Names(), place, "a.json")


def lost(current: dict[str, str], **imported: str) -> list[str]:
    """What is wrong when these children of these parents are imported."""
    found = [organisation(child, parent) for child, parent in imported.items()]
    lines = [Line("g2", pair) for pair in current.items()]
    return [str(each) for each in misplaced(found, by_organisation(lines), "root")]


def test_an_organisation_is_written_as_three_shapes_of_line() -> None:
    """Its parent, its levels, and its status where it is not active."""
    assert lines_of(organisation("a", "b", status="passive")) == {
        Line("g2", ("a", "b")),
        Line("g2", ("a", "status:passive")),
        Line("g4", ("a", "level:office")),
    }
    assert Line("g2", ("a", "status:active")) not in lines_of(organisation("a", "b"))


def test_lines_that_the_register_does_not_own_are_passed_over() -> None:
    """Modes, levels of roles, kinds, grants and lines of another width are not its."""
    others = [
        Line("g2", ("a", "mode:integraatio")),
        Line("g2", ("a", "b", "c")),
        Line("g3", ("person:x", "blocked")),
        Line("g4", ("level:office", "role:x")),
        Line("g", ("person:x", "role:y", "a@2026-01-01..2026-12-31")),
    ]
    assert by_organisation(others) == {}


def test_lines_are_grouped_by_organisation() -> None:
    """What was written can be read again."""
    both = lines_of(organisation("a", "b", status="passive"))
    grouped = by_organisation([*both, *lines_of(organisation("c", "a"))])
    assert grouped["a"] == both
    assert parents(grouped["a"]) == ("b",)
    assert levels(grouped["a"]) == ("office",)
    assert statuses(grouped["a"]) == ("passive",)
    assert statuses(grouped["c"]) == ("active",)


def test_parents_are_found_in_the_import_in_the_register_or_at_the_root() -> None:
    """The order of the import does not matter."""
    assert lost({"known": "root"}, a="b", b="known", c="root", d="a") == []


def test_an_unknown_parent_is_a_fault_of_those_directly_below() -> None:
    """What stands further below is not mentioned again."""
    assert lost({}, a="b", b="c", d="c") == [
        (
            "a.json: $.b: `b` cannot be placed, `c` above it is unknown, expected the "
            "root or an organisation that is known or imported with it"
        ),
        (
            "a.json: $.d: `d` cannot be placed, `c` above it is unknown, expected the "
            "root or an organisation that is known or imported with it"
        ),
    ]


def test_a_known_parent_that_hangs_in_the_air_is_a_fault() -> None:
    """Rows can reach a database past every check."""
    (fault,) = lost({"known": "nowhere"}, a="known")
    assert fault.startswith("a.json: $.a: `a` cannot be placed, `nowhere` above it")


@pytest.mark.parametrize(
    ("current", "imported", "expected"),
    [
        (
            {},
            {"a": "a"},
            ["a.json: $.a: `a` stands below itself, `a` under `a`, expected no cycle"],
        ),
        (
            {"b": "root", "c": "b"},
            {"b": "c"},
            [
                (
                    "a.json: $.b: `b` stands below itself, `b` under `c` under `b`, "
                    "expected no cycle"
                )
            ],
        ),
        (
            {},
            {"a": "b", "b": "a", "under": "a"},
            [
                (
                    "a.json: $.a: `a` stands below itself, `a` under `b` under `a`, "
                    "expected no cycle"
                ),
                (
                    "a.json: $.b: `b` stands below itself, `b` under `a` under `b`, "
                    "expected no cycle"
                ),
            ],
        ),
        (
            {"b": "c", "c": "b"},
            {"a": "b"},
            [
                (
                    "a.json: $.a: `a` stands below itself, `b` under `c` under `b`, "
                    "expected no cycle"
                )
            ],
        ),
    ],
)
def test_a_cycle_is_a_fault_of_its_members(
    current: dict[str, str], imported: dict[str, str], expected: list[str]
) -> None:
    """Within the import, with what is known, or known already."""
    assert lost(current, **imported) == expected


def test_the_root_is_where_every_way_ends() -> None:
    """It needs no parent, and is not looked for above itself."""
    found = [organisation("root", None), organisation("a", "root")]
    assert list(misplaced(found, {}, "root")) == []
