"""The view of a report: what it counts, and the tree that it counts along."""

from __future__ import annotations

import json

from oikeus_cli.report import report_view

from .conftest import AFTER, BEFORE, Compare


def test_summary_counts_what_is_listed(compare: Compare) -> None:
    """A group's numbers are those of the changes that it stands for."""
    view = report_view(compare())
    for name, same in (("access", ("action", "resource")), ("powers", ("role",))):
        left = len(view[name])
        for group in view["summary"][name]:
            members = [
                each
                for each in view[name]
                if all(each[word] == group[word] for word in ("sign", *same))
            ]
            assert len(members) == group["subjects"] == sum(group["kinds"].values())
            left -= len(members)
        assert left == 0
        assert view["summary"][name]


def test_whole_branches_sum_up_what_is_in_them(compare: Compare) -> None:
    """Each gain and each loss is counted once at every organisation above it."""
    view = report_view(compare())
    top = view["tree"][0]
    assert top["organisation"] == "top"
    assert top["changed"] == view["counts"]["organisations"]
    signs = {"gained": ("access", "+"), "lost": ("access", "-")}
    signs |= {"powers_gained": ("powers", "+"), "powers_lost": ("powers", "-")}
    for word, (name, sign) in signs.items():
        found = [
            len(each["organisations"]) for each in view[name] if each["sign"] == sign
        ]
        assert top["whole"][word] == sum(found)
        assert sum(branch["here"][word] for branch in view["tree"]) == sum(found)


def test_moved_organisation_stands_where_it_is_and_says_where_it_was(
    compare: Compare,
) -> None:
    """Gains and losses of one organisation are in one place of the tree."""
    view = report_view(compare())
    moved = {each["organisation"]: each for each in view["tree"]}["north-1"]
    assert (moved["parent"], moved["moved_from"]) == ("south", "north")
    assert moved["here"]["lost"]


def test_organisation_that_is_gone_stands_where_it_was(compare: Compare) -> None:
    """What was lost with it is in the tree too."""
    gone = "\n".join(row for row in BEFORE.splitlines() if "north-1" not in row)
    view = report_view(compare(after=gone))
    branch = {each["organisation"]: each for each in view["tree"]}["north-1"]
    assert (branch["parent"], branch["moved_from"]) == ("north", None)
    assert branch["here"]["lost"] == 4


def test_only_branches_with_changes_are_in_the_tree(compare: Compare) -> None:
    """Where nothing is gained or lost at or below it, an organisation is left out."""
    view = report_view(compare(after=f"{BEFORE}g, person:9, role:clerk, south\n"))
    assert [each["organisation"] for each in view["tree"]] == ["top", "south"]


def test_tree_of_broken_lines_ends(compare: Compare) -> None:
    """Rows that place organisations below each other do not hold up a report."""
    ring = "g2, south, north\ng2, north, south\n"
    rows = "".join(f"{row}\n" for row in BEFORE.splitlines() if row[:2] != "g2")
    view = report_view(
        compare(f"{rows}{ring}", f"{rows}{ring}g, person:9, role:clerk, south\n")
    )
    assert {each["organisation"] for each in view["tree"]} >= {"north", "south"}
    assert sum(each["depth"] == 0 for each in view["tree"]) == 1


def test_view_is_json(compare: Compare) -> None:
    """Everything in it can be written, and says the same when it is read."""
    view = report_view(compare(AFTER, BEFORE))
    assert json.loads(json.dumps(view)) == view
    assert view["before"]["digest"] == "a" * 64
    assert view["after"]["version"] is None
    assert view["made"] == {"at": "2026-03-02T10:15:00+00:00", "by": "oikeus 0.1.0"}
