"""Applications under the naive rules (R12): wished for, decided once, or lapsed.

Nobody decides their own; to approve is to grant on that day, to reject takes the power
that revoking takes, and nobody can wish for what none could grant as things are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from .naive_acts import NaiveAdministration
from .naive_rules import Held

OPEN_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Wish:
    """An application, and what became of it; it lapses after its last day."""

    subject: str
    role: str
    place: str
    until: date
    state: str = "requested"

    def state_on(self, day: date) -> str:
        """What it is on a day."""
        lapsed = self.state == "requested" and self.until < day
        return "lapsed" if lapsed else self.state


@dataclass
class NaiveRegistry(NaiveAdministration):
    """The naive rules, and what people have applied for, by the numbers of versions."""

    wishes: dict[int, Wish] = field(default_factory=dict)

    def request(
        self, subject: str, role: str, place: str, today: date, number: int
    ) -> bool:
        """What could be granted, is not held for as long, and not applied for yet."""
        wish = Wish(subject, role, place, today + OPEN_FOR - timedelta(days=1))
        is_open = any(
            (each.subject, each.role, each.place) == (subject, role, place)
            and each.state_on(today) == "requested"
            for each in self.wishes.values()
        )
        is_held = any(
            held[:2] == (subject, role)
            and held.first <= today <= held.last
            and held.last >= wish.until
            and held.place in self.over(place)
            and self.suits(subject, role, held.place)
            for held in self.grants
        )
        if (
            subject in self.blocked
            or is_open
            or is_held
            or not self.could_be_granted(subject, role, place, today)
        ):
            return False
        self.wishes[number] = wish
        return True

    def could_be_granted(self, to: str, role: str, place: str, today: date) -> bool:
        """Whether anybody, suitably placed, could give a role to this subject."""
        holders = [power.granter for power in self.powers if power.role == role]
        somebody = {
            (f"person:holder of {holder}", holder, up)
            for holder in holders
            for up in self.over(place)
        }
        grants = self.grants | {Held(*each, today, today) for each in somebody}
        imagined = replace(self, grants=grants)
        return any(
            imagined.may_grant(who, to, role, place, today) for who, _, _ in somebody
        )

    def may_decide(self, who: str, number: int, today: date) -> bool:
        """Whether somebody else's application is under this one's power."""
        wish = self.wishes[number]
        right = wish.subject, wish.role, wish.place
        return who != wish.subject and self.may_revoke(who, *right, today)

    def approve(
        self,
        who: str,
        number: int,
        today: date,
        first: date | None = None,
        last: date | None = None,
    ) -> bool:
        """A grant of that day."""
        wish = self.wishes[number]
        right = wish.subject, wish.role, wish.place
        if wish.state_on(today) != "requested" or not self.grant(
            who, *right, today, first, last
        ):
            return False
        self.wishes[number] = replace(wish, state="granted")
        return True

    def reject(self, who: str, number: int, today: date) -> bool:
        """On the same power, whatever bars granting it by now."""
        wish = self.wishes[number]
        is_open = wish.state_on(today) == "requested"
        if not is_open or not self.may_decide(who, number, today):
            return False
        self.wishes[number] = replace(wish, state="rejected")
        return True

    def withdraw(self, who: str, number: int, today: date) -> bool:
        """By the applicant alone, who is not blocked (N)."""
        wish = self.wishes[number]
        is_open = wish.state_on(today) == "requested"
        if not is_open or who != wish.subject or who in self.blocked:
            return False
        self.wishes[number] = replace(wish, state="withdrawn")
        return True
