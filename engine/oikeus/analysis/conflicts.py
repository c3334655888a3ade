"""Grants of one subject whose roles it may not hold together (ruling D)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..policy.reviewing import Conflict
from ..policy.tree import Tree
from ..terms import Grant


@dataclass(frozen=True, slots=True)
class _Member:
    """A grant of a group, and the organisations below which it conflicts."""

    grant: Grant
    group: int
    tops: frozenset[str]


def conflicting(
    grants: Iterable[Grant], conflicts: Sequence[Conflict], tree: Tree
) -> Mapping[Grant, tuple[Grant, ...]]:
    """Find the grants that conflict, each with those that it conflicts with.

    Args:
        grants: those that have not ended, of everybody.
        conflicts: which roles conflict, and where.
        tree: the organisations.
    """
    found: dict[Grant, list[Grant]] = {}
    for theirs in _by_subject(grants).values():
        for conflict in conflicts if len(theirs) > 1 else ():
            members = [*_members(theirs, conflict, tree)]
            for one, other in combinations(members, 2):
                if _conflict(one, other):
                    found.setdefault(one.grant, []).append(other.grant)
                    found.setdefault(other.grant, []).append(one.grant)
    return {grant: tuple(dict.fromkeys(others)) for grant, others in found.items()}


def _by_subject(grants: Iterable[Grant]) -> Mapping[str, list[Grant]]:
    found: dict[str, list[Grant]] = {}
    for grant in grants:
        found.setdefault(grant.subject, []).append(grant)
    return found


def _members(
    grants: Iterable[Grant], conflict: Conflict, tree: Tree
) -> Iterator[_Member]:
    groups = {
        f"role:{name}": number
        for number, names in enumerate(conflict.groups)
        for name in names
    }
    level = f"level:{conflict.below}"
    for grant in grants:
        if grant.role in groups:
            above = tree.above(grant.organisation)
            tops = (each for each in above if level in tree.levels.get(each, ()))
            yield _Member(grant, groups[grant.role], frozenset(tops))


def _conflict(one: _Member, other: _Member) -> bool:
    first, second = one.grant.span, other.grant.span
    meet = first.first <= second.last and second.first <= first.last
    return meet and one.group != other.group and not one.tops.isdisjoint(other.tops)
