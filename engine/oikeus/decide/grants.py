"""Who holds what: the grants of one version, compact, and shared with the next one.

A million grants are kept as small tuples, and a version that changes one of them
shares all others with the one before, whose readers never see the change.
`Grant`s are made of the tuples where somebody wants to read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Self, TypeAlias

from ..ids import is_id, not_plain
from ..terms import Grant, Line, Span, kind_of, parse_day, split_domain
from .layers import Layers

_SPAN = -len("@2026-01-01..2026-12-31")
_MOST_SPANS = 200_000

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
            place, holder, first, last = _parts(grant)
            chain = self._chain(chains, grant.subject)
            chains[grant.subject] = place, holder, first, last, chain
        holders = {holder_of(grant.subject, grant.role) for grant in new}
        strange = {grant.subject for grant in new if _is_strange(grant)}
        made = type(self)(
            self.held.changed(chains),
            self.holders | holders,
            self.strange | strange,
            max([self.marks, *(marks_of(grant.subject) for grant in new)]),
        )
        if self._places is not None:
            made._places = _moved(self._places, gone, new)  # noqa: SLF001 # of this class
        return made

    def holding_only(self, subject: str, grants: Iterable[Grant]) -> Self:
        """The same grants, but a subject holds these and no other."""
        return self.changed(self.get(subject, ()), grants)

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


def _is_strange(grant: Grant) -> bool:
    return grant.subject == grant.role or not is_id(grant.subject)


class Reading:
    """Reads rows into grants, a batch at a time; what repeats is kept once.

    Attributes:
        unreadable: the rows that are no grants, and so decide nothing.
    """

    def __init__(self) -> None:
        self.unreadable: list[Line] = []
        self._held: dict[str, Held] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._places: dict[str, str] = {}
        self._holders: dict[str, dict[str, str]] = {}

    def read(self, rows: Iterable[Row]) -> None:
        """Take in a batch of rows."""
        held, spans, holders = self._held, self._spans, self._holders
        places, earlier = self._places, held.get
        for row in rows:
            subject, role, domain = row
            kind, _, name = subject.partition(":")
            try:
                # known: the form of these was checked when they first came
                first, last = spans[domain[_SPAN:]]
                organisation = places[domain[:_SPAN]]
                holder = holders[kind][role]
            except KeyError:
                self._learn(row)
                continue
            if not name:
                self._learn(row)
                continue
            held[subject] = organisation, holder, first, last, earlier(subject)

    def _learn(self, row: Row) -> None:
        """Take in a row of which not all is known."""
        subject, role, domain = row
        try:
            place, days = split_domain(domain)
            first, last = self._days(days)
        except ValueError:
            self.unreadable.append(Line("g", row))
            return
        roles = self._holders.setdefault(kind_of(subject), {})
        holder = roles.setdefault(role, holder_of(subject, role))
        place = self._places.setdefault(place, place)
        self._held[subject] = place, holder, first, last, self._held.get(subject)

    def _days(self, days: str) -> tuple[int, int]:
        known = self._spans.get(f"@{days}")
        if known is None:
            span = Span.parse(days)
            known = span.first.toordinal(), span.last.toordinal()
            if len(self._spans) < _MOST_SPANS:
                self._spans[f"@{days}"] = known
        return known

    def finish(self, apart: Iterable[str] = ()) -> Grants:
        """Give all that was read.

        Args:
            apart: subjects of whom more is said than what they hold, so that they may
                have to be decided in another way (`live`). They are kept apart, so that
                there is nothing to be looked up of the others.
        """
        held, self._held = self._held, {}
        holders = frozenset(
            holder for roles in self._holders.values() for holder in roles.values()
        )
        unusual = [*not_plain(held)]
        strange = {role for role in map(role_of, holders) if role in held}
        strange.update(subject for subject in unusual if not is_id(subject))
        marks = max(map(marks_of, unusual), default=0)
        linked = {subject for subject in apart if subject in held} | strange
        layers = Layers(held, apart={name: held.pop(name) for name in linked})
        return Grants(layers, holders, frozenset(strange), marks)


@lru_cache(maxsize=1024)
def ordinal_of(day: str) -> int:
    """The ordinal of a day as questions write it; 0, which no grant has, for others."""
    try:
        return parse_day(day).toordinal()
    except ValueError:
        return 0
