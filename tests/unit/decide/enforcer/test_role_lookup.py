"""Rules that are found by the roles of the subject."""

from __future__ import annotations

from itertools import product

import casbin
import pytest
from casbin.effect import get_effector

from .side_by_side import both, same


@pytest.mark.parametrize("domain", ["", "r.obj"])
def test_roles_find_the_rules_where_many_are_left(domain: str) -> None:
    """In the order of the rules, whatever the order of the roles."""
    asked = f"g(r.sub, p.sub{', ' * bool(domain)}{domain})"
    for matcher in (asked, f"{asked} && r.obj == p.obj"):
        rules = [[f"r{n % 7}", "x"] for n in range(40)] + [["a", "x"]]
        ours, stock = both(
            rules, matcher=matcher, roles=f"g = _, _{', _' * bool(domain)}"
        )
        links = [["a", "r6"], ["a", "r2"], ["r2", "r4"], ["r4", "a"], ["b", "none"]]
        ends = ["x"] * bool(domain)
        for enforcer in (ours, stock):
            enforcer.add_grouping_policies([[*link, *ends] for link in links])
            enforcer.model["e"]["e"].value = ""
            enforcer.set_effector(get_effector("!some(where (p_eft == deny))"))
        for _ in range(2):
            same(
                ours, stock, ("a", "x"), ("b", "x"), ("r4", "x"), ("z", "x"), ("a", "y")
            )
        for enforcer in (ours, stock):
            enforcer.add_grouping_policies([["a", f"s{n}", *ends] for n in range(50)])
        same(ours, stock, ("a", "x"))
        for enforcer in (ours, stock):
            enforcer.add_named_matching_func("g", casbin.util.key_match)
        same(ours, stock, ("a", "x"), ("b", "x"))


def test_limit_of_a_chain_is_casbins() -> None:
    """Casbin's limit counts the start; at nothing there is no link at all."""
    rules = [[f"r{n}", "x"] for n in range(30)]
    for level, count in product((0, 1, 2, 5, 10), (30, 3)):
        ours, stock = both(rules[:count], matcher="g(r.sub, p.sub)", roles="g = _, _")
        for enforcer in (ours, stock):
            enforcer.rm_map["g"].max_hierarchy_level = level
            enforcer.add_grouping_policies([[f"r{n}", f"r{n + 1}"] for n in range(30)])
            enforcer.set_effector(get_effector("!some(where (p_eft == deny))"))
        same(ours, stock, *[(f"r{n}", "x") for n in range(0, 30, 3)])


def test_definition_without_a_manager_compares_names() -> None:
    """With many rules and with few."""
    for count in (3, 40):
        rules = [[f"r{n}", "x"] for n in range(count)]
        ours, stock = both(rules, matcher="g(r.sub, p.sub)", roles="g = _, _")
        for enforcer in (ours, stock):
            enforcer.add_grouping_policy("a", "r1")
            enforcer.model["g"]["g"].rm = None
        same(ours, stock, ("a", "x"), ("r1", "x"), ("z", "x"))


def test_roles_of_one_domain_find_no_rules_of_another() -> None:
    """Also where both domains were asked about before."""
    rules = [[f"r{n % 7}", "x"] for n in range(40)]
    ours, stock = both(rules, matcher="g(r.sub, p.sub, r.obj)", roles="g = _, _, _")
    for enforcer in (ours, stock):
        enforcer.add_grouping_policies([["a", "r1", "x"], ["a", "r2", "y"]])
        enforcer.set_effector(get_effector("!some(where (p_eft == deny))"))
    same(ours, stock, ("a", "x"), ("a", "y"), ("a", "z"))
    found = same(ours, stock, ("a", "x"), ("a", "y"), ("a", "z"))
    assert [rule for _, rule in found] == [["r1", "x"], ["r2", "x"], []]
