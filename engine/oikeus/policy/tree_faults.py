"""What is wrong with the organisation tree: two parents, none, a cycle, two roots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..terms import Line
from .finding import Finding, listed
from .tree import ROOT_LEVEL, Tree

_PAIR = 2


def tree_faults(lines: Sequence[Line], tree: Tree) -> Iterator[Finding]:
    """Find what is wrong with the shape of the tree that these lines draw.

    Args:
        lines: those that are judged.
        tree: drawn of these lines and of all others in force.
    """
    seen: set[str] = set()
    for line in lines:
        if line.ptype not in ("g2", "g4") or len(line.values) != _PAIR:
            continue
        organisation, other = line.values
        if ":" in organisation:
            if line.ptype == "g2" or not organisation.startswith("level:"):
                text = f"`{organisation}` is no organisation, expected a bare id"
                yield Finding(line, text)
        elif line.ptype == "g2" and ":" not in other:
            yield from _parent_faults(tree, line)
        elif line.ptype == "g2" and other.startswith("mode:"):
            yield from _mode_faults(tree, line)
        elif organisation not in tree and organisation not in seen:
            seen.add(organisation)
            text = (
                f"`{organisation}` has no parent, "
                f"expected a line `g2, {organisation}, PARENT`"
            )
            yield Finding(line, text)
    yield from _root_faults(lines, tree)


def _parent_faults(tree: Tree, line: Line) -> Iterator[Finding]:
    organisation, parent = line.values
    parents = tree.parents[organisation]
    if parent not in tree:
        text = f"unknown parent `{parent}`, expected an organisation of the tree"
        yield Finding(line, text)
    if len(parents) > 1:
        text = f"`{organisation}` has the parents {listed(parents)}, expected one"
        yield Finding(line, text)
    if ROOT_LEVEL in tree.levels.get(organisation, ()):
        text = f"`{organisation}` is the root, expected no parent"
        yield Finding(line, text)
    if any(organisation in tree.above(each) for each in parents):
        text = f"`{organisation}` stands below itself, expected no cycle"
        yield Finding(line, text)


def _mode_faults(tree: Tree, line: Line) -> Iterator[Finding]:
    organisation = line.values[0]
    modes = set(tree.inherited(organisation, "mode:"))
    between = [
        place for place in tree.above(organisation)[1:] if tree.parents.get(place)
    ]
    if len(modes) > 1:
        text = (
            f"`{organisation}` has the modes {listed(modes)}, its own or from above; "
            "expected one"
        )
        yield Finding(line, text)
    elif between:
        text = (
            f"`{organisation}` stands below `{between[-1]}`, whose mode holds for all "
            "below it; expected the mode there"
        )
        yield Finding(line, text)


def _root_faults(lines: Sequence[Line], tree: Tree) -> Iterator[Finding]:
    if len(tree.roots) > 1:
        for line in lines:
            if line.ptype == "g4" and line.values[1:] == (ROOT_LEVEL,):
                text = f"there are the roots {listed(tree.roots)}, expected one"
                yield Finding(line, text)
