"""Judging very many grants: places that the model cannot tell apart are judged once.

A verdict that nothing hinders depends on where a place stands and on what it inherits,
not on its id, as long as the model asks about it by links only. Every other verdict
names the place, and is asked for anew.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable
from functools import cached_property

from ..decide.grant_checks import GrantChecks, Verdict
from ..decide.snapshot import Snapshot
from ..policy.model import Model
from ..terms import Grant, kind_of

_FREE = Verdict()
_BY_LINKS = frozenset({"g2", "g4"})


class AlikeChecks:
    """Judges grants against one snapshot, each sort of place once where it can."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._checks = GrantChecks(snapshot)
        self._free: set[Hashable] = set()
        self._places: dict[str, Hashable] = {}
        self._hung: dict[str, Hashable] = {}
        self._alike: dict[Hashable, Verdict] = {}

    def judge(self, grant: Grant) -> Verdict:
        """Say what keeps a grant from being taken over, if anything does."""
        key = (kind_of(grant.subject), grant.role, self._sort(grant.organisation))
        if key in self._free:
            return _FREE
        verdict = self._checks.judge(grant)
        if verdict == _FREE:
            self._free.add(key)
        return verdict

    def judge_alike(self, grant: Grant) -> Verdict:
        """The same, but for the texts, which may name another place like this one.

        What hinders a grant, and not only that something does, depends besides on where
        above a place the words hang that it inherits.
        """
        place, tree = grant.organisation, self._snapshot.tree
        if place not in self._hung:
            marks = tuple(tree.marks.get(above, ()) for above in tree.above(place))
            self._hung[place] = (self._sort(place), marks)
        key = (kind_of(grant.subject), grant.role, self._hung[place])
        if key not in self._alike:
            self._alike[key] = self._checks.judge(grant)
        return self._alike[key]

    def _sort(self, place: str) -> Hashable:
        if place not in self._places:
            self._places[place] = self._sort_of(place)
        return self._places[place]

    def _sort_of(self, place: str) -> Hashable:
        """All that a decision can see of a place; its id where that may be all."""
        if not self._are_alike:
            return place
        facts, tree = self._snapshot.facts, self._snapshot.tree
        reached = frozenset(facts.reached("g2", place))
        standing = tuple(
            (
                above in reached,
                len(tree.parents.get(above, ())),
                frozenset(facts.reached("g4", above)) - {above},
            )
            for above in tree.above(place)
        )
        seen = {word for word in reached if ":" in word or word in self._named}
        return (place in tree, standing, frozenset(seen))

    @cached_property
    def _are_alike(self) -> bool:
        """Whether no line and no term of the model singles out a place by its id."""
        held = {
            grant.role
            for held in self._snapshot.facts.grants.values()
            for grant in held
        }
        # what is held somewhere may itself hold something, and that only at some place
        held.update(self._snapshot.roles)
        return _asks_by_links(self._snapshot.model) and held.isdisjoint(
            self._snapshot.facts.grants
        )

    @cached_property
    def _named(self) -> frozenset[str]:
        """The words of the powers and of their matcher, which may be ids of places."""
        powers = self._snapshot.facts.rules["p2"]
        constants = (
            str(node.value)
            for node in ast.walk(self._snapshot.model.matchers["m2"])
            if isinstance(node, ast.Constant)
        )
        return frozenset(constants).union(*(line.values for line in powers))


def _asks_by_links(model: Model) -> bool:
    """Tell whether the matcher of powers asks only what a place is linked to."""
    matcher = model.matchers["m2"]
    asked = 0
    for node in ast.walk(matcher):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in _BY_LINKS:
                asked += _is_place(node.args[0])
            elif node.func.id == "g":
                asked += sum(map(_is_place, ast.walk(node.args[2])))
    return asked == sum(map(_is_place, ast.walk(matcher)))


def _is_place(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) == ("r2", "org")
    )
