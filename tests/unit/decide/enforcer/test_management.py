"""Casbin's own methods for rules."""

from __future__ import annotations

from functools import partial
from typing import Any

from casbin.model import Model

from oikeus import Enforcer

from .side_by_side import both, model, outcome, same


def test_searches_by_column_are_casbins() -> None:
    """Functions, blanks, columns that are not there: as Casbin answers."""
    rules = [["a", "x", "1"], ["b", "y", "2"], ["a", "y", "1"], ["c", "z", "3"]]
    filters: list[tuple[Any, ...]] = [
        *((0, "a"), (0, "a", "y"), (0, "", "y"), (1, "y", "", ""), (2, "1", "x")),
        *((0, ""), (0,), (-1, "1"), (0, lambda value: value == "b"), (3, "a"), (0, 5)),
        (0, "a", lambda value: value > "x"),
    ]
    for values in filters:
        for method in ("get_filtered_policy", "remove_filtered_policy"):
            ours, stock = both(rules, rule="sub, obj, more")
            found = outcome(partial(getattr(ours, method), *values))
            assert found == outcome(partial(getattr(stock, method), *values)), (
                method,
                values,
            )
            assert ours.get_policy() == stock.get_policy()
    ours, stock = both([["a", "x"], ["b"]])
    assert outcome(lambda: ours.get_filtered_policy(0, "a", "x")) == outcome(
        lambda: stock.get_filtered_policy(0, "a", "x")
    )
    ours, stock = both(rules, rule="sub, obj, more", roles="g = _, _")
    for enforcer in (ours, stock):
        enforcer.add_grouping_policies([["a", "r"], ["b", "r"], ["a", "s"]])
        assert enforcer.delete_roles_for_user("a")
        assert enforcer.get_grouping_policy() == [["b", "r"]]
        assert not enforcer.delete_roles_for_user("a")
        assert not enforcer.remove_filtered_grouping_policy(0)
        assert not enforcer.model.remove_filtered_policy("x", "x", 0, "a")
        assert enforcer.remove_filtered_grouping_policy(0, "")
    assert ours.get_all_actions() == stock.get_all_actions()


def test_many_rules_are_removed_at_once() -> None:
    """One new list is made, where taking out each would take longer."""
    ours, _ = both([[f"a{n % 2}", f"x{n}"] for n in range(400)])
    assert ours.enforce("a1", "x1")
    assert ours.remove_filtered_policy(0, "a1")
    assert not ours.enforce("a1", "x1")
    assert ours.enforce("a0", "x2")
    assert len(ours.get_policy()) == 200
    assert not ours.get_policy().strange


def test_values_of_a_column_come_once() -> None:
    """Also of rules that are no text, or of which there are none."""
    for rules in ([], [["a", "x"], ["b", "x"], ["a", "y"]], [["a", 5], ["b", 5]]):
        ours, stock = both(rules)
        assert ours.get_all_objects() == stock.get_all_objects()


def test_rule_is_exchanged_as_casbin_exchanges_it() -> None:
    """The first that is equal; with priorities only for one of the same."""
    rules = [["1", "a"], ["2", "b"], ["1", "a"], ["3", "c"]]
    for fields in ("priority, sub", "obj, sub"):
        ours, stock = both(rules, "r.sub == p.sub", rule=fields)
        for old, new in (
            (["1", "a"], ["1", "z"]),
            (["2", "b"], ["5", "b"]),
            (["9", "x"], ["9", "y"]),
            (["3", "c"], ["3", 5]),
            (["3", 5], ["3", "d"]),
            (("1", "z"), ["1", "y"]),
        ):
            found = [outcome(partial(e.update_policy, old, new)) for e in (ours, stock)]
            assert found[0] == found[1]
            assert ours.get_policy() == stock.get_policy()
            same(ours, stock, ("a", ""), ("b", ""), ("z", ""), ("d", ""), (5, ""))


def test_rule_is_exchanged_before_and_after_a_question() -> None:
    """Whether anything was derived of the rules yet or not, and for a rule twice."""
    for asked in (False, True):
        ours, stock = both([["a", "x"], ["b", "y"], ["c", "z"]])
        for old, new in (
            (["c", "z"], ["g", "t"]),
            (["g", "t"], ("f", "u")),
            (("f", "u"), ["c", "z"]),
            (["a", "x"], ["b", "y"]),
            (["b", "y"], ["d", "w"]),
            (["b", "y"], ["e", "v"]),
            (["c", "z"], ["c", 5]),
        ):
            if asked:
                same(ours, stock, ("a", "x"), ("b", "y"))
            found = [outcome(partial(e.update_policy, old, new)) for e in (ours, stock)]
            assert found[0] == found[1]
            assert ours.get_policy() == stock.get_policy()
            assert [ours.has_policy(*rule) for rule in (old, new)] == [
                stock.has_policy(*rule) for rule in (old, new)
            ]
        same(ours, stock, ("a", "x"), ("b", "y"), ("d", "w"), ("e", "v"), ("f", "u"))


def test_model_of_a_class_of_its_own_gives_its_list() -> None:
    """What it answers is its affair."""

    class Other(Model):  # type: ignore[misc] # Casbin has no types
        def get_policy(self, sec: str, ptype: str) -> list[Any]:
            return [[sec, ptype]]

    made = Other()
    made.load_model_from_text(model().to_text())
    assert Enforcer(made).get_policy() == [["p", "p"]]
