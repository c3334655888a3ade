"""The rules of eHOKS once more, as tables and ifs: what R1 to R14 and A to N allow.

Written from what the rules say, and not from model.conf or the policy files. Slow, and
knows nothing of how the engine works; it only has to be obviously right. Roles, levels
and modes are bare words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

ROOT_LEVEL = ("root",)
UPPER = ("koulutustoimija", "oppilaitos")
ALL = (*UPPER, "toimipiste")
ENTERS = ("read", "create", "update", "share")
CREATES_CREDENTIALS = "create a credential"
CREDENTIAL = "tunnus"
LAST_DAY_OF_SYSTEMS = date(2099, 12, 31)


class Role(NamedTuple):
    """A row of the table of roles: its holder, its levels, who grants it, and its acts.

    And the transfer mode of its group, where it is in one (R1).
    """

    holder: str
    levels: tuple[str, ...]
    granted_by: str | None
    mode: str | None
    may: tuple[str, ...]


INTEGRATION, ENTRY = "integraatio", "syottoliittyma"
OPH, VASTUU = "opetushallitus", "vastuukayttaja"
HEAD, ENTRY_HEAD = "ehoks-paakayttaja", "tallentajan-paakayttaja"
TABLE: Mapping[str, Role] = {
    OPH: Role("person", ROOT_LEVEL, None, None, ()),
    VASTUU: Role("person", UPPER[:1], OPH, None, (CREATES_CREDENTIALS,)),
    HEAD: Role("person", ALL, VASTUU, INTEGRATION, ("read", "share")),
    "ehoks-kayttaja": Role("person", ALL, HEAD, INTEGRATION, ("read", "share")),
    "palvelukayttaja": Role("system", UPPER, VASTUU, INTEGRATION, ("transfer",)),
    ENTRY_HEAD: Role("person", UPPER, OPH, ENTRY, ENTERS),
    "tallentaja": Role("person", ALL, ENTRY_HEAD, ENTRY, ENTERS),
    # J: says that a system is registered, and where
    CREDENTIAL: Role("system", UPPER, None, None, ()),
}


class Power(NamedTuple):
    """Who may grant what, under which mode (none: any), and whether to passive ones."""

    granter: str
    role: str
    mode: str | None
    to_passive: bool


POWERS = frozenset(
    # I: what Opetushallitus grants, it grants at passive organisations too
    Power(row.granted_by, role, row.mode, row.granted_by == OPH)
    for role, row in TABLE.items()
    if row.granted_by
)


class Held(NamedTuple):
    """A grant; both days are inclusive (H)."""

    subject: str
    role: str
    place: str
    first: date
    last: date

    def overlaps(self, other: Held) -> bool:
        """Whether two grants of the same right have a day in common."""
        is_apart = self.last < other.first or other.last < self.first
        return self[:3] == other[:3] and not is_apart


def year_from(first: date) -> date:
    """The last day of a year: 2027-02-28 from 2026-03-01 (H)."""
    if (first.month, first.day) == (2, 29):
        return date(first.year + 1, 2, 28)
    return first.replace(year=first.year + 1) - timedelta(days=1)


@dataclass
class NaiveRules:
    """All that is in force, and what it allows.

    Attributes:
        parents: of each organisation below the root.
        levels: of each organisation; those with none are there as well.
        modes: what providers have declared.
        passive: which organisations the register says are closed, themselves.
        may: which role may do what; of the table unless told.
        powers: who may grant what; of the table unless told.
        longest: how many days a role lasts that does not last a year.
        written: the grants that stand in policy files.
        grants: all grants.
        blocked: who is denied everything.
    """

    parents: dict[str, str]
    levels: dict[str, tuple[str, ...]]
    modes: dict[str, str] = field(default_factory=dict)
    passive: set[str] = field(default_factory=set)
    may: set[tuple[str, str]] = field(
        default_factory=lambda: {
            (r, act) for r, row in TABLE.items() for act in row.may
        }
    )
    powers: frozenset[Power] = POWERS
    longest: dict[str, int] = field(default_factory=dict)
    written: frozenset[Held] = frozenset()
    grants: set[Held] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)

    def over(self, place: str) -> list[str]:
        """An organisation and all above it; nothing where it is unknown (I)."""
        found = [place] if place in self.levels else []
        while found and found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return found

    def suits(self, subject: str, role: str, place: str) -> bool:
        """Whether holder and level are the role's (A, K, R10)."""
        row = TABLE.get(role)
        is_for = row is not None and row.holder == subject.partition(":")[0]
        at = self.levels.get(place, ())
        return is_for and row is not None and any(level in row.levels for level in at)

    def has_mode(self, mode: str | None, place: str) -> bool:
        """Whether this mode, or any, is what the provider has declared (D)."""
        return mode is None or mode in [self.modes.get(up) for up in self.over(place)]

    def holds(self, subject: str, role: str, place: str, day: date) -> bool:
        """Whether a grant covers the place on the day, and counts (R4, R5, H, K)."""
        return any(
            held[:2] == (subject, role)
            and held.first <= day <= held.last
            and held.place in self.over(place)
            and self.suits(subject, role, held.place)
            for held in self.grants
        )

    def allows(self, subject: str, act: str, place: str, day: date) -> bool:
        """Whether a role that is held lets a subject do it (R3-R14, N)."""
        return subject not in self.blocked and any(
            act == may and self.holds(subject, role, place, day)
            for role, may in self.may
        )

    def may_grant(self, who: str, to: str, role: str, place: str, day: date) -> bool:
        """Whether somebody may give a role to another (R6-R14, A-E, I, J, N)."""
        is_closed = not self.passive.isdisjoint(self.over(place))
        is_registered = to.startswith("person:") or self.holds(
            to, CREDENTIAL, place, day
        )
        return (
            who != to
            and who not in self.blocked
            and self.suits(to, role, place)
            and is_registered
            and any(
                power.role == role
                and self.has_mode(power.mode, place)
                and (power.to_passive or not is_closed)
                and self.holds(who, power.granter, place, day)
                for power in self.powers
            )
        )

    def may_revoke(self, who: str, of: str, role: str, place: str, day: date) -> bool:
        """Whether somebody may take a role away, or give it up (E, N)."""
        return who not in self.blocked and (
            who == of
            or any(
                power.role == role and self.holds(who, power.granter, place, day)
                for power in self.powers
            )
        )

    def span(
        self, role: str, first: date | None, last: date | None, today: date
    ) -> tuple[date, date] | None:
        """The days of a grant that is given today, if they may be so (H)."""
        begins = first or today
        cap = year_from(begins)
        if TABLE[role].holder == "system":
            cap = LAST_DAY_OF_SYSTEMS
        elif role in self.longest:
            cap = begins + timedelta(days=self.longest[role] - 1)
        ends = last or cap
        return (begins, ends) if today <= begins <= ends <= cap else None

    def rights(self, *right: str) -> list[Held]:
        """All grants of one subject, or of one right, whatever their days."""
        return sorted(held for held in self.grants if held[: len(right)] == right)

    def may_be_imported(self, row: Held) -> bool:
        """Kind, level and mode bind; who may grant, and passive ones, do not (B, M)."""
        modes = [power.mode for power in self.powers if power.role == row.role]
        return self.suits(*row[:3]) and (
            row.role == CREDENTIAL
            or any(self.has_mode(mode, row.place) for mode in modes)
        )
