"""Casbin's lists and rules, changed behind the enforcer's back."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from .side_by_side import both, outcome, same


def _change(name: str) -> Callable[[Any], Any]:
    return {
        "append": lambda rules: rules.append(["b", "x"]),
        "append a tuple": lambda rules: rules.append(("b", "x")),
        "append text": lambda rules: rules.append("bx"),
        "append nothing": lambda rules: rules.append(None),
        "append what is no text": lambda rules: rules.append(["b", 5]),
        "extend": lambda rules: rules.extend([["b", "x"], ["a", "x"]]),
        "add": lambda rules: rules.__iadd__([["b", "x"]]),
        "double": lambda rules: rules.__imul__(2),
        "insert": lambda rules: rules.insert(0, ["b", "x"]),
        "pop": lambda rules: rules.pop(),
        "pop first": lambda rules: rules.pop(0),
        "pop too far": lambda rules: rules.pop(9),
        "delete": lambda rules: rules.__delitem__(0),
        "delete too far": lambda rules: rules.__delitem__(9),
        "delete some": lambda rules: rules.__delitem__(slice(0, 2)),
        "set": lambda rules: rules.__setitem__(-1, ["b", "x"]),
        "set some": lambda rules: rules.__setitem__(slice(0, 1), [["b", "x"]]),
        "set text": lambda rules: rules.__setitem__(0, "bx"),
        "clear": lambda rules: rules.clear(),
        "reverse": lambda rules: rules.reverse(),
        "sort": lambda rules: rules.sort(key=str),
        "remove": lambda rules: rules.remove(["a", "x"]),
        "remove what is not there": lambda rules: rules.remove(["z", "x"]),
        "swap": lambda rules: rules.__setitem__(0, rules[-1]),
        "same": lambda rules: rules.__setitem__(0, rules[0]),
        "edit": lambda rules: rules[0].__setitem__(0, "b"),
        "edit the last": lambda rules: rules[-1].append("more"),
        "shorten": lambda rules: rules[0].pop(),
        "turn": lambda rules: rules[1].reverse(),
        "replace a field": lambda rules: rules[1].__setitem__(0, 5),
    }[name]


CHANGES = (
    *("append", "append a tuple", "append text", "append nothing", "extend", "add"),
    *("append what is no text", "double", "insert", "pop", "pop first", "pop too far"),
    *(
        "delete",
        "delete too far",
        "delete some",
        "set",
        "set some",
        "set text",
        "clear",
    ),
    *("reverse", "sort", "remove", "remove what is not there", "swap", "same", "edit"),
    *("edit the last", "shorten", "turn", "replace a field"),
)


@pytest.mark.parametrize("first", CHANGES)
def test_changes_of_lists_and_rules_are_noticed(first: str) -> None:
    """Whoever has Casbin's lists may do with them what he likes."""
    for second in CHANGES:
        ours, stock = both([["a", "x"], ["a", "y"], ["c", "x"], ["a", "x"]])
        questions = [
            (sub, obj) for sub in ("a", "b", "c", "x", 5) for obj in ("x", "y")
        ]
        searched: list[Any] = [["a", "x"], ["b", "x"], ("b", "x"), "bx", ["b", 5], None]
        same(ours, stock, *questions)
        for name in (first, second):
            found = []
            for enforcer in (ours, stock):
                rules = enforcer.get_policy()
                said = outcome(partial(_change(name), rules))
                found.append(
                    (
                        said
                        if isinstance(said, list)
                        else repr(said).replace("'Fixed'", "'tuple'"),
                        [rule in rules for rule in searched],
                        [outcome(partial(rules.index, rule)) for rule in searched],
                        list(rules),
                        outcome(enforcer.get_all_subjects),
                    )
                )
            assert found[0] == found[1], (first, second)
            same(ours, stock, *questions)


@pytest.mark.parametrize("one", range(4))
@pytest.mark.parametrize("other", range(-4, 4))
def test_rules_that_change_places_do_so_in_the_indices_too(
    one: int, other: int
) -> None:
    """Casbin itself moves rules so; the rule that explains is another then."""
    ours, stock = both(
        [["a", "x"], ["b", "x"], ["a", "x"], ["c", "x"]], "r.obj == p.obj"
    )
    for asked in (True, False):
        found = []
        for enforcer in (ours, stock):
            rules = enforcer.get_policy()
            if asked:
                enforcer.enforce("", "x")
            rules[one], rules[other] = rules[other], rules[one]
            found.append((rules.index(["a", "x"]), [*rules]))
        assert found[0] == found[1]
        same(ours, stock, ("", "x"), ("", "y"))
        for enforcer in (ours, stock):
            enforcer.remove_policy("a", "x")
            enforcer.get_policy().append(["a", "x"])
        assert ours.get_policy() == stock.get_policy()
        same(ours, stock, ("", "x"))
    assert not ours.get_policy().strange


def test_rule_that_is_put_back_was_never_away() -> None:
    """Half of an exchange, and back."""
    ours, stock = both([["a", "x"], ["b", "x"]])
    for enforcer in (ours, stock):
        enforcer.enforce("a", "x")
        rules = enforcer.get_policy()
        first = rules[0]
        rules[0] = rules[1]
        rules[0] = first
    same(ours, stock, ("a", "x"), ("b", "x"))
    for enforcer in (ours, stock):
        rules = enforcer.get_policy()
        rules[0] = rules[1]
        rules[1] = rules[0]
        assert enforcer.get_policy() == [["b", "x"], ["b", "x"]]
        enforcer.get_policy()[:] = [["a", "x"], ["b", "x"], ["c", "x"]]
        rules[0] = rules[1]
        rules[2] = rules[1]
        assert enforcer.get_policy() == [["b", "x"]] * 3
    same(ours, stock, ("a", "x"), ("b", "x"), ("c", "x"))


