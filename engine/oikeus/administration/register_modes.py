"""One transfer mode for an organisation: what an import must not mix.

An organisation inherits the modes of all above it, and every one of them counts. A
move, or one provider put below another, could thus open both groups of roles at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..errors import Problem
from ..policy.finding import listed
from ..policy.tree import Tree
from ..policy.wording import shown
from ..terms import Line
from .register import Organisation

_MODE = "mode:"


def mixed_modes(
    organisations: Iterable[Organisation], lines: Iterable[Line]
) -> Iterator[Problem]:
    """Find the imported organisations that have, or are above, more than one mode.

    What stands below a mixture of the same import is not mentioned again.

    Args:
        organisations: all that the import brings.
        lines: what will be in force.
    """
    tree = Tree.from_lines(lines)
    modes = _modes(tree)
    imported = {each.id: each for each in organisations}
    told: set[str] = set()
    for place, brought in _owners(tree, imported).items():
        above = tree.parents.get(place, ())
        is_top = not any(up in told for up in above)
        if len(modes.get(place, ())) > 1:
            told.add(place)
            if is_top:
                text = (
                    f"{shown(place)} would have the modes {listed(modes[place])}, its "
                    "own or from above; expected one"
                )
                yield imported[brought].problem(text)


def _modes(tree: Tree) -> Mapping[str, frozenset[str]]:
    """Gather the modes of every organisation, its own and inherited ones."""
    found = {
        place: frozenset(mark for mark in marks if mark.startswith(_MODE))
        for place, marks in tree.marks.items()
    }
    # downwards and not up from each: a tree may be as deep as it has organisations
    waiting = list(found)
    for place in waiting:
        for below in tree.children.get(place, ()):
            known = found.get(below, frozenset())
            if not found[place] <= known:
                found[below] = known | found[place]
                waiting.append(below)
    return found


def _owners(tree: Tree, imported: Iterable[str]) -> Mapping[str, str]:
    """Which imported organisation each one is or stands below, the highest first."""
    known = set(imported)
    tops = [place for place in known if known.isdisjoint(tree.parents.get(place, ()))]
    owners = {place: place for place in sorted(tops)}
    waiting = list(owners)
    for place in waiting:
        for below in tree.children.get(place, ()):
            if below not in owners:
                owners[below] = below if below in known else owners[place]
                waiting.append(below)
    return owners
