"""Requirements on the Casbin adapter: what its writes do, and what they leave alone."""

from pathlib import Path
from typing import Any

import casbin
import pytest

from oikeus.errors import StoreError
from oikeus.store import Store
from oikeus.store.adapter import Adapter
from oikeus.terms import Line

MODEL = Path(__file__).with_name("rbac.conf")

NASTY = (
    "mallory, role:admin, 1.2",
    'x" OR "1"="1',
    "'; DROP TABLE casbin_rule; --",
    "line\nbreak\r\n\ttab",
    "f(a, (b)], [",
    "# no comment",
    " leading and trailing ",
    "",
    "NULL",
    "%s :name ${x} {0} \\",
    "ääkköset ✓ 𐍈",
    "x" * 255,
)


def _model() -> casbin.Model:
    return casbin.Enforcer.new_model(str(MODEL))


def _loaded(adapter: Adapter) -> casbin.Model:
    model = _model()
    adapter.load_policy(model)
    return model


def _rules(adapter: Adapter, ptype: str = "p") -> list[list[str]]:
    rules = _loaded(adapter).model[ptype[0]][ptype].policy
    assert all(type(rule) is list for rule in rules)
    return list(rules)


def _last(store: Store) -> tuple[int, str, str, str, int, int]:
    last = store.versions()[-1]
    texts = (last.origin, last.actor, last.message)
    return (last.number, *texts, last.added, last.removed)


@pytest.mark.parametrize("value", NASTY)
def test_a_value_is_data_whatever_it_holds(adapter: Adapter, value: str) -> None:
    """Commas, quotes, line breaks and SQL come back as the one value that they were."""
    rules = [["alice", value, "read"], [value, "data", value], [value, value, ""]]
    adapter.add_policies("p", "p", rules)
    adapter.add_policy("g", "g", ["alice", value])
    assert _rules(adapter) == rules
    assert _rules(adapter, "g") == [["alice", value]]
    adapter.update_policy("p", "p", rules[0], ["bob", value, "share"])
    assert adapter.remove_policy("p", "p", rules[1])
    assert _rules(adapter) == [["bob", value, "share"], rules[2]]
    if value:
        assert adapter.remove_filtered_policy("p", "p", 1, value)
        assert _rules(adapter) == []


def test_a_batch_is_one_version(adapter: Adapter, store: Store) -> None:
    """A hundred rules are added in one transaction, by a named actor."""
    rules = [[f"user{number}", "data", "read"] for number in range(100)]
    assert adapter.add_policies("p", "p", rules)
    message = "add_policies of a Casbin enforcer"
    assert _last(store) == (1, "casbin", "person:tester", message, 100, 0)
    assert _rules(adapter) == rules


def test_a_batch_with_a_rule_that_cannot_be_kept_is_refused_whole(
    adapter: Adapter, store: Store
) -> None:
    """Nothing of a batch is written when one of its rules is no rule."""
    good = ["alice", "data", "read"]
    bad: Any
    for bad in (["x"] * 7, ["x" * 256], [], ["\0"], "text", [7], [["x"]]):
        with pytest.raises(StoreError):
            adapter.add_policies("p", "p", [good, bad])
    assert store.versions() == ()
    assert _rules(adapter) == []


def test_adding_what_is_there_writes_nothing(adapter: Adapter, store: Store) -> None:
    """A duplicate is neither an error nor a second row nor a version."""
    rule = ["alice", "data", "read"]
    assert adapter.add_policy("p", "p", rule)
    assert adapter.add_policy("p", "p", rule)
    assert adapter.add_policies_ex("p", "p", [rule, ["bob", "data", "read"], rule])
    assert _rules(adapter) == [rule, ["bob", "data", "read"]]
    assert [version.added for version in store.versions()] == [1, 1]


def test_removal_removes_exactly_what_was_named(adapter: Adapter, store: Store) -> None:
    """No cross product of the columns goes, and no rule that merely begins alike."""
    kept = [
        ["alice", "data2", "read"],
        ["bob", "data1", "read"],
        ["alice", "data1", "read", "deny"],
        ["alice", "data1"],
        ["alice", "data1", "read", ""],
    ]
    gone = [["alice", "data1", "read"], ["bob", "data2", "read"]]
    adapter.add_policies("p", "p", [*kept[:2], *gone, *kept[2:]])
    assert adapter.remove_policies("p", "p", gone)
    assert _rules(adapter) == kept
    assert _last(store)[0::4] == (2, 0)
    assert store.versions()[-1].removed == 2
    assert adapter.remove_policy("p", "p", ["alice", "data1"])
    assert _rules(adapter) == kept[:3] + kept[4:]


