"""Role managers for Casbin that read facts: who holds what, and what leads where.

Stock ones remember every name that is ever asked about, scan all domains for a new
one and change while they are read. These remember nothing about a name that no line
has, so that questions leave no trace, and any number of threads may ask.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from casbin.rbac import RoleManager

from .facts import Facts
from .grants import Held, ordinal_of, role_of

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
        return self._facts.leads(self._ptype, name1, name2)


class GrantRoles(RoleManager):  # type: ignore[misc]
    """`g`: whether a subject holds a role in the domain asked.

    The subject's own grants are looked at, and the organisations above the one asked:
    how many others there are makes no difference.

    Only direct grants count: a link from role to role would pass on the power to
    grant as well (ruling F), so such a row is inert.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

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
        if name1 not in self._facts.grants:
            return False
        asked = domain[0].split("@")
        if len(asked) != ASKED_PARTS:
            return False
        organisation, day, role = asked
        domain_asked = AskedDomain(self._facts, organisation, ordinal_of(day))
        return any(
            role_of(grant[1]) == name2 and domain_asked.is_covered(grant, role)
            for grant in self._facts.held(name1)
        )


class AskedDomain:
    """The domain matching function, on an organisation and a day that are asked about.

    The tree is gone up once, however many grants are held against it.
    """

    def __init__(self, facts: Facts, organisation: str, day: int) -> None:
        self._facts = facts
        self._organisation = organisation
        self._day = day

    @cached_property
    def _is_above(self) -> Callable[[str], bool]:
        return self._facts.leading("g2", self._organisation)

    def is_covered(self, grant: Held, role: str) -> bool:
        """Whether a grant covers it, if this role can be held where it is given."""
        place, _, first, last, _ = grant
        return (
            first <= self._day <= last
            and self._is_above(place)
            and self._facts.leads("g4", place, role)
        )
