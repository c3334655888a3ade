"""Casbin's questions about users and roles, without a trace of having been asked.

Casbin's role managers remember every name that they are asked about. With a matching
function such a name can change later answers, so here it is forgotten again.
"""

from __future__ import annotations

from typing import Any

import casbin
from casbin.rbac.default_role_manager.role_manager import RoleManager

from .asking import neighbours


class Untraced(casbin.Enforcer):  # type: ignore[misc] # Casbin has no types
    """What an enforcer is asked about users and roles."""

    def get_roles_for_user(self, name: str) -> list[str]:
        """The roles that a user has by a rule of its own."""
        manager = self.model.model["g"]["g"].rm
        if (
            type(manager) is RoleManager
            and manager.matching_func is None
            and type(name) is str
        ):
            # as `neighbours` does; that call takes as long as all of this
            role = manager.all_roles.get(name)
            return [] if role is None else [each.name for each in role.roles]
        return neighbours(manager, "roles", name)

    def get_users_for_role(self, name: str) -> list[str]:
        """Who has a role by a rule of its own."""
        return neighbours(self._manager(), "users", name)

    def get_roles_for_user_in_domain(self, name: str, domain: str) -> list[str]:
        """The roles that a user has in a domain by a rule of its own."""
        return neighbours(self._manager(), "roles", name, domain)

    def get_users_for_role_in_domain(self, name: str, domain: str) -> list[str]:
        """Who has a role in a domain by a rule of its own."""
        return neighbours(self._manager(), "users", name, domain)

    def get_implicit_roles_for_user(self, name: str, domain: str = "") -> list[str]:
        """The roles that a user has, also through other roles, nearest first."""
        found: dict[str, None] = {}
        asked = [name]
        for each in asked:
            for manager in self.rm_map.values():
                for role in neighbours(manager, "roles", each, domain):
                    if role not in found:
                        found[role] = None
                        asked.append(role)
        return [*found]

    def _manager(self) -> Any:  # noqa: ANN401 # Casbin's managers have no types
        return self.model.model["g"]["g"].rm
