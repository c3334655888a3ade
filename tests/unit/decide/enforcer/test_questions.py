"""Questions: every effect, sort of value and context, answered as Casbin answers."""

from __future__ import annotations

import logging

import casbin
import pytest
from casbin.effect import get_effector

from oikeus import Enforcer

from .side_by_side import ALLOW, both, is_compiled, model, same


@pytest.mark.parametrize(
    "effect",
    [
        ALLOW,
        "!some(where (p.eft == deny))",
        f"{ALLOW} && !some(where (p.eft == deny))",
        "priority(p.eft) || deny",
    ],
)
@pytest.mark.parametrize("rule", ["sub, obj, eft", "sub, obj"])
def test_effects_and_the_rule_that_explains(effect: str, rule: str) -> None:
    """The last rule that matched until Casbin would stop."""
    effects = ("dney", "allow", "", "deny", "allow")
    rules = [["a", "x", eft][: rule.count(",") + 1] for eft in effects]
    for start in range(len(rules) + 1):
        ours, stock = both(rules[start:], effect=effect, rule=rule)
        same(ours, stock, ("a", "x"), ("b", "x"), (1, "x"))
        ours.model["p"]["p"].policy.reverse()
        stock.model["p"]["p"].policy.reverse()
        same(ours, stock, ("a", "x"), ("b", "x"))


def test_custom_effector_is_asked_by_casbin() -> None:
    """What it looks at is Casbin's affair."""
    ours, stock = both([["a", "x"], ["a", "y"]])

    class Nothing(type(get_effector("!some(where (p_eft == deny))"))):  # type: ignore[misc] # untyped
        pass

    for enforcer in (ours, stock):
        enforcer.set_effector(Nothing())
    same(ours, stock, ("a", "x"), ("b", "x"))
    assert ours.compiled == {"m": "the effector is none of Casbin's own"}


def test_values_that_are_no_text_are_tried_on_every_rule() -> None:
    """An index knows text; whatever compares in a way of its own is compared."""

    class Likes:
        def __eq__(self, other: object) -> bool:
            return other == "b"

        __hash__ = None  # type: ignore[assignment] # cannot be looked up

    class Text(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    ours, stock = both([["a", "x"], ["b", "x"]])
    found = same(ours, stock, (Likes(), "x"), (Text("z"), "x"), (5, "x"), ([], "x"))
    assert [rule for _, rule in found] == [["b", "x"], ["a", "x"], [], []]
    same(ours, stock, (print, "x"), (eval, "x"), (logging, "x"), ("a" * 2000, "x"))
    same(ours, stock, ("a",), ("a", "x", "y"), ())


def test_forbidden_values_only_raise_where_they_are_needed() -> None:
    """As in Casbin, which looks at values when they come up."""
    ours, stock = both([["a", "x"], ["b", eval]])
    same(ours, stock, ("a", "x"), ("b", "x"), ("a", eval), ("c", logging))


def test_rule_of_the_wrong_width_raises_when_it_is_reached() -> None:
    """A rule before it may still decide."""
    ours, stock = both([["a", "x"], ["b"], ["c", "x"], ["d", 5]])
    found = same(ours, stock, ("a", "x"), ("c", "x"), ("d", 5))
    assert found[0] == (True, ["a", "x"])
    assert found[1] == (RuntimeError, "invalid policy size")
    for enforcer in (ours, stock):
        del enforcer.model["p"]["p"].policy[1]
    same(ours, stock, ("c", "x"), ("d", 5), ("d", "5"))


def test_empty_policy_is_evaluated_once_for_empty_fields() -> None:
    """So a blank request passes, and attributes alone can decide."""
    for effect in (ALLOW, "!some(where (p.eft == deny))"):
        ours, stock = both(effect=effect)
        same(ours, stock, ("", ""), ("a", "x"), (5, 5), (eval, ""), ("", logging))
    ours, stock = both(matcher="r.sub == r.obj.owner")
    found = same(ours, stock, ("a", {"owner": "a"}), ("a", {}), ("a", {"owner": "b"}))
    assert found[0] == (True, [])


def test_index_counts_behind_attributes_and_before_them() -> None:
    """Only fields that the index rests on must be text."""
    ours, stock = both(
        [["a", "18"], ["b", "x"], ["a", "x"]],
        matcher="p.sub == r.sub && (r.obj.age > 10 || p.obj == 'x')",
    )
    same(ours, stock, ("a", {"age": 20}), ("a", {"age": 5}), ("b", {"age": 5}))
    same(ours, stock, ("a", "x"), (["a"], {"age": 20}), ("c", 5))


def test_contexts_ask_other_sections() -> None:
    """Any of them, by any of the definitions; the effect is always the first's."""
    more = "m2 = r2.sub == p2.sub\nm3 = r.sub == p.sub\nm4 = r.sub == q\n"
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        made = model(more=more)
        made.add_def("r", "r2", "sub")
        made.add_def("p", "p2", "sub, eft")
        enforcer = kind(made)
        enforcer.add_named_policy("p2", "a", "deny")
        enforcer.add_named_policy("p2", "a", "allow")
        enforcer.add_policy("b", "x")
        found.append(enforcer)
    ours, stock = found
    made = ours.model
    second = ours.new_enforce_context("2")
    third = casbin.core_enforcer.EnforceContext("r", "p", "e", "m3")
    none = casbin.core_enforcer.EnforceContext("r", "p9", "e", "m")
    same(ours, stock, (second, "a"), (second, "b"), (third, "b", "z"), (none, "b", "x"))
    assert [name for name in ours.compiled if is_compiled(ours, name)] == [
        *("m", "m2", "m3")
    ]
    assert "no field of the request or of a rule" in str(ours.compiled["m4"])
    del made.model["m"]["m"]
    ours = Enforcer(made)
    stock = casbin.Enforcer(made)
    same(ours, stock, (second, "a"))
    assert set(ours.compiled.values()) == {"the model has no definition `m`"}


def test_disabled_enforcer_allows_everything() -> None:
    """As Casbin does, with a list for an answer."""
    ours, stock = both()
    for enforcer in (ours, stock):
        enforcer.enable_enforce(False)  # noqa: FBT003 # Casbin's
    assert same(ours, stock, ("a", "x")) == [[True, []]]
