"""Updates through the Casbin adapter: what goes, and where it stands."""

from pathlib import Path

import casbin
import pytest

from oikeus.errors import StoreError
from oikeus.store import Change, Store
from oikeus.store.adapter import Adapter
from oikeus.terms import Line, Source

MODEL = Path(__file__).with_name("rbac.conf")


def _rules(adapter: Adapter) -> list[list[str]]:
    model = casbin.Enforcer.new_model(str(MODEL))
    adapter.load_policy(model)
    return list(model.model["p"]["p"].policy)


def test_an_update_reaches_the_database_in_its_place(
    adapter: Adapter, store: Store
) -> None:
    """An updated rule keeps its place, because some models decide by the order."""
    rules = [["a", "x", "1"], ["b", "x", "1"], ["c", "x", "1"]]
    adapter.add_policies("p", "p", rules)
    adapter.update_policy("p", "p", rules[1], ["b", "y"])
    assert _rules(adapter) == [rules[0], ["b", "y"], rules[2]]
    adapter.update_policies(
        "p", "p", [rules[0], rules[2]], [["a", "z", "1"], ["c", "z", "1", ""]]
    )
    assert _rules(adapter) == [["a", "z", "1"], ["b", "y"], ["c", "z", "1", ""]]
    assert [(v.added, v.removed) for v in store.versions()] == [(3, 0), (1, 1), (2, 2)]


def test_two_rules_can_become_one(adapter: Adapter) -> None:
    """Updates that meet leave one row, and none is lost on the way."""
    rules = [["a", "x", "1"], ["b", "x", "1"], ["c", "x", "1"]]
    adapter.add_policies("p", "p", rules)
    adapter.update_policies("p", "p", rules[:2], [["d", "x", "1"], ["d", "x", "1"]])
    assert sorted(_rules(adapter)) == [["c", "x", "1"], ["d", "x", "1"]]
    adapter.update_policies("p", "p", [["c", "x", "1"]], [["d", "x", "1"]])
    assert _rules(adapter) == [["d", "x", "1"]]


def test_a_chain_of_updates_ends_where_it_says(adapter: Adapter) -> None:
    """A rule may take the words that another gives up in the same batch."""
    rules = [["a", "x", "1"], ["b", "x", "1"]]
    adapter.add_policies("p", "p", rules)
    adapter.update_policies("p", "p", rules, [rules[1], ["c", "x", "1"]])
    assert sorted(_rules(adapter)) == [rules[1], ["c", "x", "1"]]


def _words(adapter: Adapter) -> str:
    return "".join(rule[0] for rule in _rules(adapter))


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("ab", "ba", "bacd"),
        ("abc", "bca", "bcad"),
        ("ab", "bx", "bxcd"),
        ("ad", "dx", "dbcx"),
        ("da", "xd", "dbcx"),
        ("ab", "bb", "bcd"),
        ("ba", "aa", "acd"),
        ("a", "c", "cbd"),
        ("c", "a", "abd"),
        ("abcd", "abdc", "abdc"),
        ("cc", "xx", "abxd"),
    ],
)
def test_rules_that_change_places_are_written_where_they_go(
    adapter: Adapter, store: Store, old: str, new: str, left: str
) -> None:
    """A model that decides by the order decides the same after a restart."""
    adapter.add_policies("p", "p", [[word, "x"] for word in "abcd"])
    pairs = [[[word, "x"] for word in words] for words in (old, new)]
    adapter.update_policies("p", "p", *pairs)
    assert _words(adapter) == left
    assert store.head() == 2
    came, went = (
        {found.line.values[0] for found in store.changes(2) if found.op == op}
        for op in "+-"
    )
    # one that changed its place went from one and came to another
    assert came - went == set(left) - set("abcd")
    assert went - came == set("abcd") - set(left)


def test_a_rule_that_changed_its_place_keeps_its_source(
    adapter: Adapter, store: Store
) -> None:
    """The log leads from the new place to where the line was written."""
    lines = [
        Line("p", (word, "x"), Source("policies/a.csv", number))
        for number, word in enumerate("ab", start=1)
    ]
    with store.writing() as writer:
        writer.commit(Change("policy", "person:tester", "x", add=tuple(lines)))
    adapter.update_policies(
        "p", "p", [["a", "x"], ["b", "x"]], [["b", "x"], ["a", "x"]]
    )
    assert [line.source for line in store.load().lines] == [
        Source("policies/a.csv", 2),
        Source("policies/a.csv", 1),
    ]
    assert [str(found.op) for found in store.changes(2)] == ["-", "-", "+", "+"]


def test_a_rule_cannot_become_two(adapter: Adapter, store: Store) -> None:
    """Casbin's model would hold one of them and the database both."""
    adapter.add_policy("p", "p", ["a", "x"])
    with pytest.raises(StoreError) as caught:
        adapter.update_policies("p", "p", [["a", "x"]] * 2, [["b", "x"], ["c", "x"]])
    assert str(caught.value) == "`p, a, x` cannot be updated to two rules, expected one"
    assert store.head() == 1


def test_an_update_of_a_missing_rule_is_an_error(
    adapter: Adapter, store: Store
) -> None:
    """An update that finds nothing must not look as if it had been done."""
    rule = ["alice", "data", "read"]
    adapter.add_policy("p", "p", rule)
    with pytest.raises(StoreError) as caught:
        adapter.update_policy("p", "p", ["bob", "data", "read"], ["bob", "x", "read"])
    expected = "`p, bob, data, read` cannot be updated: it is not in the database"
    assert str(caught.value) == expected
    with pytest.raises(StoreError):
        adapter.update_policy("p", "p", ["bob", "data", "read"], rule)
    with pytest.raises(StoreError):
        adapter.update_policies("p", "p", [rule, ["x"]], [["y"], ["z"]])
    with pytest.raises(StoreError) as caught:
        adapter.update_policies("p", "p", [rule], [])
    assert str(caught.value) == "1 rules cannot be updated to 0, expected as many"
    assert (_rules(adapter), store.head()) == ([rule], 1)


def test_an_update_to_itself_writes_nothing(adapter: Adapter, store: Store) -> None:
    """The same words in the same place are no change."""
    rule = ["alice", "data", "read"]
    adapter.add_policy("p", "p", rule)
    adapter.update_policy("p", "p", rule, rule)
    assert store.head() == 1


def test_a_filtered_update_replaces_what_matches(
    adapter: Adapter, store: Store
) -> None:
    """The old rules are returned as lists and are gone; the new ones are there."""
    rules = [["alice", "data1", "read"], ["alice", "data2", "read"], ["bob", "x", "y"]]
    adapter.add_policies("p", "p", rules)
    new = [["carol", "data1", "read"], rules[1]]
    assert adapter.update_filtered_policies("p", "p", new, 0, "alice") == rules[:2]
    assert sorted(_rules(adapter)) == sorted([*new, rules[2]])
    assert [(v.added, v.removed) for v in store.versions()] == [(3, 0), (1, 1)]
    assert adapter.update_filtered_policies("p", "p", [["x", "y", "z"]], 0, "no") == []
    assert store.head() == 2
