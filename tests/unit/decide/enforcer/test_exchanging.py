"""Whatever is exchanged, the next question is about what there is then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casbin.effect import get_effector
from casbin.model import FunctionMap
from casbin.rbac.default_role_manager import ConditionalRoleManager, RoleManager

from .side_by_side import both, is_compiled, model, same


def test_functions_may_be_added_and_overwritten_at_any_time() -> None:
    """The next question uses what is there."""
    ours, stock = both([["a", "x"]], matcher="own(r.sub) && keyMatch(r.obj, p.obj)")
    same(ours, stock, ("a", "x"), ("b", "x"))
    assert not is_compiled(ours)
    steps: list[tuple[str, Callable[..., Any]]] = [
        ("own", lambda value: value == "a"),
        ("own", lambda value: value == "b"),
        ("keyMatch", lambda one, other: one != other),
        ("unused", print),
    ]
    for name, function in steps:
        for enforcer in (ours, stock):
            enforcer.add_function(name, function)
        same(ours, stock, ("a", "x"), ("b", "x"), ("b", "y"))
        assert is_compiled(ours)


def test_definitions_may_be_exchanged_at_any_time() -> None:
    """Matcher, fields, model: what a plan was made from is compared again."""
    ours, stock = both([["a", "x"], ["x", "a"]])
    same(ours, stock, ("a", "x"))
    changes: list[Callable[[Any], Any]] = [
        lambda e: setattr(e.model["m"]["m"], "value", "r_obj == p_sub"),
        lambda e: setattr(e.model["p"]["p"], "tokens", ["p_obj", "p_sub"]),
        lambda e: setattr(e.model["r"]["r"], "tokens", ["r_obj", "r_sub"]),
        lambda e: e.model.add_def("m", "m", "r.sub == p.sub"),
        lambda e: e.model.add_def("p", "p", "sub"),
        lambda e: e.add_policy("b"),
        lambda e: e.model.add_def("r", "r", "sub"),
        lambda e: e.set_effector(get_effector("!some(where (p_eft == deny))")),
        lambda e: e.set_model(model("r.sub != p.sub")),
        lambda e: e.add_policy("c", "c"),
        lambda e: setattr(e, "fm", FunctionMap()),
    ]
    for change in changes:
        assert change(ours) == change(stock)
        same(ours, stock, ("a", "x"), ("x", "a"), ("b",), ("c", "c"))


def test_role_managers_may_be_exchanged_at_any_time() -> None:
    """Casbin asks the manager that the definition has."""
    ours, stock = both([["r", "x"]], matcher="g(r.sub, p.sub)", roles="g = _, _")

    class Friendly(RoleManager):  # type: ignore[misc] # Casbin has no types
        def has_link(self, name1: str, name2: str, *domain: str) -> bool:
            del domain
            return {name1, name2} == {"r", "z"}

    for enforcer in (ours, stock):
        enforcer.add_grouping_policy("a", "r")
    same(ours, stock, ("a", "x"), ("z", "x"))
    for enforcer in (ours, stock):
        enforcer.set_role_manager(Friendly())
        enforcer.build_role_links()
    same(ours, stock, ("a", "x"), ("z", "x"), (5, "x"))
    for change in (
        lambda e: e.add_grouping_policy("b", "r"),
        lambda e: e.remove_grouping_policy("b", "r"),
        lambda e: setattr(e.model["g"]["g"], "rm", None),
        lambda e: e.model.add_def("g", "g2", "_, _"),
        lambda e: e.model.model["g"].pop("g2"),
        lambda e: e.model.add_def("g", "g", "_, _"),
    ):
        change(ours), change(stock)
        same(ours, stock, ("a", "x"), ("z", "x"), ("r", "x"), (["r"], "x"))


def test_role_definitions_without_managers_leave_functions_alone() -> None:
    """Without any manager Casbin takes a function of that name, if there is one."""
    ours, stock = both([["r", "x"]], matcher="g(r.sub, p.sub)")
    same(ours, stock, ("a", "x"))
    for enforcer in (ours, stock):
        enforcer.add_function("g", lambda one, other: one + "r" == "a" + other)
    assert same(ours, stock, ("a", "x"))[0] == (True, ["r", "x"])
    assert is_compiled(ours)


def test_conditional_role_definitions_are_asked_as_casbin_asks() -> None:
    """Their functions may raise, and so keep their place."""
    ours, stock = both(
        [["r", "x"]],
        matcher="g(r.sub, p.sub) && r.obj == p.obj",
        roles="g = _, _, (_, _)",
    )
    for enforcer in (ours, stock):
        enforcer.model["g"]["g"].policy.append(["a", "r", "1", "2"])
        enforcer.cond_rm_map["g"].add_link("a", "r")
        enforcer.add_named_link_condition_func(
            "g", "a", "r", lambda *values: not values
        )
    same(ours, stock, ("a", "x"), ("b", "x"), ("r", "x"))
    ours.clear_policy()
    assert ours.compiled["m"] == ours.compiled["m"]
    assert is_compiled(ours)


def test_g_takes_as_many_values_as_casbin_gives_it() -> None:
    """Too few raise, too many are left out, and a domain is made text."""
    for call in ("g(r.sub)", "g(r.sub, p.sub, r.obj, 1)", "g(r.sub, p.sub, 5)"):
        ours, stock = both([["r", "x"]], matcher=call, roles="g = _, _, _")
        for enforcer in (ours, stock):
            enforcer.add_grouping_policy("a", "r", "x")
            enforcer.add_grouping_policy("b", "r", "5")
        same(ours, stock, ("a", "x"), ("b", "x"), ("a", "y"), (5, 5))


def test_managers_may_be_taken_away_or_joined_by_conditional_ones() -> None:
    """A plan that was made with them is not used without them."""
    changes: list[Callable[[Any], Any]] = [
        lambda e: e.rm_map.clear(),
        lambda e: e.cond_rm_map.update(g=ConditionalRoleManager(10)),
    ]
    for change in changes:
        ours, stock = both([["r", "x"]], matcher="g(r.sub, p.sub)", roles="g = _, _")
        ours.add_grouping_policy("a", "r")
        assert ours.enforce("a", "x")
        stock.add_grouping_policy("a", "r")
        change(ours)
        change(stock)
        same(ours, stock, ("a", "x"), ("z", "x"))


def test_functions_in_a_map_of_a_class_of_its_own_are_left_to_casbin() -> None:
    """What it does is not known."""

    class Own(FunctionMap):  # type: ignore[misc] # Casbin has no types
        pass

    ours, stock = both([["a", "x"]])
    for enforcer in (ours, stock):
        enforcer.fm = Own()
    same(ours, stock, ("a", "x"), ("b", "x"))
    assert ours.compiled == {"m": "the functions are in a map of a class of its own"}
