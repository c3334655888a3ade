"""Roles in domains that match by a function, found from the links of who has them.

Casbin merges the links of all domains that match the one asked about, and keeps what it
made of them. Here the function is asked about the domains of those links that a
question comes to, and nothing is kept: an answer never rests on what the function said
before, or on a domain that no link names.
"""

from __future__ import annotations

from collections.abc import Iterable

from casbin.rbac.default_role_manager.role_manager import (
    DomainManager,
    match_error_handler,
)

from ..matcher.meaning import PLAIN
from .lists.links import Links, links_of


class Domain:
    """A domain, as long as one question about it takes.

    Attributes:
        longest: how many links a chain may have.
    """

    __slots__ = ("_covered", "_links", "_match", "_name", "longest")

    def __init__(self, manager: DomainManager, links: Links, name: str) -> None:
        self.longest: int = manager.max_hierarchy_level - 1  # which counts the start
        self._links = links
        self._match = manager.domain_matching_func
        self._name = name
        self._covered = {name: True}  # Casbin does not ask whether it matches itself

    def covers(self, domain: str) -> bool:
        """Whether links of a domain count in this one."""
        found = self._covered.get(domain)
        if found is None:
            found = bool(match_error_handler(self._match, self._name, domain))
            self._covered[domain] = found
        return found

    def roles(self, names: Iterable[object]) -> dict[str, None]:
        """The roles that one link leads to from any of these names."""
        return {
            held.role: None
            for name in names
            for held in self._links.held(name)
            if self.covers(held.domain)
        }

    def users(self, role: str) -> list[str]:
        """Who has a role by a link of its own."""
        found = {
            link.user: None
            for domain, links in self._links.items()
            for link in links
            if link.role == role and self.covers(domain)
        }
        return [*found]

    def reached(self, name: str) -> set[str]:
        """All that a name has a link to, with itself."""
        if self.longest < 0:
            return set()
        found = {name}
        front = {name: None}
        for _ in range(self.longest):
            front = {role: None for role in self.roles(front) if role not in found}
            if not front:
                break
            found.update(front)
        return found

    def links(self, name: object, role: object) -> bool:
        """Whether a chain of links leads from a name to a role, as to itself."""
        if self.longest < 0 or name == role:
            return self.longest >= 0
        seen = {name}
        front: Iterable[object] = (name,)
        for left in range(self.longest, 0, -1):
            if self._gives(front, role):
                return True
            further = self.roles(front) if left > 1 else {}
            front = [each for each in further if each not in seen]
            if not front:
                break
            seen.update(front)
        return False

    def _gives(self, names: Iterable[object], role: object) -> bool:
        """Whether any of these names has a role by a link of its own."""
        for name in names:
            for held in self._links.held(name):
                if held.role == role and self.covers(held.domain):
                    return True
        return False


def matched(manager: DomainManager, domain: object, *names: object) -> Domain | None:
    """A domain in which links are looked up, where Casbin merges domains that match.

    None where there is no function for that, or names or links are of such values that
    only Casbin's own way of merging says what they mean.
    """
    if manager.domain_matching_func is None or type(domain) is not str:
        return None
    for name in names:
        if type(name) not in PLAIN:
            return None
    links = links_of(manager)
    return None if links is None or links.odd else Domain(manager, links, domain)
