"""The organisations at which anything is gained or lost, as a tree with counts.

Each stands where it stands in the second version, one that is gone where it stood in
the first. Those above them are there too, so that every branch begins at the root.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import oikeus

GAINED, LOST = "gained", "lost"
POWERS_GAINED, POWERS_LOST = "powers_gained", "powers_lost"
COUNTED = (GAINED, LOST, POWERS_GAINED, POWERS_LOST)


@dataclass(slots=True)
class Branch:
    """An organisation in the tree of changes.

    Attributes:
        organisation: its id.
        parent: the organisation above it here; nothing at the top.
        depth: 0 at the top.
        moved_from: where it stood before, if that was elsewhere.
        here: gains and losses at it: one for each subject and each thing.
        whole: the same at it and at all below it.
        changed: at how many organisations there are any: it and those below it.
    """

    organisation: str
    parent: str | None
    depth: int = 0
    moved_from: str | None = None
    here: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    changed: int = 0


def branches(
    found: oikeus.Difference, before: oikeus.Tree, after: oikeus.Tree
) -> list[Branch]:
    """Count gains and losses along the tree; each branch comes before those below."""
    here = _here(found)
    made: dict[str, Branch] = {}
    for organisation in here:
        _climb(organisation, made, before, after)
    children: dict[str | None, list[str]] = {}
    for organisation, branch in made.items():
        branch.here = here.get(organisation, Counter())
        children.setdefault(branch.parent, []).append(organisation)
    order = {organisation: place for place, organisation in enumerate(after)}
    for siblings in children.values():
        siblings.sort(key=lambda each: (order.get(each, len(order)), each))
    listed = [made[organisation] for organisation in _listed(children)]
    for branch in listed:
        branch.depth = 1 + made[branch.parent].depth if branch.parent else 0
    for branch in reversed(listed):
        branch.whole += branch.here
        branch.changed += any(branch.here.values())
        if branch.parent:
            above = made[branch.parent]
            above.whole += branch.whole
            above.changed += branch.changed
    return listed


def _here(found: oikeus.Difference) -> dict[str, Counter[str]]:
    here: dict[str, Counter[str]] = {}
    words = {"+": (GAINED, POWERS_GAINED), "-": (LOST, POWERS_LOST)}
    changes: Iterable[tuple[int, oikeus.AccessChange | oikeus.PowerChange]] = (
        *((0, change) for change in found.access),
        *((1, change) for change in found.powers),
    )
    for sort, change in changes:
        for organisation in change.organisations:
            here.setdefault(organisation, Counter())[words[change.sign][sort]] += 1
    return here


def _climb(
    start: str, made: dict[str, Branch], before: oikeus.Tree, after: oikeus.Tree
) -> None:
    """Put an organisation and all above it into the tree."""
    organisation, seen = start, {start}
    while organisation not in made:
        old, new = (
            _parent(before.parents, organisation),
            _parent(after.parents, organisation),
        )
        moved = bool(old and organisation in after and old != new)
        above = new if organisation in after else old
        if above in seen:
            above = None  # a cycle of broken lines ends at the top
        made[organisation] = Branch(
            organisation, above, moved_from=old if moved else None
        )
        if above is None:
            return
        organisation = above
        seen.add(above)


def _parent(parents: Mapping[str, tuple[str, ...]], organisation: str) -> str | None:
    return next(iter(parents.get(organisation, ())), None)


def _listed(children: Mapping[str | None, list[str]]) -> Iterator[str]:
    waiting = [*reversed(children.get(None, []))]
    while waiting:
        organisation = waiting.pop()
        yield organisation
        waiting.extend(reversed(children.get(organisation, [])))
