"""Casbin's questions about users and roles: the same answers, and no trace of them."""

from __future__ import annotations

from typing import Any

import casbin
import pytest
from casbin.rbac.default_role_manager import RoleManager

from oikeus import Enforcer

from .side_by_side import model

LINKS = [["a", "r"], ["b", "r"], ["r", "s"], ["c*", "t"], ["a", "s"]]


def enforcers(*, domains: bool = False) -> list[Any]:
    """Ours and Casbin's, with the same links."""
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        roles = "g = _, _, _" if domains else "g = _, _"
        enforcer = kind(model("g(r.sub, p.sub)", roles=roles))
        ends = ["x"] if domains else []
        enforcer.add_grouping_policies([[*link, *ends] for link in LINKS])
        enforcer.add_policies([["r", "1"], ["s", "2"], ["t", "3"]])
        found.append(enforcer)
    return found


@pytest.mark.parametrize("patterned", [False, True])
def test_roles_and_users_are_casbins(patterned: bool) -> None:  # noqa: FBT001 # both
    """Of a name, near and far."""
    for name in ("a", "b", "r", "c*", "cc", "z"):
        ours, stock = enforcers()
        for enforcer in (ours, stock):
            if patterned:
                enforcer.add_named_matching_func("g", casbin.util.key_match)
        for method in (
            "get_roles_for_user",
            "get_users_for_role",
            "get_implicit_roles_for_user",
            "get_implicit_permissions_for_user",
        ):
            found = sorted(getattr(ours, method)(name))
            assert found == sorted(getattr(stock, method)(name)), (method, name)
        assert ours.has_role_for_user(name, "r") == stock.has_role_for_user(name, "r")


@pytest.mark.parametrize("patterned", [False, True])
def test_roles_and_users_of_a_domain_are_casbins(patterned: bool) -> None:  # noqa: FBT001 # both
    """Of each domain by itself."""
    for name in ("a", "r", "cc", "z"):
        for domain in ("x", "y"):
            ours, stock = enforcers(domains=True)
            for enforcer in (ours, stock):
                if patterned:
                    enforcer.add_named_matching_func("g", casbin.util.key_match)
            for method in (
                "get_roles_for_user_in_domain",
                "get_users_for_role_in_domain",
                "get_implicit_roles_for_user",
            ):
                found = sorted(getattr(ours, method)(name, domain))
                assert found == sorted(getattr(stock, method)(name, domain))


def test_pattern_that_is_asked_about_gives_nobody_its_roles() -> None:
    """In stock Casbin it does from then on."""
    ours, stock = enforcers()
    for enforcer in (ours, stock):
        enforcer.add_grouping_policy("c", "s")
        enforcer.add_named_matching_func("g", lambda one, other: one[:1] == other[:1])
        assert enforcer.get_roles_for_user("cx")
        assert not enforcer.get_roles_for_user("zz")
    assert "cx" in stock.get_role_manager().all_roles
    assert "cx" not in ours.get_role_manager().all_roles


def test_manager_of_a_class_of_its_own_is_asked() -> None:
    """What it answers is its affair."""
    ours, _ = enforcers()

    class Generous(RoleManager):  # type: ignore[misc] # Casbin has no types
        def get_roles(self, name: str, *domain: str) -> list[str]:
            return [f"{name} of {domain}"]

    ours.set_role_manager(Generous())
    ours.build_role_links()
    assert ours.get_roles_for_user("a") == ["a of ()"]
