"""Role managers for Casbin that read facts: who holds what, and what leads where.

Stock ones remember every name that is ever asked about, scan all domains for a new
one and change while they are read. These hold nothing of their own, so that questions
leave no trace and any number of threads may ask.
"""

from __future__ import annotations

from casbin.rbac import RoleManager

from ..terms import Grant
from .facts import Facts, Links, reach

ASKED_PARTS = 3
"""How many parts a domain that is asked about has: ORGANISATION@DAY@ROLE."""


class LinkRoles(RoleManager):  # type: ignore[misc]
    """`g2`, `g3`, `g4`: whether a chain of links leads from one word to another."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def has_link(self, name1: str, name2: str, *domain: str) -> bool:
        """Follow the links, however long the chain is; a cycle ends the search."""
        del domain  # these definitions have none
        return name2 in reach(self._links, name1)


class GrantRoles(RoleManager):  # type: ignore[misc]
    """`g`: whether a subject holds a role in the domain asked.

    Only direct grants count: a link from role to role would pass on the power to
    grant as well (ruling F), so such a row is inert.
    """

    def __init__(self, facts: Facts) -> None:
        self._grants = facts.grants
        self._tree = LinkRoles(facts.links["g2"])
        self._levels = LinkRoles(facts.links["g4"])

    def has_link(self, name1: str, name2: str, *domain: str) -> bool:
        """Look at the subject's own grants, which are few.

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
        return any(
            grant.role == name2 and self.covers(grant, organisation, day, role)
            for grant in self._grants.get(name1, ())
        )

    def covers(self, grant: Grant, organisation: str, day: str, role: str) -> bool:
        """The domain matching function, on a domain that is already read."""
        return (
            grant.span.first.isoformat() <= day <= grant.span.last.isoformat()
            and self._tree.has_link(organisation, grant.organisation)
            and self._levels.has_link(grant.organisation, role)
        )
