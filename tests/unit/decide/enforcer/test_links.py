"""A link is there if, and only if, a rule gives it."""

from __future__ import annotations

from functools import partial
from typing import Any

import casbin
import pytest

from .side_by_side import both, is_compiled, outcome


def linked(roles: str, *links: list[str]) -> Any:  # noqa: ANN401 # an enforcer
    """An enforcer that allows whoever has a role."""
    width = roles.count("_")
    domain = ", r.obj" if width > 2 else ""
    ours, _ = both(
        [["r", "x"]], matcher=f"g(r.sub, p.sub{domain})", roles=f"g = {roles}"
    )
    for link in links:
        ours.add_grouping_policy(link)
    return ours


@pytest.mark.parametrize("roles", ["_, _", "_, _, _"])
def test_removed_link_is_gone_however_often_it_was_added(roles: str) -> None:
    """Casbin counts what it was asked, and keeps it."""
    link = ["a", "r", "x"][: roles.count("_")]
    ours = linked(roles, link, link)
    ours.add_grouping_policies([link, ["b", *link[1:]]])
    assert not ours.enforce("b", "x"), "nothing was added"
    ours.add_named_grouping_policies_ex("g", [link, ["c", *link[1:]], ["c", *link[1:]]])
    assert ours.enforce("c", "x")
    assert ours.remove_grouping_policy(*link)
    assert not ours.remove_grouping_policy(link)
    assert ours.remove_grouping_policies([["c", *link[1:]]])
    assert not ours.enforce("a", "x")
    assert not ours.enforce("c", "x")
    ours.add_named_matching_func("g", casbin.util.key_match)
    assert not ours.enforce("a", "x")


def test_link_that_another_rule_gives_stays() -> None:
    """Longer rules, patterns, and lines that were loaded twice."""
    ours = linked("_, _", ["a", "r", "1"], ["a", "r", "2"])
    ours.remove_grouping_policy("a", "r", "1")
    assert ours.enforce("a", "x")
    ours = linked("_, _")
    ours.get_grouping_policy().extend([["a", "r"], ["a", "r"]])
    ours.build_role_links()
    ours.remove_grouping_policy("a", "r")
    assert ours.enforce("a", "x")
    ours = linked("_, _, _", ["a", "r", "x"], ["a", "r", "*"])
    ours.add_named_domain_matching_func("g", casbin.util.key_match)
    assert ours.enforce("a", "x")
    ours.remove_grouping_policy("a", "r", "x")
    assert ours.enforce("a", "x")
    ours.remove_filtered_grouping_policy(2, "*")
    assert not ours.enforce("a", "x")
    ours = linked("_, _", ["a*", "r"], ["ab", "r"])
    ours.add_named_matching_func("g", casbin.util.key_match)
    ours.remove_grouping_policy("a*", "r")
    assert ours.enforce("ab", "x")
    assert not ours.enforce("ac", "x")


def test_link_that_the_manager_does_not_have_is_its_affair() -> None:
    """What was linked by hand, or not at all, is answered as Casbin does."""
    ours = linked("_, _, _")
    ours.enable_auto_build_role_links(False)  # noqa: FBT003 # Casbin's
    ours.add_grouping_policy("a", "r", "x")
    ours.enable_auto_build_role_links(True)  # noqa: FBT003 # Casbin's
    with pytest.raises(RuntimeError, match="link between a and r does not exist"):
        ours.remove_grouping_policy("a", "r", "x")
    ours = linked("_, _, _", ["a", "r", "x"])
    assert ours.enforce("a", "x")
    ours.rm_map["g"].rm_map["x"].clear()
    ours.remove_grouping_policy("a", "r", "x")
    assert not ours.enforce("a", "x")


def test_cleared_policy_leaves_no_link() -> None:
    """Unless links are made by hand."""
    for roles in ("_, _", "_, _, _", "_, _, (_, _)"):
        ours = linked("_, _", ["a", "r"]) if "(" not in roles else linked(roles)
        ours.clear_policy()
        ours.add_policy("r", "x")
        assert not ours.enforce("a", "x")
    ours = linked("_, _", ["a", "r"])
    ours.enable_auto_build_role_links(False)  # noqa: FBT003 # Casbin's
    ours.clear_policy()
    ours.add_policy("r", "x")
    assert ours.enforce("a", "x")


