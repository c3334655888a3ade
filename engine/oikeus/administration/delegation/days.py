"""From when until when a delegated grant may last (ruling H)."""

from __future__ import annotations

from datetime import date

from ...decide.snapshot import Snapshot
from ...terms import Span
from .turns import bar


def span_of(
    snapshot: Snapshot, role: str, first: date, last: date | None, today: date
) -> Span:
    """The days of a grant that is given today.

    Args:
        snapshot: its catalogue says how long the role lasts.
        role: one that a power gives, `role:…`.
        first: the first day.
        last: the last one; by default as long as the catalogue has it.
        today: the day on which it is given.

    Raises:
        Barred: it begins before today, ends before it begins, or lasts too long.
    """
    name = role.removeprefix("role:")
    if first < today:
        reason = f"begins on {first}, expected {today} (today) or later"
        raise bar(reason)
    entry = snapshot.catalogue.roles.get(name) if snapshot.catalogue else None
    if entry is None:
        reason = f"the catalogue does not say how long `{name}` lasts"
        raise bar(reason)
    longest = entry.validity.longest.last_day(first)
    ending = entry.validity.default.last_day(first) if last is None else last
    if ending < first:
        reason = f"ends on {ending}, before it begins on {first}"
        raise bar(reason)
    if ending > longest:
        reason = f"ends on {ending}, expected {longest} or earlier"
        rule = f"`{name}` lasts {entry.validity.longest} at most (catalogue)"
        raise bar(reason, rules=(rule,))
    return Span(first, ending)
