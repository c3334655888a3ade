"""The limit: what a Python programmer would write by hand for this very policy.

Dictionaries and small tuples, made for one policy and one question, and nothing else:
no model, no reasons, no versions, no change while it runs. What takes time was taken
out: the organisations below one are a range of numbers, the deeds of a role are bits of
a number, days are numbers, and grants that decide nothing are left out when it is made.
Far from the processor's caches each object read costs more than the work on it, so a
grant is one tuple that ends in the next grant, and equal numbers are one object. Other
forms were slower when they were raced: a tuple of tuples, one flat tuple, a dictionary
for each subject, deeds under pairs.

The checks are the engine's: kind of holder, level, block, day, organisation, deed; and
what no request can be is refused with an error. A part that a dictionary holds is known
to be well made; only what is not found there has to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from time import time as now
from typing import TypeAlias
from zoneinfo import ZoneInfo

import oikeus

from .worlds import TOP, World, policies

Allows = Callable[..., bool]
Day: TypeAlias = date | None
_Chain: TypeAlias = "tuple[int, int, int, int, int, _Chain] | None"
"""Deeds as bits; first organisation and last; first day and last; the next grant."""

_Span = tuple[int, int]

_PLAIN = re.compile(
    r"(?:person|system):[\w-]+(?:\.[\w-]+)*\n\w+\n\w+\n[\w-]+(?:\.[\w-]+)*", re.ASCII
)
_SHORT = 255
"""Questions that are surely well made: plain letters, and not one part too long."""

_HELSINKI = ZoneInfo("Europe/Helsinki")


def make_limit(world: World) -> Allows:
    """Load a world into dictionaries; the function that decides by them comes back."""
    ranges = _ranges(world)
    bits = _bits()
    deeds, held = _nested(bits), _held(world, bits, ranges)
    place = {organisation: low for organisation, (low, _) in ranges.items()}
    morning = night = 0.0
    today = 0

    def another_day() -> None:
        nonlocal morning, night, today
        day = datetime.now(_HELSINKI).date()
        today, (morning, night) = day.toordinal(), _bounds(day)

    def allows(
        subject: str, action: str, resource: str, organisation: str, at: Day = None
    ) -> bool:
        if at is None:
            if not morning <= now() < night:
                another_day()
            day = today
        else:
            day = at.toordinal()
        try:
            deed = deeds[action][resource]
            here = place[organisation]
            grant = held[subject]
            while grant:
                can, low, high, first, last, grant = grant
                if can & deed and low <= here <= high and first <= day <= last:
                    return True
        except (KeyError, TypeError):
            _refuse(subject, action, resource, organisation)
        return False

    return allows


def _bounds(day: date) -> tuple[float, float]:
    """When a day begins and when it is over."""
    begins = datetime.combine(day, time(), _HELSINKI)
    ends = datetime.combine(day + timedelta(days=1), time(), _HELSINKI)
    return begins.timestamp(), ends.timestamp()


def _refuse(subject: str, action: str, resource: str, organisation: str) -> None:
    """Say what is wrong with a question about something unknown, if anything is.

    Raises:
        RequestError: a part that no request can have.
    """
    parts = (subject, action, resource, organisation)
    if all(isinstance(part, str) for part in parts):
        together = "\n".join(parts)
        if len(together) <= _SHORT and _PLAIN.fullmatch(together):
            return
    request = oikeus.Request(subject, action, resource, organisation)
    kind, _, _ = request.subject.partition(":")
    if kind not in {"person", "system"}:
        message = f"`{subject}` is of no known kind, expected person:ID or system:ID"
        raise oikeus.RequestError(message)


def _bits() -> dict[tuple[str, str], int]:
    """A bit for each action on a resource that a rule names."""
    rules = [line.values for line in policies().lines if line.ptype == "p"]
    if any(effect != "allow" for *_, effect in rules):
        message = "the limit is written for a policy without deny rules"
        raise ValueError(message)
    named = dict.fromkeys((action, resource) for _, resource, action, _ in rules)
    return {deed: 1 << number for number, deed in enumerate(named)}


def _nested(bits: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    deeds: dict[str, dict[str, int]] = {}
    for (action, resource), bit in bits.items():
        deeds.setdefault(action, {})[resource] = bit
    return deeds


def _ranges(world: World) -> dict[str, _Span]:
    """Number the organisations so that all below one follow it without a gap."""
    below: dict[str, list[str]] = {}
    for each in world.places:
        below.setdefault(each.parent, []).append(each.oid)
    numbers = [*range(len(world.places) + 1)]
    found: dict[str, _Span] = {}
    waiting = [(TOP, False)]
    begun = 0
    while waiting:
        place, done = waiting.pop()
        if done:
            low, _ = found[place]
            found[place] = low, numbers[begun - 1]
        else:
            found[place] = numbers[begun], 0
            begun += 1
            waiting.append((place, True))
            waiting.extend((each, False) for each in below.get(place, ()))
    return found


def _held(
    world: World, bits: dict[tuple[str, str], int], ranges: dict[str, _Span]
) -> dict[str, _Chain]:
    """What each subject holds: only what can ever decide something."""
    lines = policies().lines
    can: dict[str, int] = {}
    for line in lines:
        if line.ptype == "p":
            role, resource, action, _ = line.values
            can[role] = can.get(role, 0) | bits[action, resource]
    kinds = {line.values for line in lines if line.ptype == "g3"}
    levels = {line.values for line in lines if line.ptype == "g4"}
    level_of = {place.oid: f"level:{place.level}" for place in world.places}
    blocked = frozenset(world.blocked)
    spans: dict[oikeus.Span, _Span] = {}
    held: dict[str, _Chain] = {}
    for subject, role, organisation, days in world.grants:
        grant = held.setdefault(subject, None)
        kind, _, _ = subject.partition(":")
        counts = (role, kind) in kinds and (level_of[organisation], role) in levels
        if counts and role in can and subject not in blocked:
            if days not in spans:
                spans[days] = days.first.toordinal(), days.last.toordinal()
            held[subject] = (can[role], *ranges[organisation], *spans[days], grant)
    return held