def test_rule_that_is_added_in_the_midst_of_an_exchange_is_noticed() -> None:
    """Half of it, and then something else."""
    ours, stock = both([["a", "x"], ["b", "x"]])
    for enforcer in (ours, stock):
        enforcer.enforce("a", "x")
        rules = enforcer.get_policy()
        rules[0] = rules[1]
        rules.append(["c", "x"])
    same(ours, stock, ("a", "x"), ("b", "x"), ("c", "x"))


def test_rule_that_is_put_over_another_is_noticed_by_the_next_question() -> None:
    """A tuple too, which nobody can edit."""
    ours, stock = both([["a", "x"], ["b", "x"]])
    for enforcer in (ours, stock):
        enforcer.get_policy().append(("c", "x"))
        assert enforcer.enforce("a", "x")
        rules = enforcer.get_policy()
        rules[0] = rules[2]
    same(ours, stock, ("a", "x"), ("c", "x"))


def test_one_rule_in_two_places_is_edited_in_both() -> None:
    """And the list is searched as any list, until that is over."""
    ours, stock = both([["a", "x"], ["b", "x"]])
    for enforcer in (ours, stock):
        rules = enforcer.get_policy()
        rules.append(rules[0])
        rules[2][0] = "c"
        assert rules[0] == ["c", "x"]
    same(ours, stock, ("a", "x"), ("c", "x"))
    assert ours.get_policy().strange
    for enforcer in (ours, stock):
        assert enforcer.has_policy("c", "x")
        assert enforcer.get_policy().index(["c", "x"]) == 0
        del enforcer.get_policy()[0]
    same(ours, stock, ("b", "x"), ("c", "x"))
    assert not ours.get_policy().strange
    shared = ["d", "x"]
    for enforcer in (ours, stock):
        enforcer.model["p"]["p"].policy = [shared, shared]
    ours.get_policy()[1][0] = "e"
    assert ours.get_policy() == [["e", "x"], ["e", "x"]]


def test_rule_in_two_lists_is_watched_by_neither_alone() -> None:
    """A list whose rule went to another searches as any list does."""
    ours, stock = both([["a", "x"], ["b", "x"]])
    for enforcer in (ours, stock):
        rules = enforcer.get_policy()
        other = type(rules)([rules[0]])
        rules[0][0] = "c"
        assert other[0][0] == "c"
    same(ours, stock, ("a", "x"), ("c", "x"), ("b", "x"))
    assert ours.get_policy().strange
    for enforcer in (ours, stock):
        enforcer.get_policy().append(["d", "x"])
        del enforcer.get_policy()[1]
    same(ours, stock, ("c", "x"), ("b", "x"), ("d", "x"))
    assert not ours.get_policy().strange


def test_rule_that_was_taken_out_may_go_elsewhere() -> None:
    """It is of no concern to the list that it came from."""
    ours, _ = both([["a", "x"], ["b", "x"]])
    ours.enforce("a", "x")
    rules = ours.get_policy()
    gone = rules.pop(0)
    others = type(rules)([gone])
    gone[0] = "z"
    assert not rules.strange
    assert others == [["z", "x"]]
    gone = others.pop()
    rules.append(gone)
    assert ours.enforce_ex("z", "x") == (True, ["z", "x"])
    assert ours.enforce_ex("b", "x") == (True, ["b", "x"])


def test_list_that_a_rule_was_given_as_is_not_kept() -> None:
    """Unlike Casbin's, our policy only changes where it is changed."""
    rule = ["a", "x"]
    ours, _ = both()
    ours.add_policy(rule)
    rule[0] = "b"
    assert ours.enforce("a", "x")
    assert not ours.enforce("b", "x")


def test_copies_are_plain_lists() -> None:
    """Nobody watches over a copy; it can be sent anywhere."""
    ours, _ = both([["a", "x"]])
    rules = ours.get_policy()
    rules.append(("b", "x"))
    for made in (
        copy.deepcopy(rules),
        pickle.loads(pickle.dumps(rules)),  # noqa: S301 # made here
    ):
        assert made == [["a", "x"], ("b", "x")]
        assert [type(made), *map(type, made)] == [list, list, tuple]
    shallow = copy.copy(rules)
    assert type(shallow) is list
    assert shallow[0] is rules[0]
    model = copy.deepcopy(ours.model)
    model["p"]["p"].policy.append(["c", "x"])
    assert len(ours.get_policy()) == 2
    ours.model = model
    assert ours.enforce("c", "x")


def test_many_changes_between_questions_are_taken_in_at_once() -> None:
    """What was derived is dropped when following it would take longer."""
    ours, stock = both([[f"a{n}", "x"] for n in range(20)])
    for enforcer in (ours, stock):
        enforcer.enforce("a1", "x")
        for n in range(200):
            enforcer.add_policy(f"b{n}", "x")
            enforcer.remove_policy(f"a{n}", "x")
    same(ours, stock, ("a1", "x"), ("b1", "x"), ("b199", "x"))
