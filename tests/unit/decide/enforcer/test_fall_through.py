"""What is not compiled is answered by Casbin itself, and it is said why."""

from __future__ import annotations

import casbin
import pytest
from casbin.model import FastModel

from oikeus import Enforcer

from .side_by_side import both, is_compiled, model, same


def test_what_is_not_compiled_is_answered_by_casbin() -> None:
    """And it is said why."""
    ours, stock = both([["a", "x"]], matcher="r.sub.startswith(p.sub) && !r.obj.y")
    same(ours, stock, ("abc", {"y": 0}), ("b", {"y": 0}), ("abc", "y"))
    assert ours.compiled["m"] == (
        "the matcher has a call that is not compiled, expected `name(value, …)`, near "
        "`r_sub.startswith(p_sub)`"
    )
    assert ours.compiled == ours.compiled


def test_model_of_a_class_of_its_own_is_left_to_casbin() -> None:
    """What its methods do is not known."""
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        made = FastModel([0, 1])
        made.load_model_from_text(model().to_text())
        enforcer = kind(made)
        enforcer.add_policy("a", "x")
        found.append(enforcer)
    ours, stock = found
    assert ours.compiled == {"m": "the model is of a class of its own"}
    same(ours, stock, ("a", "x"), ("b", "x"), (5, "x"))


def test_function_that_could_do_harm_stops_every_matcher() -> None:
    """Casbin refuses to evaluate anything beside it."""
    ours, stock = both([["a", "x"]])
    for enforcer in (ours, stock):
        enforcer.add_function("f", eval)
    same(ours, stock, ("a", "x"))
    reason = "the model has a function that no matcher may know"
    assert ours.compiled == {"m": reason}

    class Unhashable:
        __hash__ = None  # type: ignore[assignment] # cannot be looked up

        def __call__(self) -> None: ...

    for enforcer in (ours, stock):
        enforcer.add_function("f", Unhashable())
    same(ours, stock, ("a", "x"))
    assert ours.compiled == {"m": reason}


def test_text_of_rules_is_evaluated_as_casbin_does() -> None:
    """Texts that are not compiled are interpreted; those that are wrong raise."""
    matcher = "eval(p.sub) && r.obj == p.obj"
    for rules in (
        [],
        [["r.sub == 'a'", "x"], ["r.sub.startswith('b')", "x"], ["1.5", "y"]],
        [["r.sub ==", "x"], ["True", "x"]],
        [["True) || (True", "z"]],
        [["1", "x"]],
        [[5, "x"]],
        [["True", 5], ["False", 6]],
        [["True"], ["True", "x"]],
    ):
        for text in (matcher, "r.obj == p.obj && eval(p.sub)"):
            ours, stock = both(rules, matcher=text)
            same(ours, stock, ("a", "x"), ("b", "x"), ("b", "y"), ("c", "z"), (5, 5))
            assert is_compiled(ours)


def test_texts_are_kept_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that keeps changing does not grow what is kept."""
    monkeypatch.setattr("oikeus.decide.enforcer.evaluating._MOST_RULES", 2)
    rules = [[f"r.sub == '{name}' && eval_(r.obj)", name] for name in "abcd"]
    ours, stock = both(rules, matcher="eval(p.sub)")
    for enforcer in (ours, stock):
        enforcer.add_function("eval_", lambda _: True)
    same(ours, stock, ("d", ""), ("a", ""), ("e", ""))
