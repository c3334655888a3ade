"""Domains that match by a function: asked of the subject's own links, and forgotten."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import copy, deepcopy
from functools import partial
from typing import Any

import casbin
import pytest

from .side_by_side import both, outcome, same

Match = Callable[[Any, Any], Any]
LINKS = [
    *(["a", "r", "*"], ["b", "s", "x1"], ["s", "t", "x*"], ["t", "r", "x*"]),
    *(["c", "r", "y"], ["s", "b", "x*"], ["d", "d", "x1"]),
]
QUESTIONS = [
    (name, domain)
    for name in ("a", "b", "c", "d", "s", "t", "r", "z", "", 5, True)
    for domain in ("x1", "x2", "x*", "y", "*", "none", "", 5)
]


def asked_alike(asked: str, held: str) -> bool:
    """By which no domain matches itself."""
    return asked != held and asked[:1] == held[:1]


def raising(asked: str, held: str) -> str:
    """Raises, or gives what is neither true nor false."""
    return asked[len(held)] and held


def linked(match: Match | None = None, level: int = 10) -> tuple[Any, Any]:
    """Our enforcer and Casbin's, which allow whoever has the role `r`."""
    found = both(
        [["r", name] for name in ("x1", "x2", "x*", "y", "*", "none", "", "5")],
        matcher="g(r.sub, p.sub, r.obj) && r.obj == p.obj",
        roles="g = _, _, _",
    )
    for enforcer in found:
        enforcer.add_grouping_policies(LINKS)
        enforcer.rm_map["g"].max_hierarchy_level = level
        enforcer.add_named_domain_matching_func("g", match or casbin.util.key_match)
    return found


def forget(manager: Any) -> None:  # noqa: ANN401 # Casbin's managers have no types
    """Let a manager be as if it had never been asked."""
    manager.rm_map.clear()


def alike(ours: Any, stock: Any, *more: tuple[Any, Any]) -> None:  # noqa: ANN401 # either
    """Compare all answers with those of a stock enforcer that was not asked before."""
    manager = stock.rm_map["g"]
    for question in (*QUESTIONS, *more):
        forget(manager)
        same(ours, stock, question)
    for name, domain in QUESTIONS:
        for method in (
            "get_roles_for_user_in_domain",
            "get_users_for_role_in_domain",
            "get_implicit_roles_for_user",
        ):
            forget(manager)
            found = [
                outcome(partial(_sorted, getattr(enforcer, method), name, domain))
                for enforcer in (ours, stock)
            ]
            assert found[0] == found[1], (method, name, domain)


def _sorted(ask: Callable[..., list[Any]], name: object, domain: object) -> list[Any]:
    return sorted(ask(name, domain), key=str)


@pytest.mark.parametrize("match", [casbin.util.key_match, asked_alike, raising])
@pytest.mark.parametrize("level", [0, 1, 2, 3, 4, 10])
def test_answers_are_casbins(match: Match, level: int) -> None:
    """Near and far, in domains known and unknown, and after each change."""
    ours, stock = linked(match, level)
    alike(ours, stock)
    for enforcer in (ours, stock):
        enforcer.add_grouping_policies([["z", "s", "x1"], ["z", "r", "none"]])
    alike(ours, stock)
    for enforcer in (ours, stock):
        enforcer.remove_grouping_policy("t", "r", "x*")
        enforcer.remove_grouping_policy("a", "r", "*")
    alike(ours, stock)
    for enforcer in (ours, stock):
        enforcer.add_grouping_policy("a", "r", "*")
        enforcer.build_role_links()
    alike(ours, stock)
    for enforcer in (ours, stock):
        enforcer.add_named_domain_matching_func("g", None)
    alike(ours, stock)


