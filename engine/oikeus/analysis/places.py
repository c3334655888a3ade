"""Organisations as they are listed: in the order of the tree, or folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..decide.snapshot import Snapshot
from ..ids import is_id
from ..policy.tree import Tree


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that stands for itself, or for itself and all below it.

    Attributes:
        organisation: its id.
        below: how many there are below it, all of which are meant too; with 0 the
            organisation is meant alone.
    """

    organisation: str
    below: int = 0


def fold_places(tree: Tree, organisations: Iterable[str]) -> tuple[Place, ...]:
    """Fold organisations to the highest that say exactly the same.

    One stands for what is below it only if all of that is among them; otherwise it
    stands alone, and the others are listed too.

    Args:
        tree: that of the version after for gains, that of the one before for losses.
        organisations: in the order in which they are to be listed.
    """
    given = dict.fromkeys(organisations)
    whole: dict[str, tuple[str, ...]] = {}
    for top in given:
        below = _below(tree, top)
        if all(each in given for each in below):
            whole[top] = below
    said: set[str] = set()
    for top in sorted(whole, key=lambda top: -len(whole[top])):
        if top in said:
            del whole[top]
        said.update(whole.get(top, ()))
    return tuple(
        Place(top, len(whole.get(top, ())))
        for top in given
        if top in whole or top not in said
    )


def _below(tree: Tree, top: str) -> tuple[str, ...]:
    # what no question can name is no organisation, though a row may place it there
    return tuple(each for each in tree.below(top)[1:] if is_id(each))


def everywhere(snapshot: Snapshot) -> set[str]:
    """All organisations that lines name and a question can name.

    Those are the ones of the tree, and others that have a level, that something stands
    below, or at which a grant is given: rows may speak of what no register brought.
    """
    links = snapshot.facts.links
    named = {*links["g2"], *links["g4"], *snapshot.facts.grants.places}
    named.update(word for words in links["g2"].values() for word in words)
    return {word for word in named if ":" not in word and is_id(word)}


def in_order(snapshot: Snapshot) -> Callable[[Iterable[str]], tuple[str, ...]]:
    """Sort organisations as the tree of a version has them, those not in it last."""
    order = snapshot.register.order
    last = len(order)
    return lambda found: tuple(
        sorted(found, key=lambda place: (order.get(place, last), place))
    )
