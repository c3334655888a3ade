"""The rules once more, as simply as they can be said: docs/rules.md, not model.conf.

Slow, and knows nothing of how the engine works; it only has to be obviously right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from oikeus.terms import Line

_DOMAIN = re.compile(r"([^@:]+)@(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
_WIDTHS = {"p": 4, "p2": 4, "g": 3, "g2": 2, "g3": 2, "g4": 2}


class Naive:
    """Answers by going through all lines each time."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.said: dict[str, list[tuple[str, ...]]] = {ptype: [] for ptype in _WIDTHS}
        for line in lines:
            if _WIDTHS.get(line.ptype) == len(line.values):
                self.said[line.ptype].append(line.values)

    def over(self, place: str) -> set[str]:
        """An organisation, all above it, and what they hand down (R4, R5, D, I)."""
        found = {place}
        while more := {up for at, up in self.said["g2"] if at in found} - found:
            found |= more
        return found

    def can_be_held(self, role: str, place: str) -> bool:
        """Whether an organisation has a level that the role has (A)."""
        levels = {level for at, level in self.said["g4"] if at == place}
        return any((level, role) in self.said["g4"] for level in levels)

    def is_for(self, role: str, subject: str) -> bool:
        """Whether a role is for this kind of holder (R10, K)."""
        return (role, subject.split(":", maxsplit=1)[0]) in self.said["g3"]

    def holds(self, subject: str, role: str, place: str, day: date) -> bool:
        """Whether a grant covers the place on the day, and counts (K)."""
        return self.is_for(role, subject) and self.has(subject, role, place, day)

    def has(self, subject: str, role: str, place: str, day: date) -> bool:
        """Whether a grant covers the place on the day (R4, R5, H)."""
        for who, what, domain in self.said["g"]:
            read = _DOMAIN.fullmatch(domain)
            if (who, what) == (subject, role) and read and _is_day(read[2], read[3]):
                days = read[2] <= day.isoformat() <= read[3]
                at, below = read[1], read[1] in self.over(place)
                if days and below and self.can_be_held(role, at):
                    return True
        return False

    def is_blocked(self, subject: str) -> bool:
        """Whether a subject is denied everything (N)."""
        return (subject, "blocked") in self.said["g3"]

    def allows(self, who: str, act: str, obj: str, place: str, day: date) -> bool:
        """Whether a role that is held permits it, and none that is held denies it."""
        effects = {
            effect
            for role, on, may, effect in self.said["p"]
            if (on, may) == (obj, act) and self.holds(who, role, place, day)
        }
        return "allow" in effects and "deny" not in effects and not self.is_blocked(who)

    def may_grant(self, who: str, to: str, role: str, place: str, day: date) -> bool:
        """Whether somebody may give a role to another (R6-R14, A-E, I, J)."""
        over = self.over(place)
        return (
            who != to
            and not self.is_blocked(who)
            and self.is_for(role, to)
            and self.can_be_held(role, place)
            and (to.startswith("person:") or self.holds(to, "role:tunnus", place, day))
            and any(
                given == role
                and (mode == "*" or mode in over)
                and (status == "*" or (status == "active" and _ACTIVE - over))
                and self.holds(who, power, place, day)
                for power, given, mode, status in self.said["p2"]
            )
        )

    def may_revoke(self, who: str, to: str, role: str, place: str, day: date) -> bool:
        """Whether somebody may take a role from another, or give up their own (E)."""
        return not self.is_blocked(who) and (
            (who == to and bool(self.said["p2"]))
            or any(
                given == role and self.holds(who, power, place, day)
                for power, given, _, _ in self.said["p2"]
            )
        )


_ACTIVE = {"status:passive"}


def _is_day(*texts: str) -> bool:
    try:
        return all(map(date.fromisoformat, texts))
    except ValueError:
        return False
