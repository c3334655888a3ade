"""Reads the rows of a version into grants: each word and span of days is kept once.

It is what the load of a large database spends its time on, so that a row of which every
part was seen before takes three look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ids import is_id, not_plain
from ..terms import Line, Span, kind_of, split_domain
from .grants import Grants, Held, Row, holder_of, marks_of, role_of
from .layers import Layers

_SPAN = -len("@2026-01-01..2026-12-31")
_MOST_SPANS = 200_000


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
