"""What two versions have in common, and so who can have gained or lost anything.

Everybody is asked whom the model could answer otherwise, and nobody else. Left out is
only what is certain, for a matcher that answers alike all who hold the same
(`decide/matcher/likeness.py`): then an answer depends on what is shared by all (the
matcher, the rules, the tree, the levels, the kinds of the roles), on the roles that the
subject holds here on the day, and on what links say of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..decide.facts import Links
from ..decide.grants import role_of
from ..decide.matcher.likeness import likeness
from ..ids import is_id
from ..policy.model_changes import model_changes
from ..terms import kind_of
from .side import Held, Side

_PLACES = ("g2", "g4")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the answers to a subject depend on, before and after.

    Attributes:
        who: the subject itself, where the matcher may tell it from all others.
        everywhere: whether it could be allowed something without a grant.
        kind: its kind.
        held: what it holds on the day, before and after.
        linked: what links say of it, before and after.
    """

    who: str
    everywhere: bool
    kind: str
    held: tuple[Held, Held]
    linked: tuple[frozenset[str], frozenset[str]]


class Pair:
    """Two versions, asked questions of one sort."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before = before
        self.after = after
        self._sides = before, after
        self._kinds = before.snapshot.kinds | after.snapshot.kinds
        self._named = before.named | after.named
        self._holders = frozenset(
            f"{kind}:{role}"
            for kind in self._kinds
            for role in self._named
            if "@" not in role  # no grant covers a domain that cannot be read
        )
        likes = [likeness(side.plan) for side in self._sides]
        self._alike = all(likes)
        known = [like for like in likes if like is not None]
        self._links = sorted({ptype for like in known for ptype in like.links})
        self._words = frozenset(word for like in known for word in like.words)

    def standings(self) -> dict[Standing, list[str]]:
        """Those who can have gained or lost something, by what they have in common."""
        found: dict[Standing, list[str]] = {}
        for subject in self._subjects():
            kind = kind_of(subject)
            if kind in self._kinds:
                standing = self._standing(subject, kind)
                if self._may_differ(standing) and is_id(subject):
                    found.setdefault(standing, []).append(subject)
        return found

    def differ_for(self, roles: Iterable[str]) -> bool:
        """Whether those who hold one of these roles may be answered otherwise now."""
        return not self._is_shared or not self._changed_roles.isdisjoint(roles)

    def _subjects(self) -> Iterable[str]:
        """Whoever could be allowed something that it was not before, or was."""
        old, new = (side.snapshot.facts.grants.held for side in self._sides)
        if not all(side.needs_grant for side in self._sides):
            links = (side.snapshot.facts.links for side in self._sides)
            firsts = {
                word for each in links for found in each.values() for word in found
            }
            return firsts.union(old, new, self._named)
        if not self._alike or not self._is_shared or self._changed_roles:
            return self._named.union(old, new)
        # nobody else than those of whom something is said that was not, or otherwise
        # where one version follows the other, they share what did not change
        shares = old.base is new.base
        names = old.later.keys() | new.later.keys() if shares else {*old, *new}
        touched = (name for name in names if old.get(name) is not new.get(name))
        return self._named.union(touched, self._relinked)

    def _standing(self, subject: str, kind: str) -> Standing:
        apart = not self._alike or subject in self._named or subject in self._words
        free = not all(side.needs_grant for side in self._sides)
        old, new = self._sides
        return Standing(
            subject if apart else "",
            # to Casbin whoever a rule names holds that role everywhere
            free or subject in self._named,
            kind,
            (old.held(subject, self._holders), new.held(subject, self._holders)),
            (old.linked(subject, self._links), new.linked(subject, self._links)),
        )

    def _may_differ(self, standing: Standing) -> bool:
        if standing.everywhere:
            return True
        old, new = standing.held
        if not old and not new:
            return False
        if standing.who or old != new or len({*standing.linked}) > 1:
            return True
        return self.differ_for(role_of(holder) for _, holder in new)

    @cached_property
    def _is_shared(self) -> bool:
        """Whether all is the same that all subjects share, rules apart."""
        links = [side.snapshot.facts.links for side in self._sides]
        return (
            self._has_same_model
            and all(not _changed(*(each[ptype] for each in links)) for ptype in _PLACES)
            and not any(self._concerns_all(word) for word in self._relinked)
        )

    @cached_property
    def _has_same_model(self) -> bool:
        texts = (side.snapshot.model.text for side in self._sides)
        changed = {change.key for change in model_changes(*texts)}
        return changed.isdisjoint(self.after.defined)

    @cached_property
    def _relinked(self) -> frozenset[str]:
        """The words of which links say otherwise what they are."""
        return _changed(*(side.snapshot.facts.links["g3"] for side in self._sides))

    def _concerns_all(self, word: str) -> bool:
        """Whether what a word is may matter to others than the subject of that name.

        A chain of `g3` has two words, so that nothing leads on through a subject.
        """
        if kind_of(word) not in self._kinds or word in self._words:
            return True
        rules = (
            line
            for side in self._sides
            for lines in side.snapshot.facts.rules.values()
            for line in lines
        )
        return any(word in line.values for line in rules)

    @cached_property
    def _changed_roles(self) -> frozenset[str]:
        """The roles of rules that are in one version only."""
        old, new = ({*side.rules} for side in self._sides)
        gone, come = map(self.before.role, old - new), map(self.after.role, new - old)
        return frozenset((*gone, *come))


def _changed(old: Links, new: Links) -> frozenset[str]:
    """The words that are linked to other words now."""
    if old is new:
        return frozenset()
    return frozenset(
        word
        for word in old.keys() | new.keys()
        if {*old.get(word, ())} != {*new.get(word, ())}
    )