def test_removing_what_is_not_there_says_so_and_writes_nothing(
    adapter: Adapter, store: Store
) -> None:
    """Casbin's interface tells a removal from none by its answer."""
    adapter.add_policy("p", "p", ["alice", "data", "read"])
    assert adapter.remove_policy("p", "p", ["alice", "data"]) is False
    assert adapter.remove_policies("p", "p", [["bob", "data", "read"]]) is False
    assert adapter.remove_policies("p", "p", []) is True
    assert adapter.remove_filtered_policy("p", "p", 0, "bob") is False
    assert adapter.remove_policies("p", "p", [["x"], ["alice", "data", "read"]]) is True
    assert [version.removed for version in store.versions()] == [0, 1]


@pytest.mark.parametrize(
    ("index", "values", "left"),
    [
        (0, ("alice",), [2, 3]),
        (1, ("data1",), [1, 3]),
        (0, ("", "data1", "read"), [1, 3]),
        (0, ("alice", "", "share"), [0, 2, 3]),
        (2, ("",), []),
        (0, (), []),
        (1, ("data1", "write"), [0, 1, 2, 3]),
        (6, ("x",), [0, 1, 2, 3]),
        (-1, ("x",), [0, 1, 2, 3]),
        (5, ("x", "y"), [0, 1, 2, 3]),
    ],
)
def test_a_filter_removes_what_matches_and_nothing_else(
    adapter: Adapter, index: int, values: tuple[str, ...], left: list[int]
) -> None:
    """A blank stands for any value; columns that no rule has match nothing."""
    rules = [
        ["alice", "data1", "read"],
        ["alice", "data2", "share"],
        ["bob", "data1", "read"],
        ["bob", "data2", "read"],
    ]
    adapter.add_policies("p", "p", rules)
    adapter.add_policy("p", "p2", ["alice", "data1"])
    expected = [rules[number] for number in left]
    removed = adapter.remove_filtered_policy("p", "p", index, *values)
    assert removed is (expected != rules)
    assert _rules(adapter) == expected
    assert _rules(adapter, "p2") == [["alice", "data1"]]


def test_a_filter_value_that_is_not_text_is_refused(adapter: Adapter) -> None:
    """A number as a filter is an error and not a removal of everything."""
    adapter.add_policy("p", "p", ["alice", "data", "read"])
    with pytest.raises(StoreError, match="the v0 is 7, expected text"):
        adapter.remove_filtered_policy("p", "p", 0, 7)  # type: ignore[arg-type]
    assert len(_rules(adapter)) == 1


def test_saving_writes_the_difference(adapter: Adapter, store: Store) -> None:
    """What did not change is not written again, and other types of rule stay."""
    rules = [["alice", "data1", "read"], ["bob", "data1", "read"]]
    adapter.add_policies("p", "p", rules)
    adapter.add_policy("p", "p9", ["not", "in", "the", "model"])
    model = _loaded(adapter)
    assert adapter.save_policy(model)
    assert store.head() == 2
    model.model["p"]["p"].policy.remove(rules[0])
    model.model["g"]["g"].policy.append(["alice", "role"])
    assert adapter.save_policy(model)
    assert [str(found.op) + str(found.line) for found in store.changes(3)] == [
        "-p, alice, data1, read",
        "+g, alice, role",
    ]
    assert Line("p9", ("not", "in", "the", "model")) in store.load().lines


def test_a_rule_of_another_section_is_refused(adapter: Adapter) -> None:
    """A rule that could never be loaded again is not written either."""
    for method in (adapter.add_policy, adapter.remove_policy):
        with pytest.raises(StoreError) as caught:
            method("g", "p2", ["alice", "data"])
        expected = "`p2` is no type of the section `g`, expected g, g2 …"
        assert str(caught.value) == expected
