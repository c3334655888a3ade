"""Who gains and who loses, counted for people: how many, of which kind, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..decide.snapshot import Snapshot
from ..terms import kind_of
from .changes import Sign
from .difference import Difference
from .places import Place, fold_places, in_order


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a gain or a loss concerns, and where.

    Attributes:
        kinds: how many subjects there are of each kind.
        places: all organisations at which any of them gained or lost it, folded.
        levels: how many of those places have each level, `level:…`; one with two levels
            counts for both, and one with none for the blank.
    """

    kinds: Mapping[str, int]
    places: tuple[Place, ...]
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AccessGroup:
    """All who gain, or lose, an action on a resource."""

    sign: Sign
    action: str
    resource: str
    concerned: Concerned


@dataclass(frozen=True, slots=True)
class PowerGroup:
    """All who gain, or lose, the power to give a role."""

    sign: Sign
    role: str
    concerned: Concerned


@dataclass(frozen=True, slots=True)
class Summary:
    """A difference, counted.

    Attributes:
        access: by action, resource and sign, sorted.
        powers: by role and sign, sorted.
    """

    access: tuple[AccessGroup, ...]
    powers: tuple[PowerGroup, ...]


def summarise(found: Difference, before: Snapshot, after: Snapshot) -> Summary:
    """Count a difference of these two versions."""
    access: dict[tuple[str, str, Sign], list[tuple[str, tuple[str, ...]]]] = {}
    for change in found.access:
        deed = change.action, change.resource, change.sign
        access.setdefault(deed, []).append((change.subject, change.organisations))
    powers: dict[tuple[str, Sign], list[tuple[str, tuple[str, ...]]]] = {}
    for power in found.powers:
        given = power.role, power.sign
        powers.setdefault(given, []).append((power.granter, power.organisations))
    # what is gained is had in the tree after, what is lost was had in the one before
    trees = {"+": after, "-": before}
    return Summary(
        tuple(
            AccessGroup(sign, action, resource, _concerned(trees[sign], those))
            for (action, resource, sign), those in sorted(access.items())
        ),
        tuple(
            PowerGroup(sign, role, _concerned(trees[sign], those))
            for (role, sign), those in sorted(powers.items())
        ),
    )


def _concerned(
    snapshot: Snapshot, those: Iterable[tuple[str, tuple[str, ...]]]
) -> Concerned:
    kinds: Counter[str] = Counter()
    organisations: set[str] = set()
    for subject, places in those:
        kinds[kind_of(subject)] += 1
        organisations.update(places)
    folded = fold_places(snapshot.tree, in_order(snapshot)(organisations))
    levels = Counter(
        level
        for place in folded
        for level in snapshot.tree.levels.get(place.organisation, ()) or ("",)
    )
    return Concerned(dict(sorted(kinds.items())), folded, dict(sorted(levels.items())))