@pytest.mark.parametrize("domain", ["", ", r.obj"])
def test_roles_find_the_rules_where_many_are_left(domain: str) -> None:
    """Those of all domains that match."""
    rules = [[f"r{n % 7}", "x1"] for n in range(40)]
    ours, stock = both(rules, matcher=f"g(r.sub, p.sub{domain})", roles="g = _, _, _")
    for enforcer in (ours, stock):
        enforcer.add_grouping_policies([["a", "r6", "*"], ["r6", "r1", "x1"]])
        enforcer.add_grouping_policies([["b", "r3", ""], ["r3", "b", ""]])
        enforcer.add_named_domain_matching_func("g", casbin.util.key_match)
    for level in (10, 2, 1, 0):
        for enforcer in (ours, stock):
            enforcer.rm_map["g"].max_hierarchy_level = level
            enforcer.rm_map["g"].rm_map.clear()
        same(ours, stock, ("a", "x1"), ("a", "z"), ("b", "x1"), ("r1", "x"), ("z", ""))


def test_function_is_called_for_the_links_of_the_subject_alone() -> None:
    """And onward for those of the roles found; for the domain itself it is not."""
    called: list[tuple[str, str]] = []

    def match(asked: str, held: str) -> bool:
        called.append((asked, held))
        return casbin.util.key_match(asked, held)  # type: ignore[no-any-return] # untyped

    ours, _ = linked(match)
    ours.add_grouping_policies([[f"u{n}", "r", f"d{n}"] for n in range(500)])
    ours.add_policy("r", "d7")
    for name, domain, allowed, expected in (
        ("z", "x1", False, set()),
        ("u7", "d7", True, set()),
        ("u7", "none", False, {"d7"}),
        ("a", "none", True, {"*"}),
        ("b", "x1", True, {"x*"}),
        ("b", "none", False, {"x1"}),
    ):
        called.clear()
        assert ours.enforce(name, domain) is allowed
        assert called == [(domain, held) for held in expected], name
    called.clear()
    assert ours.get_users_for_role_in_domain("s", "x2") == []
    assert called == [("x2", "x1")]


def test_function_is_asked_again_each_time() -> None:
    """What it rests on may have changed."""
    covered: set[str] = set()
    ours, _ = linked(lambda _, held: held in covered)
    assert not ours.enforce("a", "none")
    covered.add("*")
    assert ours.enforce("a", "none")
    covered.clear()
    assert not ours.enforce("a", "none")


def test_questions_about_unknown_domains_leave_nothing() -> None:
    """However many, by known and unknown names."""
    ours, _ = linked()

    def ask(count: int) -> None:
        for number in range(count):
            for name in ("a", "b", "c", f"n{number}"):
                ours.enforce(name, f"unknown{number}")
            ours.enforce(number, f"unknown{number}")
            ours.get_roles_for_user_in_domain("a", f"unknown{number}")
            ours.get_users_for_role_in_domain("r", f"unknown{number}")
            ours.get_implicit_roles_for_user(f"n{number}", f"unknown{number}")

    ask(20)
    before = sys.getallocatedblocks()
    ask(500)
    assert sys.getallocatedblocks() - before < 100
    assert ours.rm_map["g"].rm_map == {}


def test_several_definitions_have_functions_of_their_own() -> None:
    """Each is asked by its own."""
    ours, stock = both(
        [["r", "x"]],
        matcher="g(r.sub, p.sub, r.obj) && g2(r.sub, p.sub, r.obj)",
        roles="g = _, _, _\ng2 = _, _, _",
    )
    for enforcer in (ours, stock):
        enforcer.add_grouping_policies([["a", "r", "x*"], ["b", "r", "x*"]])
        enforcer.add_named_grouping_policies("g2", [["a", "r", "y"], ["b", "r", "x*"]])
        enforcer.add_named_domain_matching_func("g", casbin.util.key_match)
        enforcer.add_named_domain_matching_func("g2", asked_alike)
    found = same(ours, stock, ("a", "x1"), ("a", "yy"), ("b", "x1"), ("b", "x*"))
    assert [allowed for allowed, _ in found] == [False, False, True, True]


