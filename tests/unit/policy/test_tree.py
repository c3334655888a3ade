"""The tree answers for right lines, and for broken ones that reached a database."""

from __future__ import annotations

from oikeus.policy.tree import ROOT_LEVEL, Tree

from .conftest import MakeTree

TREE = """
    g4, root, level:root
    g2, kt, root
    g4, kt, level:provider
    g2, ol, kt
    g4, ol, level:school
    g4, ol, level:office
    g2, tp, ol
    g2, kt, mode:push
    g2, ol, status:passive
    g4, level:school, role:x
    p, role:x, plan, read, allow
"""


def test_an_organisation_is_known_by_its_parent_or_by_being_the_root(
    make_tree: MakeTree,
) -> None:
    """A level or a mark alone makes no organisation known."""
    tree = make_tree(TREE + "g4, stray, level:school\ng2, marked, mode:push\n")
    assert [name for name in ("root", "kt", "ol", "tp") if name in tree] == [
        "root",
        "kt",
        "ol",
        "tp",
    ]
    for unknown in ("stray", "marked", "mode:push", "status:passive", "level:school"):
        assert unknown not in tree


def test_all_organisations_come_from_the_root_down(make_tree: MakeTree) -> None:
    """Each organisation comes before those below it, whatever the order of lines."""
    tree = make_tree("g2, tp, ol\ng2, ol, kt\ng2, kt, root\ng4, root, level:root")
    assert list(tree) == ["root", "kt", "ol", "tp"]
    assert tree.roots == ("root",)


def test_organisations_that_no_root_reaches_come_last(make_tree: MakeTree) -> None:
    """What hangs beside the tree is listed too, each organisation once."""
    tree = make_tree(
        "g2, b, a\ng2, a, b\ng2, kt, root\ng4, root, level:root\ng2, kt, other"
    )
    assert list(tree) == ["root", "kt", "b", "a"]


def test_two_roots_share_what_stands_below_both(make_tree: MakeTree) -> None:
    """An organisation below two roots is listed once."""
    tree = make_tree("g4, r1, level:root\ng4, r2, level:root\ng2, a, r1\ng2, a, r2")
    assert tree.roots == ("r1", "r2")
    assert list(tree) == ["r1", "a", "r2"]


def test_above_and_below_begin_with_the_organisation_itself(
    make_tree: MakeTree,
) -> None:
    """The organisation itself comes first, then the nearest."""
    tree = make_tree(TREE)
    assert tree.above("tp") == ("tp", "ol", "kt", "root")
    assert tree.below("kt") == ("kt", "ol", "tp")
    assert tree.above("unknown") == tree.below("unknown") == ("unknown",)


def test_a_cycle_ends_where_it_closes(make_tree: MakeTree) -> None:
    """A cycle in a database neither hangs nor repeats."""
    tree = make_tree("g2, a, b\ng2, b, c\ng2, c, a\ng2, d, d")
    assert tree.above("a") == ("a", "b", "c")
    assert tree.below("a") == ("a", "c", "b")
    assert tree.above("d") == tree.below("d") == ("d",)


def test_two_parents_are_both_above(make_tree: MakeTree) -> None:
    """An organisation with two parents is below both, nearest first."""
    tree = make_tree("g2, a, b\ng2, a, c\ng2, b, d\ng2, c, d")
    assert tree.above("a") == ("a", "b", "c", "d")
    assert tree.below("d") == ("d", "b", "c", "a")


def test_a_chain_may_be_longer_than_casbin_follows(make_tree: MakeTree) -> None:
    """Offices stand under offices as deep as the register has them."""
    tree = make_tree("\n".join(f"g2, o{n}, o{n + 1}" for n in range(2000)))
    assert len(tree.above("o0")) == len(tree.below("o2000")) == 2001


def test_marks_are_inherited_from_all_above(make_tree: MakeTree) -> None:
    """What hangs on an organisation counts for all below it, and not above it."""
    tree = make_tree(TREE)
    assert tree.inherited("tp", "mode:") == ("mode:push",)
    assert tree.inherited("tp", "status:") == ("status:passive",)
    assert tree.inherited("kt", "status:") == ()
    assert tree.inherited("root", "mode:") == ()
    assert tree.marks == {"kt": ("mode:push",), "ol": ("status:passive",)}


def test_levels_are_sets_and_are_not_inherited(make_tree: MakeTree) -> None:
    """An organisation has the level of each of its types, and no other."""
    tree = make_tree(TREE)
    assert tree.levels["ol"] == ("level:school", "level:office")
    assert "tp" not in tree.levels
    assert tree.levels["root"] == (ROOT_LEVEL,)


def test_lines_of_other_widths_are_passed_over(make_tree: MakeTree) -> None:
    """A row too short or too long draws nothing."""
    tree = make_tree("g2, a\ng2, a, b, c\ng4, a\ng3, a, b\ng2, mode:x, a")
    assert tree == Tree()
    assert list(tree) == []


def test_tops_are_those_with_no_other_above(make_tree: MakeTree) -> None:
    """Of a set of organisations, those that cover the rest are its tops."""
    tree = make_tree(TREE + "g2, ol2, kt")
    assert tree.tops(["tp", "ol", "ol2"]) == ("ol", "ol2")
    assert tree.tops(["tp", "kt", "tp"]) == ("kt",)
    assert tree.tops(["unknown"]) == ("unknown",)
    assert tree.tops([]) == ()


def test_a_cycle_has_a_top(make_tree: MakeTree) -> None:
    """Organisations of a cycle are shown by one of them, and never by none."""
    tree = make_tree("g2, a, b\ng2, b, a\ng2, c, a")
    assert tree.tops(["c", "b", "a"]) == ("b",)
