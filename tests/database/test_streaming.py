"""Requirements on reading in parts: grants as a stream, every other row as a line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from oikeus.errors import StoreError
from oikeus.store import Mark, Reader, Store
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]

READ = Line("p", ("role:reader", "hoks", "read", "allow"), Source("a.csv", 3, "R1: x"))
TREE = Line("g2", ("1.2", "1.1"))
GRANTS = tuple(
    Line("g", (f"person:{number}", "role:reader", "1.2")) for number in range(7)
)
BAD = "\N{REPLACEMENT CHARACTER}"

ODD = (
    "('g', 'a', NULL, 'c', NULL, NULL, NULL)",
    "('g', NULL, 'b', 'c', NULL, NULL, NULL)",
    "('g', 'a', '', 'd', NULL, NULL, NULL)",
    "('g', 'a', 'b', NULL, NULL, NULL, NULL)",
    "('g', 'a', 'b', 'c', 'd', NULL, NULL)",
    "('g', 'a', 'b', 'c', '', NULL, NULL)",
    "('g', 'a', 'b', 'c', NULL, NULL, 'f')",
    "('G', 'a', 'b', 'c', NULL, NULL, NULL)",
    "('g ', 'a', 'b', 'c', NULL, NULL, NULL)",
    "('g2', 'a', 'b', 'c', NULL, NULL, NULL)",
    "(NULL, 'a', 'b', 'c', NULL, NULL, NULL)",
    "(NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
)
PLAIN = ("('g', ' ', 'b', 'ä€𐍈', NULL, NULL, NULL)",)
BYTES = (
    "('g', 'a', x'62', 'c', NULL, NULL, NULL)",
    "('g', x'', 'b', 'c', NULL, NULL, NULL)",
    "(x'67', 'a', 'b', 'c', NULL, NULL, NULL)",
    "(cast(x'67ff' as text), 'a', 'b', 'c', NULL, NULL, NULL)",
    "(cast(x'6700' as text), 'a', 'b', 'c', NULL, NULL, NULL)",
)
NO_TEXT = (
    "('g', cast(x'6eff' as text), 'b', 'c', NULL, NULL, NULL)",
    "('g', 'a', cast(x'eda080' as text), 'c', NULL, NULL, NULL)",
    "('g', 'a', 'b', cast(x'c3' as text), NULL, NULL, NULL)",
)


def _insert(store: Store, *rows: str) -> None:
    """Write rows as a foreign tool may."""
    with store.database.writing() as connection:
        for row in rows:
            insert = "INSERT INTO casbin_rule (ptype, v0, v1, v2, v3, v4, v5) VALUES "
            connection.execute(text(insert + row))


def _grants(reader: Reader) -> list[Line]:
    return [Line("g", values) for batch in reader.grants() for values in batch]


@pytest.fixture
def filled(store: Store, commit: Commit) -> Store:
    """Grants among other lines, with texts and names, at version 1."""
    names = {"1.2": Names("Opisto")}
    lines = (*GRANTS[:4], READ, *GRANTS[4:], TREE)
    commit(store, add=lines, model="[m]", catalogue="roles:", names=names)
    return store


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oikeus.store.streaming._FETCHED", 2)


def test_a_reader_has_all_that_a_load_has(filled: Store) -> None:
    """In parts: the grants in their order, and the other lines with their sources."""
    contents = filled.load()
    with filled.reading() as reader:
        assert _grants(reader) == list(GRANTS)
        assert list(reader.lines()) == [READ, TREE]
        assert next(reader.lines()).source == READ.source
        assert reader.count() == len(contents.lines)
        assert (reader.version, reader.mark) == (1, filled.head_mark())
        assert (reader.model, reader.catalogue) == ("[m]", "roles:")
        assert reader.names == contents.names
        assert reader.unreadable == ()


def test_a_reader_finds_what_little_is_asked(filled: Store) -> None:
    """A kind of lines, or whether anybody holds anything, without reading the rest."""
    _insert(filled, "('g', 'person:odd', NULL, 'c', NULL, NULL, NULL)")
    with filled.reading() as reader:
        assert reader.of_kind("g2") == (TREE,)
        assert reader.of_kind("g9") == ()
        assert reader.has_grant("person:0")
        assert reader.has_grant("person:odd")
        assert not reader.has_grant("1.2")


def test_an_empty_database_is_read_as_one(store: Store) -> None:
    """No version, no text, no line."""
    with store.reading() as reader:
        assert (reader.mark, reader.version, reader.count()) == (Mark(0), 0, 0)
        assert (reader.model, reader.catalogue, dict(reader.names)) == (None, None, {})
        assert (list(reader.grants()), list(reader.lines())) == ([], [])


def test_grants_come_in_batches_while_other_lines_are_read(filled: Store) -> None:
    """A stream is not in the way of another, nor one that is left half read."""
    with filled.reading() as reader:
        half = reader.grants()
        assert [len(batch) for batch in (next(half), next(half))] == [2, 2]
        assert list(reader.lines()) == [READ, TREE]
        assert [len(batch) for batch in reader.grants()] == [2, 2, 2, 1]
        assert [len(batch) for batch in half] == [2, 1]


def test_odd_rows_are_lines_and_no_grants(filled: Store) -> None:
    """Three texts, none blank, are a grant; the rest is what a load makes of it."""
    _insert(filled, *ODD, *PLAIN)
    loaded = filled.load().lines
    with filled.reading() as reader:
        grants, lines = _grants(reader), list(reader.lines())
    assert grants == [*GRANTS, Line("g", (" ", "b", "ä€𐍈"))]
    assert len(lines) == 2 + len(ODD)
    assert lines == [line for line in loaded if line not in set(grants)]


@pytest.fixture
def spoilt(sqlite: str, commit: Commit) -> Iterator[Store]:
    """A file in which rows hold what is no text, before, among and after grants."""
    with Store.open(sqlite) as store:
        _insert(store, NO_TEXT[0], BYTES[0])
        commit(store, add=(*GRANTS[:3], READ))
        _insert(store, *NO_TEXT[1:], *BYTES[1:])
        commit(store, add=GRANTS[3:])
        yield store


def test_what_is_no_text_never_becomes_a_grant(spoilt: Store) -> None:
    """Bytes are lines of no kind, and so is what turns out to be no UTF-8."""
    loaded = spoilt.load().lines
    with spoilt.reading() as reader:
        lines, grants = list(reader.lines()), _grants(reader)
        unreadable = reader.unreadable
        assert _grants(reader) == grants
        assert reader.unreadable == unreadable
    assert grants == list(GRANTS)
    assert {line.ptype for line in unreadable} == {f"{BAD}g"}
    assert [line.values for line in unreadable] == [
        (f"{BAD}n\\xff", "b", "c"),
        ("a", f"{BAD}\\xed\\xa0\\x80", "c"),
        ("a", "b", f"{BAD}\\xc3"),
    ]
    assert all(type(value) is str for line in unreadable for value in line.values)
    assert len(lines) == 1 + len(BYTES)
    assert sorted(map(str, (*lines, *grants, *unreadable))) == sorted(map(str, loaded))


@pytest.mark.parametrize("before", range(6))
def test_no_grant_is_lost_or_given_twice_around_what_is_no_text(
    sqlite: str, commit: Commit, before: int
) -> None:
    """Wherever in a batch the row stands."""
    with Store.open(sqlite) as store:
        commit(store, add=(READ, *GRANTS[:before]))
        _insert(store, NO_TEXT[0])
        commit(store, add=GRANTS[before:])
        with store.reading() as reader:
            assert _grants(reader) == list(GRANTS)
            assert len(reader.unreadable) == 1


def test_text_that_is_none_is_still_no_error_elsewhere(spoilt: Store) -> None:
    """The faster way to read grants is left again at once."""
    with spoilt.reading() as reader:
        assert next(reader.grants()) == [GRANTS[0].values]
        assert len(list(reader.lines())) == 1 + len(BYTES)


def test_a_reader_sees_one_moment(postgresql: str, commit: Commit) -> None:
    """What is committed while it reads is in none of its parts."""
    with Store.open(postgresql) as store:
        commit(store, add=GRANTS)
        with store.reading() as reader:
            stream = reader.grants()
            first = next(stream)
            commit(store, add=(READ,), remove=GRANTS, model="[m]")
            rest = [values for batch in stream for values in batch]
            assert [*first, *rest] == [line.values for line in GRANTS]
            assert (list(reader.lines()), reader.model) == ([], None)
            assert reader.since(reader.mark) is not None
            assert reader.version == 1


def test_a_server_keeps_what_is_not_read_yet(postgresql: str, commit: Commit) -> None:
    """The driver does not hold a million rows because two were asked for."""
    with Store.open(postgresql) as store:
        commit(store, add=GRANTS)
        with store.reading() as reader:
            next(reader.grants())
            cursors = text("SELECT name FROM pg_cursors")
            assert reader.connection.scalars(cursors).all() == ["oikeus_grants_1"]


def test_a_reader_of_a_server_writes_nothing(postgresql: str) -> None:
    """The view is for reading, and the server holds to it."""
    with (
        Store.open(postgresql) as store,
        pytest.raises(StoreError, match="can only be read"),
        store.reading() as reader,
    ):
        reader.connection.execute(text("DELETE FROM casbin_rule"))


def test_a_damaged_file_ends_the_stream_with_our_error(
    sqlite: str, commit: Commit
) -> None:
    """What the driver raises is explained as everywhere, and half is not the whole."""
    path = Path(sqlite.removeprefix("sqlite:///"))
    many = [Line("g", (f"person:{n}", "role:a", "x" * 90)) for n in range(3_000)]
    with Store.open(sqlite) as store:
        commit(store, add=tuple(many))
    damaged = bytearray(path.read_bytes())
    damaged[4096 * 40 :] = b"\xa5" * len(damaged[4096 * 40 :])
    path.write_bytes(damaged)
    with (
        Store.open(sqlite) as store,
        pytest.raises(StoreError) as caught,
        store.reading() as reader,
    ):
        list(reader.grants())
    told = "cannot be used: database disk image is malformed"
    assert str(caught.value) == f"the database `{path}` {told}"
