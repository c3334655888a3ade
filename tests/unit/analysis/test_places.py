"""Requirements on places: a fold says exactly what the list says."""

from __future__ import annotations

from oikeus.analysis.places import Place, fold_places
from oikeus.policy.tree import Tree

from ..decide.small_world import row, snapshot


def test_a_top_stands_for_all_below_only_if_all_are_there() -> None:
    """Otherwise it stands alone, and the others are listed too."""
    tree = snapshot().tree
    north = ["north", "north-school", "north-office"]
    assert fold_places(tree, north) == (Place("north", 2),)
    assert fold_places(tree, north[:2]) == (Place("north"), Place("north-school"))
    assert fold_places(tree, ["north", "north-office", "mars"]) == (
        Place("north"),
        Place("north-office"),
        Place("mars"),
    )
    assert fold_places(tree, ["root", *north]) == (Place("root"), Place("north", 2))


def test_a_cycle_is_folded_to_its_first() -> None:
    """Each stands above the other; one of them says it all."""
    tree = Tree.from_lines([row("g2, a, b"), row("g2, b, a"), row("g2, a@b, b")])
    assert fold_places(tree, ["a", "b"]) == (Place("a", 1),)
