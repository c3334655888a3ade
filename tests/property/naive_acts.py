"""What acts come to under the naive rules: each says whether it is allowed.

If it is, it is done. Where the rules leave it open: an equal grant in force is renewed
and not doubled, overlapping ones are refused, and what files say is changed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from .naive_rules import (
    CREATES_CREDENTIALS,
    CREDENTIAL,
    LAST_DAY_OF_SYSTEMS,
    TABLE,
    Held,
    NaiveRules,
)


class NaiveAdministration(NaiveRules):
    """The naive rules in use."""

    def grant(  # noqa: PLR0913, PLR0917 # what a grant is made of
        self,
        who: str,
        to: str,
        role: str,
        place: str,
        today: date,
        first: date | None = None,
        last: date | None = None,
    ) -> bool:
        """An equal grant in force is renewed, and one that overlaps is refused."""
        days = role in TABLE and self.span(role, first, last, today)
        if not days or not self.may_grant(who, to, role, place, today):
            return False
        new = Held(to, role, place, *days)
        others = [held for held in self.rights(*new[:3]) if held.overlaps(new)]
        if new in others:
            return True
        if not others:
            self.grants.add(new)
            return True
        old = others[0]
        goes_on = old.first <= today == new.first and old.last < new.last
        if len(others) > 1 or not goes_on or old in self.written:
            return False
        self.grants = self.grants - {old} | {new}
        return True

    def renew(  # noqa: PLR0913, PLR0917 # what a renewal is made of
        self, who: str, to: str, role: str, place: str, today: date, last: date | None
    ) -> bool:
        """The grant in force, else the next to come, is given again from today."""
        if role not in TABLE or not self.may_grant(who, to, role, place, today):
            return False
        there = [held for held in self.rights(to, role, place) if held.last >= today]
        if not there:
            return False
        old, *rest = there
        days = self.span(role, max(old.first, today), last, today)
        if days is None:
            return False
        if days[1] == old.last:
            return True
        new = Held(to, role, place, *days)
        if old in self.written or any(new.overlaps(held) for held in rest):
            return False
        self.grants = self.grants - {old} | {new}
        return True

    def revoke(self, who: str, of: str, role: str, place: str, today: date) -> bool:
        """At once, and days to come as well; what has ended stays as it was (E, H)."""
        gone = {held for held in self.rights(of, role, place) if held.last >= today}
        if not gone or not self.may_revoke(who, of, role, place, today):
            return False
        self.grants -= gone
        return True

    def register(self, who: str, name: str, place: str, today: date) -> bool:
        """A new credential, under a name that nobody has (R7, J)."""
        subject = f"system:{name}"
        if (
            not self.allows(who, CREATES_CREDENTIALS, place, today)
            or not self.suits(subject, CREDENTIAL, place)
            or self.rights(subject)
        ):
            return False
        self.grants.add(Held(subject, CREDENTIAL, place, today, LAST_DAY_OF_SYSTEMS))
        return True

    def block(self, who: str, subject: str, today: date) -> bool:
        """It needs power over one of the subject's grants (N)."""
        rights = [held for held in self.rights(subject) if held.last >= today]
        if who == subject or not any(
            self.may_revoke(who, *held[:3], today) for held in rights
        ):
            return False
        self.blocked.add(subject)
        return True

    def unblock(self, who: str, subject: str, today: date) -> bool:
        """It gives all the grants back, so it needs power over each."""
        rights = [held for held in self.rights(subject) if held.last >= today]
        if (
            who == subject
            or not rights
            or not all(self.may_revoke(who, *held[:3], today) for held in rights)
        ):
            return False
        self.blocked.discard(subject)
        return True

    def take_over(self, rows: Sequence[Held]) -> bool:
        """Import a file, whole or not at all, with the credentials it brings (M)."""
        for number, row in enumerate(rows):
            others = [held for held in self.grants if held != row]
            clashes = any(row.overlaps(held) for held in (*others, *rows[:number]))
            if clashes or not self.may_be_imported(row):
                return False
        self.grants |= {*rows}
        systems = [row for row in rows if TABLE[row.role].holder == "system"]
        for row in sorted(systems, key=lambda row: len(self.over(row.place))):
            if not self._is_registered(row):
                days = (row.first, max(row.last, LAST_DAY_OF_SYSTEMS))
                self.grants.add(Held(row.subject, CREDENTIAL, row.place, *days))
        return True

    def _is_registered(self, row: Held) -> bool:
        return any(
            held.place in self.over(row.place)
            and held.first <= row.first
            and row.last <= held.last
            for held in self.rights(row.subject, CREDENTIAL)
        )

    def apply(self, written: Iterable[Held]) -> None:
        """Policy files say which grants are theirs."""
        self.grants = self.grants - self.written | {*written}
        self.written = frozenset(written)