def test_links_edited_from_outside_count_at_once() -> None:
    """By the manager's methods, or in its own dictionary and lists."""
    changes: list[Callable[[Any], object]] = [
        lambda g: g.add_link("z", "r", "*"),
        lambda g: g.add_link("z", "r", "*"),
        lambda g: g.delete_link("z", "r", "*"),
        lambda g: g.add_link("z", "s", "new"),
        lambda g: g.all_links["*"].insert(0, g.all_links["*"][0]._replace(user="c")),
        lambda g: (g.all_links["x*"].reverse(), g.delete_link("s", "t", "x*")),
        lambda g: g.all_links["*"].pop(),
        lambda g: g.all_links["x*"].reverse(),
        lambda g: g.all_links.update(none=[*g.all_links["*"]]),
        lambda g: g.all_links.__setitem__("*", [*g.all_links["x*"]]),
        lambda g: g.all_links["x*"].append(("z", "t")),  # no link of Casbin's
        lambda g: g.all_links["x*"].remove(("z", "t")),
        lambda g: g.all_links.pop("x*"),
        lambda g: setattr(g, "all_links", {"x": [*g.all_links["*"]]}),
        lambda g: g.clear(),
        lambda g: g.add_link("a", "r"),
    ]
    ours, stock = linked()
    alike(ours, stock)
    for change in changes:
        for enforcer in (ours, stock):
            change(enforcer.rm_map["g"])
        alike(ours, stock)


def test_lists_that_were_exchanged_change_nothing() -> None:
    """A link in a list that is no longer the domain's gives nothing."""
    ours, _ = linked()
    assert not ours.enforce("z", "none")
    links = ours.rm_map["g"].all_links
    old = links["*"]
    links["*"] = [*old]
    assert ours.enforce("a", "none")
    old.append(old[0]._replace(user="z"))
    assert not ours.enforce("z", "none")
    links["x*"] = links["*"]
    assert ours.enforce("a", "x*")
    assert not ours.enforce("b", "x1"), "what it had is gone"
    with pytest.raises(ValueError, match="is not in list"):
        links["*"].remove(("z", "r"))


def test_values_that_are_no_text_are_merged_as_casbin_does() -> None:
    """Names and domains of any values, in questions and in links."""

    class Everybody:
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

    for link in (None, ["z", "r", 5], ["z", 5, "*"], [5, "r", "*"], [[], "r", "*"]):
        ours, stock = linked()
        for enforcer in (ours, stock):
            assert not enforcer.enforce("z", "none")
            if link:
                enforcer.model["g"]["g"].policy.append(link)
                enforcer.build_role_links()
        alike(ours, stock, (Everybody(), "x1"), (["a"], "x1"), (2.0, "x1"))
    ours, stock = linked()
    for enforcer in (ours, stock):
        enforcer.rm_map["g"].all_links["x*"] = ()
    same(ours, stock, ("b", "x2"), ("a", "x2"))
    for enforcer in (ours, stock):
        enforcer.rm_map["g"].all_links = type("Own", (dict,), {})()
    same(ours, stock, ("b", "none"), ("r", "none"))


def test_names_that_match_too_are_merged_as_casbin_does() -> None:
    """And what was merged is made again when a link was added or removed."""
    ours, stock = linked(asked_alike)
    for enforcer in (ours, stock):
        enforcer.add_named_matching_func("g", casbin.util.key_match)
        enforcer.add_grouping_policy("e*", "r", "x2")
    alike(ours, stock)
    assert ours.enforce("ee", "x1")
    assert [*ours.rm_map["g"].rm_map], "kept, as docs/casbin.md says"
    assert not ours.enforce("f", "x1")
    ours.add_grouping_policy("f", "r", "x1")
    assert ours.enforce("f", "x1"), "its own domain counts, whatever the function says"
    ours.remove_grouping_policy("f", "r", "x1")
    assert not ours.enforce("f", "x1")


def test_links_are_copied_as_what_they_were() -> None:
    """A copy is a dictionary of lists that watches over nothing."""
    ours, _ = linked()
    assert ours.enforce("a", "x1")
    links = ours.rm_map["g"].all_links
    links.catch_up()  # there is nothing to catch up with
    assert ours.enforce("a", "x1")
    copied = deepcopy(links)
    assert copied == links
    assert type(copied) is dict
    assert {type(each) for each in copied.values()} == {list}
    assert type(copy(links["*"])) is list
