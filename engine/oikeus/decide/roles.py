"""Role managers for Casbin that read facts: who holds what, and what leads where.

Stock ones remember every name that is ever asked about, scan all domains for a new
one and change while they are read. These remember nothing about a name that no line
has, so that questions leave no trace, and any number of threads may ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casbin.rbac import RoleManager

from ..terms import Grant
from .facts import Facts

ASKED_PARTS = 3
"""How many parts a domain that is asked about has: ORGANISATION@DAY@ROLE."""


class LinkRoles(RoleManager):  # type: ignore[misc]
    """`g2`, `g3`, `g4`: whether a chain of links leads from one word to another."""

    def __init__(self, facts: Facts, ptype: str) -> None:
        self._facts = facts
        self._ptype = ptype

    def has_link(self, name1: str, name2: str, *domain: str) -> bool:
        """Follow the links; a cycle ends the search."""
        del domain  # these definitions have none
        return name2 in self._facts.reached(self._ptype, name1)


class GrantRoles(RoleManager):  # type: ignore[misc]
    """`g`: whether a subject holds a role in the domain asked.

    Only direct grants count: a link from role to role would pass on the power to
    grant as well (ruling F), so such a row is inert.
    """

    def __init__(self, facts: Facts) -> None:
        self._grants = facts.grants
        self._facts = facts
        # no more than there are grants: what nobody holds is not remembered
        self._index: dict[tuple[str, str], dict[str, list[Grant]]] = {}

    def has_link(self, name1: str, name2: str, *domain: str) -> bool:
        """Look at the subject's own grants, at the organisation asked and above it.

        Args:
            name1: the subject.
            name2: the role.
            domain: one, ORGANISATION@DAY@ROLE, the day as 2026-03-01. No grant
                matches another form, such as a role with `@` in its id makes.
        """
        if name1 == name2:
            return True
        asked = domain[0].split("@")
        if len(asked) != ASKED_PARTS:
            return False
        organisation, day, role = asked
        held = self._held(name1, name2)
        return bool(held) and any(
            self._counts(grant, day, role)
            for place in self._facts.reached("g2", organisation)
            for grant in held.get(place, ())
        )

    def _held(self, subject: str, role: str) -> Mapping[str, Sequence[Grant]]:
        """The grants of a role to a subject, by organisation; remembered, if any."""
        held = self._index.get((subject, role))
        if held is None:
            held = {}
            for grant in self._grants.get(subject, ()):
                if grant.role == role:
                    held.setdefault(grant.organisation, []).append(grant)
            if held:
                self._index[subject, role] = held
        return held

    def covers(self, grant: Grant, organisation: str, day: str, role: str) -> bool:
        """The domain matching function, on a domain that is already read."""
        above = self._facts.reached("g2", organisation)
        return self._counts(grant, day, role) and grant.organisation in above

    def _counts(self, grant: Grant, day: str, role: str) -> bool:
        """Whether the day lies in the span, and the role may be held there."""
        in_time = grant.span.first.isoformat() <= day <= grant.span.last.isoformat()
        return in_time and role in self._facts.reached("g4", grant.organisation)
