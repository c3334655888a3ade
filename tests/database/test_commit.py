"""Requirements on versions: what a change writes, and what it leaves alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from oikeus.errors import StoreError
from oikeus.store import Op, Store
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]
Unguard = Callable[[Store], None]
Dump = Callable[[Store], dict[str, list[object]]]

READ = Line("p", ("role:reader", "hoks", "read", "allow"))
SHARE = Line("p", ("role:reader", "hoks", "share", "allow"))
TREE = Line("g2", ("1.2", "1.1"))


def _at(line: Line, number: int) -> Line:
    return Line(line.ptype, line.values, Source("policies/a.csv", number, "R3: why"))


def test_a_new_database_stands_at_version_0(store: Store) -> None:
    """Before the first commit there is nothing in force and no version."""
    contents = store.load()
    assert (contents.version, contents.model, contents.catalogue) == (0, None, None)
    assert (contents.lines, dict(contents.names)) == ((), {})
    assert (store.head(), store.versions()) == (0, ())


def test_a_change_becomes_the_next_version(store: Store, commit: Commit) -> None:
    """A commit writes lines, texts and names, and says by whom, whence and why."""
    names = {"1.2": Names("Opisto", "Institut", "College")}
    number = commit(
        store,
        add=(_at(READ, 3), TREE),
        names=names,
        model="[m]",
        catalogue="roles:",
        message="first\nload",
    )
    contents = store.load()
    assert number == contents.version == store.head() == 1
    assert contents.lines == (READ, TREE)
    assert contents.lines[0].source == Source("policies/a.csv", 3, "R3: why")
    assert contents.lines[1].source is None
    assert (contents.model, contents.catalogue) == ("[m]", "roles:")
    assert dict(contents.names) == names
    (version,) = store.versions()
    assert (version.number, version.added, version.removed) == (1, 2, 0)
    assert (version.actor, version.origin) == ("person:tester", "policy")
    assert version.message == "first\nload"


def test_the_log_holds_what_was_added_removed_and_moved(
    store: Store, commit: Commit
) -> None:
    """Every line that a version touched is logged, with the source that it has."""
    commit(store, add=(_at(READ, 3), _at(SHARE, 5)))
    commit(store, add=(_at(READ, 4), TREE), remove=(SHARE,))
    logged = [(found.op, found.line, found.line.source) for found in store.changes(2)]
    assert logged == [
        (Op.REMOVED, SHARE, Source("policies/a.csv", 5, "R3: why")),
        (Op.ADDED, TREE, None),
        (Op.MOVED, READ, Source("policies/a.csv", 4, "R3: why")),
    ]
    assert [str(found.op) for found in store.changes(2)] == ["-", "+", "~"]
    assert [(v.added, v.removed) for v in store.versions()] == [(2, 0), (1, 1)]


def test_a_moved_line_is_loaded_with_its_new_source(
    store: Store, commit: Commit
) -> None:
    """Only the latest of many sources of a line counts, and the row stays one."""
    for number in (3, 4, 5):
        commit(store, add=(_at(READ, number),))
    (line,) = store.load().lines
    assert line.source == Source("policies/a.csv", 5, "R3: why")


def test_a_line_that_comes_back_has_the_source_of_its_return(
    store: Store, commit: Commit
) -> None:
    """A source does not outlive the removal of its line."""
    commit(store, add=(_at(READ, 3),))
    commit(store, remove=(READ,))
    commit(store, add=(READ,))
    assert [line.source for line in store.load().lines] == [None]


def test_another_line_in_the_same_row_does_not_inherit_a_source(
    store: Store, commit: Commit
) -> None:
    """Ids may be used again; a source belongs to a line and not to a row."""
    commit(store, add=(_at(READ, 3),))
    commit(store, add=(SHARE,), remove=(READ,))
    with store.database.writing() as connection:
        connection.execute(text("UPDATE casbin_rule SET v2 = 'delete'"))
    (line,) = store.load().lines
    assert (line.values[2], line.source) == ("delete", None)


def test_what_is_so_already_falls_away(
    store: Store, commit: Commit, dump: Dump
) -> None:
    """A change that changes nothing is no version and writes no row at all."""
    names = {"1.2": Names("Opisto")}
    everything = {"names": names, "model": "[m]", "catalogue": "roles:"}
    commit(store, add=(_at(READ, 3), TREE), **everything)
    before = dump(store)
    assert commit(store, add=(_at(READ, 3), READ, TREE, TREE), **everything) == 1
    assert commit(store) == 1
    assert dump(store) == before


def test_an_unchanged_text_is_not_stored_again(store: Store, commit: Commit) -> None:
    """A version holds the model and the catalogue only when they changed."""
    commit(store, model="[m]", catalogue="one")
    commit(store, model="[m]", catalogue="two")
    with store.database.reading() as connection:
        texts = connection.execute(
            text("SELECT model, catalogue FROM oikeus_version ORDER BY number")
        ).all()
    assert [tuple(row) for row in texts] == [("[m]", "one"), (None, "two")]
    assert (store.load().model, store.load().catalogue) == ("[m]", "two")


def test_the_latest_name_of_an_organisation_is_in_force(
    store: Store, commit: Commit, dump: Dump
) -> None:
    """Names are only ever added to the log; the last one counts."""
    commit(store, names={"1.1": Names("Vanha"), "1.2": Names("Opisto")})
    commit(store, names={"1.1": Names("Uusi", sv="Ny"), "1.2": Names("Opisto")})
    expected = {"1.1": Names("Uusi", sv="Ny"), "1.2": Names("Opisto")}
    assert dict(store.load().names) == expected
    assert len(dump(store)["oikeus_names"]) == 3


def test_a_change_is_refused_whole(store: Store, commit: Commit, dump: Dump) -> None:
    """A line that cannot be removed keeps the rest of its change from being written."""
    commit(store, add=(READ,))
    before = dump(store)
    with pytest.raises(StoreError) as caught:
        commit(store, add=(TREE,), remove=(READ, SHARE), model="[m]")
    expected = f"`{SHARE}` cannot be removed: it is not in the database"
    assert str(caught.value) == expected
    assert dump(store) == before


def test_time_is_written_in_one_form_and_never_runs_backwards(
    store: Store, commit: Commit, unguard: Unguard
) -> None:
    """A clock that was set back does not put a version before its predecessor."""
    commit(store, model="one")
    (first,) = store.versions()
    assert len(first.time) == 27
    assert first.time[10] == "T"
    assert first.time[-8] == "."
    assert first.time[-1] == "Z"
    future = "2999-12-31T23:59:59.999999Z"
    unguard(store)
    with store.database.writing() as connection:
        connection.execute(text(f"UPDATE oikeus_version SET time = '{future}'"))  # noqa: S608
    commit(store, model="two")
    assert [version.time for version in store.versions()] == [future, future]


def test_the_log_replayed_gives_the_lines_in_force(
    store: Store, commit: Commit
) -> None:
    """`casbin_rule` is what the log says, version after version."""
    lines = [Line("g3", (f"person:{number}", "blocked")) for number in range(6)]
    commit(store, add=tuple(lines))
    commit(store, add=(READ,), remove=tuple(lines[1:4]))
    commit(store, add=(lines[2], TREE), remove=(READ,))
    replayed: set[Line] = set()
    for version in store.versions():
        for found in store.changes(version.number):
            if found.op is Op.ADDED:
                assert found.line not in replayed
                replayed.add(found.line)
            else:
                replayed.remove(found.line)
    assert replayed == set(store.load().lines)


def test_invariants_are_brought_and_taken_away_as_text(
    store: Store, commit: Commit
) -> None:
    """No text keeps those in force, an empty one ends them; none at first is none."""
    assert commit(store, invariants="") == 0
    commit(store, invariants="one")
    commit(store, add=(READ,))
    assert commit(store, invariants="one") == 2
    with store.reading() as reader:
        assert reader.invariants == reader.contents().invariants == "one"
        assert reader.logged().invariants == "one"
    commit(store, invariants="")
    assert [store.load(number).invariants for number in (1, 2, 3)] == ["one", "one", ""]
