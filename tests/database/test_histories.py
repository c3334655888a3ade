"""Requirements on telling a database that goes on from one of another history."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from oikeus import StaleVersionError, accept_history
from oikeus.store import Mark, Store
from oikeus.terms import Line

Commit = Callable[..., int]
ONE, TWO = (
    Line("g", (f"person:{number}", "role:reader", "1.2")) for number in range(2)
)


def test_a_version_is_held_with_its_digest(store: Store, commit: Commit) -> None:
    """The number alone tells nothing; before the first there is nothing to hold."""
    with store.reading() as reader:
        assert reader.holds(Mark(0))
        assert not reader.holds(Mark(1))
    commit(store, add=(ONE,))
    first = store.head_mark()
    commit(store, add=(TWO,))
    last = store.head_mark()
    assert (first.time, last.time) == tuple(each.time for each in store.versions())
    with store.reading() as reader:
        assert reader.holds(first)
        assert reader.holds(last)
        for other in (replace(first, number=2), replace(last, number=3), Mark(1)):
            assert not reader.holds(other)


def test_an_acceptance_counts_for_what_was_before_it(
    store: Store, commit: Commit
) -> None:
    """It is a version that changes no line, and says who and why."""
    commit(store, add=(ONE,))
    before = store.head_mark()
    number = accept_history(store, before, actor="os:owner", message="restored")
    version = store.version(number)
    assert (version.origin, version.actor) == ("accept", "os:owner")
    assert (version.message, version.added, version.removed) == ("restored", 0, 0)
    accepted = store.head_mark()
    commit(store, add=(TWO,))
    with store.reading() as reader:
        assert reader.accepted_since(before)
        assert not reader.accepted_since(accepted)
        assert not reader.accepted_since(store.head_mark())


def test_what_is_accepted_is_what_somebody_saw(store: Store, commit: Commit) -> None:
    """Another restored database may have come in between."""
    commit(store, add=(ONE,))
    seen = store.head_mark()
    commit(store, add=(TWO,))
    with pytest.raises(StaleVersionError) as refused:
        accept_history(store, seen, actor="os:owner")
    assert str(refused.value) == "the head moved since it was looked at: look again"
    assert store.head() == 2
    number = accept_history(store, store.head_mark(), actor="os:owner")
    assert store.version(number).message == "accept this history"
