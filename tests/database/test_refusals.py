"""Requirements on what is no version: refused, taken back, or written by others."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from oikeus.errors import StoreError
from oikeus.store import Change, Contents, Mark, Store
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]
Unguard = Callable[[Store], None]
Dump = Callable[[Store], object]

READ = Line("p", ("role:reader", "hoks", "read", "allow"))
TREE = Line("g2", ("1.2", "1.1"))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (Change("", "me", "x"), "the origin is blank, expected a word"),
        (Change("policy", " ", "x"), "the actor is blank, expected a word"),
        (Change("policy", "m" * 256, "x"), "the actor has 256 characters, expected"),
        (Change("policy", "me", "x\0"), "the message is 'x\\x00', with a character"),
        (Change("policy", "me", "x", model="\0"), "the model is '\\x00', with a"),
        (Change("policy", "me", "x", catalogue="\0"), "the catalogue is '\\x00', with"),
        (Change("policy", "me", "x", (Line("p", ()),)), "`p` is no line, expected a"),
        (
            Change("policy", "me", "x", (Line("", ("a",)),)),
            "`, a` is no line, expected",
        ),
        (Change("policy", "me", "x", (READ,), (READ,)), f"`{READ}` is both added and"),
        (
            Change("policy", "me", "x", (Line("p", ("a",), Source("\0", 1)),)),
            "the file of a source is '\\x00'",
        ),
        (
            Change("policy", "me", "x", names={"o" * 256: Names()}),
            "the id of an organisation has 256 characters",
        ),
        (
            Change("policy", "me", "x", names={"o": Names(en="\0")}),
            "the name of o is '\\x00'",
        ),
    ],
)
def test_a_change_that_no_version_can_be_is_refused(
    store: Store, change: Change, problem: str
) -> None:
    """What the log could not hold as it is, is refused before anything is written."""
    with pytest.raises(StoreError) as caught, store.writing() as writer:
        writer.commit(change)
    assert str(caught.value).startswith(problem)
    assert store.head() == 0


def test_a_writer_decides_on_what_it_finds(store: Store, commit: Commit) -> None:
    """Within a transaction the writer sees the contents that its change will meet."""
    commit(store, add=(READ,))
    with store.writing() as writer:
        assert writer.load() == Contents(1, None, None, (READ,), {})
        assert writer.head == 1
        change = Change("policy", "me", "x", remove=writer.load().lines)
        assert writer.commit(change) == 2
    assert store.load().lines == ()


def test_leaving_without_a_commit_writes_nothing(store: Store) -> None:
    """A writer that looked and decided against a change leaves no version."""
    with store.writing() as writer:
        assert writer.find((READ,)) == {}
    assert store.versions() == ()


def test_an_exception_takes_the_commit_back(store: Store, dump: Dump) -> None:
    """What fails after the commit but within the block undoes it."""
    before = dump(store)
    change = Change("policy", "me", "x", add=(READ,))
    with pytest.raises(ZeroDivisionError), store.writing() as writer:
        assert 1 / (writer.commit(change) - 1)
    assert dump(store) == before


def test_a_commit_that_failed_half_way_is_never_completed(
    store: Store, monkeypatch: pytest.MonkeyPatch, dump: Dump
) -> None:
    """Even a caller that catches the error and goes on gets nothing written."""
    before = dump(store)

    def _fail(*_: object) -> None:
        message = "half way"
        raise StoreError(message)

    monkeypatch.setattr("oikeus.store.recording._log", _fail)
    with store.writing() as writer:
        with pytest.raises(StoreError, match="half way"):
            writer.commit(Change("policy", "me", "x", add=(READ,)))
        with pytest.raises(StoreError, match="a second change in one transaction"):
            writer.commit(Change("policy", "me", "x", add=(TREE,)))
    assert dump(store) == before


@pytest.mark.parametrize("before", [0, 6_000])
def test_what_a_server_refuses_is_told_without_its_values(
    postgresql: str, before: int
) -> None:
    """Of few rows that are sent together, and of many in a stream: nothing is left."""
    with Store.open(postgresql) as store:
        with store.database.writing() as connection:
            connection.exec_driver_sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'not this one'; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON casbin_rule FOR EACH ROW "
                "WHEN (NEW.v0 = 'person:secret') EXECUTE FUNCTION refuse()"
            )
        who = (*(f"person:{number}" for number in range(before)), "person:secret")
        lines = tuple(Line("g", (each, "role:a", "x")) for each in who)
        with pytest.raises(StoreError) as caught, store.writing() as writer:
            writer.commit(Change("policy", "me", "x", add=lines))
        assert str(caught.value).endswith("cannot be used: not this one")
        assert store.head() == 0
        assert store.load().lines == ()


def test_a_transaction_holds_one_change(store: Store) -> None:
    """One transaction is one version: a second change takes the first one back."""
    changes = [Change("policy", "me", "x", add=(line,)) for line in (READ, TREE)]
    with pytest.raises(StoreError) as caught, store.writing() as writer:
        assert [writer.commit(change) for change in changes]
    assert str(caught.value) == "a second change in one transaction, expected one"
    assert store.head() == 0


def test_lines_are_found_among_many_by_content(store: Store, commit: Commit) -> None:
    """Lines are found however many are asked for, and never a shorter or longer one."""
    lines = tuple(
        Line("g", (f"person:{number}", "role:a", "x")) for number in range(250)
    )
    commit(store, add=lines)
    longer = Line("g", ("person:1", "role:a", "x", ""))
    shorter = Line("g", ("person:1", "role:a"))
    with store.writing() as writer:
        found = writer.find((*lines, longer, shorter))
        assert tuple(found) == lines
    commit(store, remove=lines[:249])
    assert store.load().lines == lines[249:]


def test_a_row_with_a_missing_middle_value_is_reported_and_can_be_removed(
    store: Store, commit: Commit
) -> None:
    """What only a foreign tool writes is neither hidden nor in the way for ever."""
    with store.database.writing() as connection:
        connection.execute(
            text("INSERT INTO casbin_rule (ptype, v0, v2) VALUES ('g', 'a', 'c')")
        )
        connection.execute(text("INSERT INTO casbin_rule (v1) VALUES ('b')"))
        connection.execute(text("INSERT INTO casbin_rule (ptype) VALUES ('p')"))
    lines = store.load().lines
    assert lines == (Line("g", ("a", "", "c")), Line("", ("", "b")), Line("p", ()))
    commit(store, remove=lines)
    assert store.load().lines == ()
    # what was found, and that it went
    assert "".join(each.op for each in store.changes(1)) == "+++---"


BAD = "\N{REPLACEMENT CHARACTER}"


@pytest.fixture
def spoilt(sqlite: str, commit: Commit) -> Iterator[Store]:
    """A file with rows that hold bytes, as text and as what they are."""
    with Store.open(sqlite) as store:
        commit(store, add=(READ,))
        with store.database.writing() as connection:
            for ptype, value in (
                ("'x'", "x'00ff'"),
                ("'g2'", "cast(x'6131ff' as text)"),
                ("'g2'", "cast(x'6131fe' as text)"),
                ("'g3'", f"'{BAD}a1\\xff'"),
                ("x'67'", "'person:a'"),
                ("'g'", "x'67'"),
            ):
                statement = (
                    f"INSERT INTO casbin_rule (ptype, v0) VALUES ({ptype}, {value})"  # noqa: S608 # ours
                )
                connection.execute(text(statement))
        yield store


def test_a_value_that_is_not_text_makes_a_line_that_decides_nothing(
    spoilt: Store,
) -> None:
    """SQLite keeps bytes; they are shown, and never as a line that there could be."""
    expected = (
        READ,
        Line(f"{BAD}x", (f"{BAD}\0\\xff",)),
        Line(f"{BAD}g2", (f"{BAD}a1\\xff",)),
        Line(f"{BAD}g2", (f"{BAD}a1\\xfe",)),
        Line("g3", (f"{BAD}a1\\xff",)),
        Line(f"{BAD}{BAD}g", ("person:a",)),
        Line(f"{BAD}g", (f"{BAD}g",)),
    )
    assert spoilt.load().lines == expected
    assert all(type(value) is str for line in expected for value in line.values)


def test_a_line_that_is_not_text_can_be_removed(spoilt: Store, commit: Commit) -> None:
    """By what is shown of it; and other lines can be written while it is there."""
    assert commit(spoilt, add=(TREE,), remove=(READ,)) == 2
    for line in spoilt.load().lines[:-1]:
        commit(spoilt, remove=(line,))
    assert spoilt.load().lines == (TREE,)
    assert str(spoilt.changes(4)[0].line.values[0]) == f"{BAD}a1\\xff"


def test_a_value_that_is_longer_than_any_can_be_removed(
    sqlite: str, commit: Commit
) -> None:
    """SQLite keeps what a column has no room for, and a foreign tool may write it."""
    with Store.open(sqlite) as store:
        with store.database.writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO casbin_rule (ptype, v0) "
                    "VALUES ('p', hex(zeroblob(200)))"
                )
            )
        assert commit(store, remove=store.load().lines) == 1
        assert store.load().lines == ()


def test_other_text_that_is_not_text_hinders_nobody(
    sqlite: str, commit: Commit, unguard: Unguard
) -> None:
    """A spoilt message is shown as far as it can be read; nothing is raised of it."""
    with Store.open(sqlite) as store:
        commit(store, add=(READ,), message="why")
        unguard(store)
        with store.database.writing() as connection:
            connection.execute(
                text("UPDATE oikeus_version SET message = cast(x'61ff' as text)")
            )
        assert str(store.versions()[0].message) == f"{BAD}a\\xff"
        assert store.head_mark() == store.head_mark()


def test_lines_of_one_kind_are_read_alone(store: Store, commit: Commit) -> None:
    """A block need not read all grants to know the kinds of holders."""
    commit(store, add=(READ, TREE, Line("g2", ("1.3", "1.1"))))
    with store.writing() as writer:
        assert writer.of_kind("g2") == (TREE, Line("g2", ("1.3", "1.1")))
        assert writer.of_kind("g9") == ()


def test_a_line_that_one_database_could_not_index_is_refused_by_both(
    store: Store, commit: Commit
) -> None:
    """What SQLite takes can be moved to PostgreSQL; 2,500 bytes fit into both."""
    with pytest.raises(StoreError, match="has 4591 bytes of UTF-8, expected 2500"):
        commit(store, add=(Line("p", ("字" * 255,) * 6),))
    rare = "".join(chr(0x4E00 + number * 37) for number in range(208))
    longest = Line("p", (rare, rare[::-1], rare[5:] + "字" * 5, rare[9:] + "字" * 9))
    assert sum(len(value.encode()) for value in longest.values) + 1 == 2497
    commit(store, add=(longest,))
    assert store.load().lines == (longest,)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (0, "there is no version of that number, expected 1 or a later one"),
        (-1, "there is no version of that number, expected 1 or a later one"),
        (10**30, "there is no version of that number, expected 1 or a later one"),
        pytest.param(
            10**5000,
            "there is no version of that number, expected 1 or a later one",
            id="huge",
        ),
        ("\ud800", "the number of a version is '\\ud800', expected a whole number"),
        (None, "the number of a version is None, expected a whole number"),
        (True, "the number of a version is True, expected a whole number"),
    ],
)
def test_what_is_no_number_of_a_version_is_refused(
    sqlite: str, number: int, problem: str
) -> None:
    """As an error of the store, whatever was given."""
    with Store.open(sqlite) as store, pytest.raises(StoreError) as caught:
        store.changes(number)
    assert str(caught.value) == problem


def test_the_mark_of_the_head_tells_restored_versions_apart(
    store: Store, commit: Commit
) -> None:
    """A version has the digest of all that led to it, and no other has."""
    assert store.head_mark() == Mark(0)
    commit(store, add=(READ,), message="one")
    first = store.head_mark()
    assert first == store.head_mark()
    assert first == Mark(1, store.versions()[0].digest)
    with Store.open("sqlite://") as other:
        commit(other, add=(READ,), message="two")
        assert other.head_mark() != first


def test_a_version_that_is_not_there_is_an_error(store: Store) -> None:
    """Asking for the changes of an unknown version is no empty answer."""
    with pytest.raises(StoreError, match="there is no version 3"):
        store.changes(3)


def test_a_missing_head_is_an_error(store: Store, unguard: Unguard) -> None:
    """Without its head nobody can say what a database stands for."""
    unguard(store)
    with store.database.writing() as connection:
        connection.execute(text("DELETE FROM oikeus_head"))
    with pytest.raises(StoreError) as caught:
        store.load()
    expected = "the table oikeus_head is empty, expected the number of a version"
    assert str(caught.value) == expected
