"""Requirements on what versions after a mark did: told in short, or not at all."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from oikeus.errors import StoreError
from oikeus.store import Change, Mark, Since, Store
from oikeus.store.asking import _text_of
from oikeus.store.following import _CHANGES, _NAMES, _NEWS
from oikeus.store.lines import _STORED
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]
Unguard = Callable[[Store], None]

READ = Line("p", ("role:reader", "hoks", "read", "allow"))
SHARE = Line("p", ("role:reader", "hoks", "share", "allow"))
TREE = Line("g2", ("1.2", "1.1"))
ONE, TWO, THREE = (
    Line("g", (f"person:{number}", "role:reader", "1.2")) for number in range(3)
)


def _since(store: Store, mark: Mark) -> Since:
    """What is told, by both ways to ask."""
    told = store.changes_since(mark)
    with store.reading() as reader:
        assert reader.since(mark) == told
    assert told is not None
    assert told.mark == store.head_mark()
    return told


def test_nothing_new_is_told_with_the_same_mark(store: Store, commit: Commit) -> None:
    """Also of a database without a version."""
    assert _since(store, store.head_mark()) == Since(Mark(0))
    commit(store, add=(ONE,))
    mark = store.head_mark()
    assert _since(store, mark) == Since(mark)


def test_grants_are_told_one_by_one(store: Store, commit: Commit) -> None:
    """Over all versions since; and no other line was touched."""
    commit(store, add=(READ, ONE, TWO))
    mark = store.head_mark()
    commit(store, add=(THREE,))
    commit(store, remove=(ONE,))
    told = _since(store, mark)
    assert (told.added, told.removed) == ((THREE.values,), (ONE.values,))
    assert not told.lines_changed
    assert (told.model, told.catalogue, dict(told.names)) == (None, None, {})


def test_the_last_that_happened_to_a_grant_counts(store: Store, commit: Commit) -> None:
    """Added and removed again, or the other way round: each is told once."""
    commit(store, add=(ONE,))
    mark = store.head_mark()
    commit(store, add=(TWO,))
    commit(store, remove=(ONE, TWO))
    commit(store, add=(ONE,))
    told = _since(store, mark)
    assert (told.added, told.removed) == ((ONE.values,), (TWO.values,))


def test_a_grant_with_a_new_source_is_no_change(store: Store, commit: Commit) -> None:
    """Where a grant was written decides nothing."""
    commit(store, add=(ONE,))
    mark = store.head_mark()
    commit(store, add=(Line("g", ONE.values, Source("grants.csv", 4)),))
    told = _since(store, mark)
    assert (told.added, told.removed, told.lines_changed) == ((), (), False)
    assert told.mark.number == 2


@pytest.mark.parametrize(
    "change",
    [
        {"add": (SHARE,)},
        {"remove": (READ,)},
        {"add": (Line("p", READ.values, Source("a.csv", 4)),)},
        {"add": (TREE,)},
        {"add": (Line("g", ("person:1", "role:reader")),)},
        {"add": (Line("g", ("person:1", "role:reader", "1.2", "x")),)},
        {"add": (Line("g", ("person:1", "", "1.2")),)},
    ],
)
def test_that_other_lines_changed_is_told(
    store: Store, commit: Commit, change: dict[str, tuple[Line, ...]]
) -> None:
    """They are to be read again, whatever happened to them."""
    commit(store, add=(READ, ONE))
    mark = store.head_mark()
    commit(store, **change)
    told = _since(store, mark)
    assert told.lines_changed
    assert (told.added, told.removed) == ((), ())


def test_that_lines_changed_places_is_told(store: Store, commit: Commit) -> None:
    """Some models decide by the order; the lines read again are in the new one."""
    commit(store, add=(READ, SHARE))
    mark = store.head_mark()
    with store.writing() as writer:
        change = Change("casbin", "me", "x", add=(READ, SHARE))
        writer.commit(change, in_place={READ: SHARE, SHARE: READ})
    assert _since(store, mark).lines_changed
    with store.reading() as reader:
        assert list(reader.lines()) == [SHARE, READ]


def test_texts_and_names_are_told_when_a_version_brought_them(
    store: Store, commit: Commit
) -> None:
    """The last of each, and only what is new."""
    names = {"1.1": Names("Opetushallitus"), "1.2": Names("Opisto")}
    commit(store, add=(ONE,), model="one", catalogue="one", names=names)
    mark = store.head_mark()
    commit(store, model="two", names={"1.2": Names("Koulu")})
    commit(store, model="three", names={"1.2": Names("Lukio")})
    told = _since(store, mark)
    assert (told.model, told.catalogue) == ("three", None)
    assert dict(told.names) == {"1.2": Names("Lukio")}
    assert not told.lines_changed
    commit(store, catalogue="two")
    told = _since(store, told.mark)
    assert (told.model, told.catalogue, dict(told.names)) == (None, "two", {})


def test_a_database_that_is_no_continuation_tells_nothing(
    store: Store, commit: Commit
) -> None:
    """It was restored, or is another one: all is to be loaded anew."""
    commit(store, add=(ONE,))
    before = store.head_mark()
    commit(store, add=(TWO,))
    mark = store.head_mark()
    assert store.changes_since(Mark(3, mark.digest)) is None
    assert store.changes_since(Mark(2, before.digest)) is None
    assert store.changes_since(Mark(1, mark.digest)) is None
    assert store.changes_since(Mark(1)) is None
    assert store.changes_since(before) is not None


def test_an_empty_database_is_continued_by_every_other(
    store: Store, commit: Commit
) -> None:
    """What began with nothing is told whole."""
    empty = store.head_mark()
    commit(store, add=(READ, ONE), model="[m]", catalogue="roles:")
    told = _since(store, empty)
    assert (told.added, told.lines_changed) == ((ONE.values,), True)
    assert (told.model, told.catalogue) == ("[m]", "roles:")


def test_more_than_is_worth_telling_is_not_told(
    store: Store, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million changes would be held in memory to save a load."""
    monkeypatch.setattr("oikeus.store.following.MOST_CHANGES", 1)
    commit(store, add=(ONE,))
    mark = store.head_mark()
    commit(store, add=(TWO,))
    assert _since(store, mark).added == (TWO.values,)
    commit(store, add=(THREE,))
    assert store.changes_since(mark) is None