@pytest.mark.parametrize("roles", ["_, _", "_, _, _"])
@pytest.mark.parametrize("more", ["", " && f(1)"])
def test_questions_leave_no_trace(roles: str, more: str) -> None:
    """A pattern that was asked about would give its roles to others afterwards."""
    ours = linked(roles, ["a*", "r", "x"][: roles.count("_")])
    ours.model["m"]["m"].value += more
    ours.add_named_matching_func("g", casbin.util.key_match)
    for name in ("a", "z", 5, True, "abc"):
        for domain in ("x", "none"):
            outcome(partial(ours.enforce, name, domain))
    manager = ours.rm_map["g"]
    kept = getattr(manager, "rm_map", {"": manager})
    names = {name for inner in kept.values() for name in inner.all_roles}
    assert names <= {"a*", "r"}


def test_question_about_an_unknown_domain_is_forgotten() -> None:
    """Casbin would keep a manager for each, for ever."""
    ours = linked("_, _, _", ["a", "r", "x"])
    for number in range(10):
        assert not ours.enforce("a", f"y{number}")
        assert ours.get_roles_for_user_in_domain("a", f"y{number}") == []
    assert [*ours.rm_map["g"].rm_map] == []
    assert ours.get_roles_for_user_in_domain("a", "x") == ["r"]
    assert [*ours.rm_map["g"].rm_map] == ["x"]
    ours.model["m"]["m"].value += " && r_obj.startswith('y')"
    assert not is_compiled(ours)
    assert not ours.enforce("a", "y")
    assert [*ours.rm_map["g"].rm_map] == ["x"]


def test_links_follow_rules_where_only_some_were_changed() -> None:
    """Casbin stops at the first rule that is not there, and forgets what it did."""
    ours = linked("_, _", ["a", "r"], ["b", "r"])
    assert not ours.remove_grouping_policies([["a", "r"], ["z", "r"]])
    assert ours.get_grouping_policy() == [["b", "r"]]
    assert not ours.enforce("a", "x")
    assert ours.enforce("b", "x")


def test_failed_load_of_some_rules_leaves_no_link() -> None:
    """Casbin has removed the rules by then."""
    for automatic in (True, False):
        ours = linked("_, _", ["a", "r"])
        ours.enable_auto_build_role_links(automatic)
        with pytest.raises(ValueError, match="filtered policies are not supported"):
            ours.load_filtered_policy(None)
        ours.add_policy("r", "x")
        assert ours.enforce("a", "x") is not automatic


def test_links_are_casbins_where_it_is_told_not_to_build_them() -> None:
    """Whoever builds them himself also removes them himself."""
    ours = linked("_, _", ["a", "r"])
    ours.enable_auto_build_role_links(False)  # noqa: FBT003 # Casbin's
    assert ours.add_grouping_policies([["b", "r"]])
    assert ours.remove_filtered_grouping_policy(0, "a") == [["a", "r"]]
    assert ours.enforce("a", "x")
    ours.build_role_links()
    assert not ours.enforce("a", "x")
    assert ours.enforce("b", "x")


def test_role_that_was_asked_about_has_no_users_afterwards() -> None:
    """A name that a pattern matches gets its users, for as long as it is asked."""
    ours = linked("_, _", ["a", "r*"])
    ours.add_named_matching_func("g", casbin.util.key_match)
    assert ours.enforce("a", "x")
    assert ours.get_users_for_role("r9") == ["a"]
    assert ours.get_roles_for_user("a") == ["r*"]


def test_rule_of_another_type_gives_the_link_too() -> None:
    """A list and a tuple are two rules; the link ends with the last of them."""
    for roles, rule in (("_, _", ["a", "r"]), ("_, _, _", ["a", "r", "x"])):
        enforcer = linked(roles, rule)
        assert enforcer.enforce("a", "x")
        enforcer.add_named_grouping_policies_ex("g", [tuple(rule)])
        enforcer.remove_grouping_policy(rule)
        assert enforcer.enforce("a", "x")
        assert enforcer.remove_named_grouping_policies("g", [tuple(rule)])
        assert not enforcer.enforce("a", "x")
