"""Requirements on a mapping of which a changed copy costs what the change costs."""

from __future__ import annotations

import random

import pytest

from oikeus.decide import layers as module
from oikeus.decide.layers import Layers


def test_a_changed_copy_says_what_changed() -> None:
    """New values, other values, values that are gone; the others stay."""
    first = Layers({"a": 1, "b": 2, "c": 3})
    after = first.changed({"a": 10, "b": None, "d": 4})
    assert dict(after) == {"a": 10, "c": 3, "d": 4}
    assert [after["a"], after.get("b"), after["c"], after["d"]] == [10, None, 3, 4]
    assert [key in after for key in ("a", "b", "c", "d", "e")] == [
        *(True, False, True, True, False),
    ]
    assert len(after) == len([*after]) == 3
    for gone in ("b", "e"):
        with pytest.raises(KeyError, match=gone):
            after[gone]


def test_an_earlier_copy_is_unaffected() -> None:
    """Readers of a version never see the next one."""
    first = Layers({"a": 1})
    second = first.changed({"a": None, "b": 2})
    third = second.changed({"a": 3, "b": None})
    assert [dict(found) for found in (first, second, third)] == [
        *({"a": 1}, {"b": 2}, {"a": 3}),
    ]


def test_the_large_dictionary_is_shared() -> None:
    """A change copies the small one alone; no change copies nothing."""
    first = Layers({"a": 1})
    assert first.changed({}) is first
    after = first.changed({"b": 2}).changed({"c": 3})
    assert after.base is first.base
    assert after.later == {"b": 2, "c": 3}


def test_what_is_false_is_a_value() -> None:
    """Only nothing is none: an empty tuple is there."""
    found = Layers[object]({"a": ()}).changed({"b": 0, "c": ""})
    assert [found["a"], found["b"], found["c"]] == [(), 0, ""]
    assert len(found) == 3


def test_what_never_was_there_can_be_removed() -> None:
    """And a key that came later, and went again."""
    found = Layers[int]().changed({"a": None}).changed({"b": 1}).changed({"b": None})
    assert len(found) == 0
    assert [*found] == []
    assert "a" not in found
    assert "b" not in found


def test_both_become_one_where_the_small_one_is_not_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is said stays the same, and the copies before keep theirs."""
    monkeypatch.setattr(module, "_FEW", 2)
    first = Layers({"a": 1, "b": 2})
    small = first.changed({"a": 10, "x": None})
    assert small.base is first.base
    merged = small.changed({"b": None, "c": 3, "y": None})
    assert merged.base == {"a": 10, "c": 3}
    assert merged.later == {}
    assert dict(merged) == {"a": 10, "c": 3}
    assert first.base == {"a": 1, "b": 2}
    assert dict(small) == {"a": 10, "b": 2}


def test_the_small_one_may_be_a_share_of_the_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that a large one is seldom copied."""
    monkeypatch.setattr(module, "_FEW", 0)
    monkeypatch.setattr(module, "_SHARE", 4)
    first = Layers({str(number): number for number in range(12)})
    few = first.changed({"a": 1, "b": 2, "c": 3})
    assert few.base is first.base
    more = few.changed({"d": 4})
    assert more.later == {}
    assert len(more.base) == 16


def test_many_changes_are_those_of_a_dictionary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In whatever order, over many merges."""
    monkeypatch.setattr(module, "_FEW", 5)
    chance = random.Random(1)  # noqa: S311 # changes, no secrets
    expected: dict[str, int] = {}
    found = Layers[int]()
    merges = 0
    for number in range(300):
        changes = {
            str(chance.randrange(30)): chance.choice([None, number]) for _ in range(3)
        }
        before, copy = found, dict(found)
        found = found.changed(changes)
        merges += found.base is not before.base
        for key, value in changes.items():
            if value is None:
                expected.pop(key, None)
            else:
                expected[key] = value
        assert dict(found) == expected
        assert len(found) == len(expected)
        assert dict(before) == copy
        assert all((str(key) in found) is (str(key) in expected) for key in range(30))
    assert merges > 10


def test_what_is_apart_is_loaded_like_the_rest() -> None:
    """It can be read, changed and removed, and no change copies it."""
    first = Layers({"a": 1, "b": 2}, apart={"x": 10, "y": 20, "z": 30})
    after = first.changed({"a": None, "x": 11, "y": None, "new": 4})
    assert dict(first) == {"a": 1, "b": 2, "x": 10, "y": 20, "z": 30}
    assert dict(after) == {"b": 2, "x": 11, "z": 30, "new": 4}
    assert [len(first), len(after)] == [5, 4]
    assert [key in after for key in ("x", "y", "z")] == [True, False, True]
    assert after.apart is first.apart
    assert after.later.keys() == {"a", "x", "y", "new"}


@pytest.mark.parametrize(
    ("few", "base", "apart"),
    [
        (3, {"b": 2, "new": 4}, {"x": 11, "z": 30}),
        (2, {"b": 2, "new": 4, "x": 11, "z": 30}, {}),
    ],
    ids=["few stay apart", "many do not"],
)
def test_what_is_apart_stays_so_unless_it_is_much(
    few: int,
    base: dict[str, int],
    apart: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the small one joins the large one; both say the same."""
    monkeypatch.setattr(module, "_FEW", few)
    first = Layers({"a": 1, "b": 2}, apart={"x": 10, "y": 20, "z": 30})
    joined = first.changed({"a": None, "x": 11, "y": None, "new": 4})
    assert (joined.base, joined.later, joined.apart) == (base, {}, apart)
    assert dict(joined) == base | apart
    assert dict(first) == {"a": 1, "b": 2, "x": 10, "y": 20, "z": 30}


def test_a_look_at_changes_copies_nothing() -> None:
    """However much changed since the load, and nobody else sees it."""
    first = Layers({"a": 1, "b": 2}, apart={"z": 26}).changed({"b": None, "c": 3})
    seen = first.imagined({"a": None, "d": 4, "z": None})
    assert dict(seen) == {"c": 3, "d": 4}
    assert len(seen) == 2
    assert ["a" in seen, "b" in seen, "z" in seen, "d" in seen] == [
        *(False, False, False, True),
    ]
    assert seen.base is first.base
    again = seen.imagined({"b": 20}).changed({"e": 5})
    assert dict(again) == {"b": 20, "c": 3, "d": 4, "e": 5}
    assert dict(first) == {"a": 1, "c": 3, "z": 26}