def test_what_is_no_text_is_not_told(
    sqlite: str, commit: Commit, unguard: Unguard
) -> None:
    """A removed row that was no text stood in a place that no change names."""
    with Store.open(sqlite) as store:
        with store.database.writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO casbin_rule (ptype, v0, v1, v2) "
                    "VALUES ('g', 'a', 'b', cast(x'ff' as text))"
                )
            )
        commit(store, add=(ONE,))
        mark = store.head_mark()
        (unreadable,) = (line for line in store.load().lines if line != ONE)
        commit(store, remove=(unreadable,))
        assert store.changes_since(mark) is None
        commit(store, add=(TWO,))
        mark = store.head_mark()
        commit(store, remove=(TWO,))
        unguard(store)
        with store.database.writing() as connection:
            connection.execute(
                text("UPDATE oikeus_change SET v1 = x'62' WHERE version = 4")
            )
        assert store.changes_since(mark) is None


def test_what_is_told_is_found_by_indexes(sqlite: str) -> None:
    """However long the log is, and however many organisations have names."""
    scans = set()
    with Store.open(sqlite) as store, store.database.reading() as connection:
        for statement in (_NEWS, _CHANGES, _NAMES, _STORED):
            asked, _ = _text_of(statement, "sqlite")
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {asked}", (1,) * asked.count("?")
            )
            scans |= {step[-1] for step in plan if "SCAN" in step[-1]}
    assert scans == {"SCAN oikeus_head", "SCAN casbin_rule"}


def test_a_missing_head_is_an_error(
    store: Store, commit: Commit, unguard: Unguard
) -> None:
    """Without it nobody can say what a database stands for, nor later."""
    commit(store, add=(ONE,))
    mark = store.head_mark()
    unguard(store)
    with store.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_head"))
    for _ in range(2):
        with pytest.raises(StoreError, match="the table oikeus_head is empty"):
            store.changes_since(mark)
    with store.database.writing() as connection:
        connection.execute(text("INSERT INTO oikeus_head VALUES (1, 1)"))
    assert store.changes_since(mark) == Since(mark)
