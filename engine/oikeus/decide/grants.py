"""Who holds what: the grants of one version, compact, and shared with the next one.

A million grants are kept as small tuples, and a version that changes one of them
shares all others with the one before, whose readers never see the change.
`Grant`s are made of the tuples where somebody wants to read them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Self, TypeAlias

from ..ids import is_id
from ..terms import Grant, Line, Span, kind_of, parse_day
from .layers import Layers

Row = tuple[str, str, str]
"""A `g` line as it is stored: subject, role, ORGANISATION@FIRST-DAY..LAST-DAY."""

Held: TypeAlias = "tuple[str, str, int, int, Held | None]"
"""Grants as decisions read them: organisation, holder, first and last day, the next.

The holder is KIND:ROLE (`person:role:ehoks-kayttaja`): what a rule is held against. The
days are ordinals (`date.toordinal`), both inclusive. A subject's grants are a chain,
the newest first: one object less to read than with a tuple of tuples, which is what
counts once they are a million.
"""


class Grants(Mapping[str, tuple[Grant, ...]]):
    """The grants by their subjects; a mapping of `Grant`s for those who read them.

    Attributes:
        held: what each subject holds.
        holders: every kind with a role that it holds somewhere, or once held.
        strange: subjects that no question can name, or who hold themselves.
        marks: with how many `?` the name of a subject begins, at most.
    """

    __slots__ = ("_places", "held", "holders", "marks", "strange")

    def __init__(
        self,
        held: Layers[Held],
        holders: frozenset[str],
        strange: frozenset[str],
        marks: int,
    ) -> None:
        self.held = held
        self.holders = holders
        self.strange = strange
        self.marks = marks
        self._places: Layers[tuple[str, ...]] | None = None

    def __getitem__(self, subject: str) -> tuple[Grant, ...]:
        return tuple(grants_of(subject, self.held[subject]))

    def __contains__(self, subject: object) -> bool:
        return subject in self.held

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    @property
    def places(self) -> Mapping[str, tuple[str, ...]]:
        """By organisation, the subjects of the grants given at it, in any order.

        Only reverse questions need it: it is made when the first one comes, which takes
        about as long as the load did, and then handed on from version to version.
        """
        if self._places is None:
            found: dict[str, list[str]] = {}
            for subject, chain in self.held.items():
                for held in each(chain):
                    found.setdefault(held[0], []).append(subject)
            self._places = Layers(
                {place: tuple(subjects) for place, subjects in found.items()}
            )
        return self._places

    def lines(self) -> Iterator[Line]:
        """The grants as lines; the subjects in no particular order."""
        for subject, held in self.held.items():
            for grant in grants_of(subject, held):
                yield grant.line

    def changed(
        self, removed: Iterable[Grant] = (), added: Iterable[Grant] = ()
    ) -> Self:
        """The same grants, without some and with others, which come last.

        Args:
            removed: grants; one that is not there is passed over.
            added: grants that are not there once the others are removed.
        """
        new = [*added]
        chains: dict[str, Held | None] = {}
        gone = self._unchain(chains, removed)
        for grant in new:
            chains[grant.subject] = *_parts(grant), self._chain(chains, grant.subject)
        made = self._made(self.held.changed(chains), new)
        if self._places is not None:
            made._places = _moved(self._places, gone, new)  # noqa: SLF001 # of this class
        return made

    def holding(self, grants: Iterable[Grant]) -> Self:
        """Imagine that these exist besides, and come last; no version is like that."""
        new = [*grants]
        chains: dict[str, Held | None] = {}
        for grant in new:
            chains[grant.subject] = *_parts(grant), self._chain(chains, grant.subject)
        return self._made(self.held.imagined(chains), new)

    def holding_only(self, subject: str, grants: Iterable[Grant]) -> Self:
        """Imagine that a subject holds these and no other, however many it holds."""
        new = [*grants]
        chain: Held | None = None
        for grant in new:
            chain = *_parts(grant), chain
        return self._made(self.held.imagined({subject: chain}), new)

    def _made(self, held: Layers[Held], new: Collection[Grant]) -> Self:
        """Grants with these among them that are new; by place they are not known."""
        holders = {holder_of(grant.subject, grant.role) for grant in new}
        strange = {grant.subject for grant in new if grant.subject == grant.role}
        subjects = {grant.subject for grant in new}
        strange.update(subject for subject in subjects if not is_id(subject))
        return type(self)(
            held,
            self.holders | holders,
            self.strange | strange,
            max([self.marks, *map(marks_of, subjects)]),
        )

    def _chain(self, chains: Mapping[str, Held | None], subject: str) -> Held | None:
        """What a subject holds, or is about to hold."""
        return chains[subject] if subject in chains else self.held.get(subject)

    def _unchain(
        self, chains: dict[str, Held | None], grants: Iterable[Grant]
    ) -> list[Grant]:
        """Take grants out of their subjects' chains, each chain once.

        Returns:
            those that were there.
        """
        leaving: dict[str, dict[object, Grant]] = {}
        for grant in grants:
            leaving.setdefault(grant.subject, {})[_parts(grant)] = grant
        gone = []
        for subject, leave in leaving.items():
            every = [*each(self._chain(chains, subject))]
            chains[subject] = chained(one for one in every if one[:4] not in leave)
            there = dict.fromkeys(one[:4] for one in every)
            gone += [leave[parts] for parts in there if parts in leave]
        return gone


def _moved(
    places: Layers[tuple[str, ...]], gone: Iterable[Grant], new: Iterable[Grant]
) -> Layers[tuple[str, ...]]:
    """The subjects by place, after a change."""
    changes: dict[str, list[str]] = {}
    for grant in (*gone, *new):
        place = grant.organisation
        changes.setdefault(place, [*places.get(place, ())])
    for grant in gone:
        changes[grant.organisation].remove(grant.subject)
    for grant in new:
        changes[grant.organisation].append(grant.subject)
    return places.changed({place: tuple(who) or None for place, who in changes.items()})


def each(held: Held | None) -> Iterator[Held]:
    """The grants of a chain, the newest first."""
    while held is not None:
        yield held
        held = held[4]


def chained(grants: Iterable[Held]) -> Held | None:
    """Grants as a chain of their own, in the order in which they come."""
    found: Held | None = None
    for place, holder, first, last, _ in reversed([*grants]):
        found = place, holder, first, last, found
    return found


def holder_of(subject: str, role: str) -> str:
    """The holder that a subject is by this role."""
    return f"{kind_of(subject)}:{role}"


def role_of(holder: str) -> str:
    """The role of a holder; a kind has no colon in it."""
    return holder.partition(":")[2]


def marks_of(subject: str) -> int:
    """With how many `?` the name of a subject begins."""
    name = subject.partition(":")[2]
    return len(name) - len(name.lstrip("?"))


def _parts(grant: Grant) -> tuple[str, str, int, int]:
    holder, span = holder_of(grant.subject, grant.role), grant.span
    return grant.organisation, holder, span.first.toordinal(), span.last.toordinal()


def grant_of(subject: str, held: Held) -> Grant:
    """The first grant of a chain, as people read it."""
    organisation, holder, first, last, _ = held
    span = Span(date.fromordinal(first), date.fromordinal(last))
    return Grant(subject, role_of(holder), organisation, span)


def grants_of(subject: str, held: Held | None) -> list[Grant]:
    """The grants of a chain, as people read them, in the order of their rows."""
    return [grant_of(subject, one) for one in reversed([*each(held)])]


@lru_cache(maxsize=1024)
def ordinal_of(day: str) -> int:
    """The ordinal of a day as questions write it; 0, which no grant has, for others."""
    try:
        return parse_day(day).toordinal()
    except ValueError:
        return 0
