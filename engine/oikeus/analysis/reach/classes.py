"""Organisations that are alike: whatever the model asks of one, it answers of all.

Of an organisation a matcher can ask its levels and the roles that they lead to (`g4`),
and what it stands below or inherits (`g2`). Two that agree in this, as far as any line
or matcher names it, and in the roles that can be held above, are never told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...decide.facts import reach
from ...decide.snapshot import Snapshot
from ...ids import is_id


@dataclass(frozen=True)
class Classes:
    """The organisations of a snapshot, by class.

    Attributes:
        of: the class of each organisation, those above it looked at last.
        members: the organisations of each class, in the order of the tree.
        above: each organisation and those above it, nearest first.
    """

    of: Mapping[str, int]
    members: Sequence[Sequence[str]]
    above: Mapping[str, Sequence[str]]

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot, words: Iterable[str]) -> Classes:
        """Tell organisations apart by what the policy can ask of them.

        Args:
            snapshot: the policy.
            words: those that its lines and matchers name.
        """
        links, register = snapshot.facts.links["g2"], snapshot.register
        named = frozenset(words)
        over = {
            place
            for word in named
            if word in snapshot.tree
            for place in register.above(word)
        }
        known: dict[object, int] = {}
        of: dict[str, int] = {}
        members: list[list[str]] = []
        above: dict[str, Sequence[str]] = {}
        for place in snapshot.tree:
            if not is_id(place):
                continue
            reached = tuple(reach(links, place))
            above[place] = [word for word in reached if ":" not in word]
            seen = (
                register.roles_at(place),
                frozenset(w for w in reached if ":" in w or w in named),
                place in over,
                # whoever acts or gets a right may hold theirs above
                frozenset(r for w in above[place] for r in register.roles_at(w)),
            )
            number = known.setdefault(seen, len(known))
            if number == len(members):
                members.append([])
            members[number].append(place)
            of[place] = number
        return cls(of, members, above)
