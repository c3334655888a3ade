"""Requirements on looking back: what was in force at any version, read from the log."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from oikeus.errors import StoreError
from oikeus.store import Change, Contents, Mark, Store
from oikeus.terms import Line, Names, Source

Commit = Callable[..., int]

SPAN = "1@2026-01-01..2026-12-31"
LINES = [Line("g", (f"person:{n}", "role:a", SPAN)) for n in range(9)]
RULES = [Line("p", (f"role:{n}", "hoks", "read", "allow")) for n in range(4)]


def _written(line: Line, number: int) -> Line:
    return Line(line.ptype, line.values, Source("p/a.csv", number, f"R{number}: why"))


@pytest.fixture
def history(store: Store, commit: Commit) -> list[Contents]:
    """Thirty versions of chance, and what was in force at each of them."""
    chance = random.Random(7)  # noqa: S311 # no secret
    found = []
    for number in range(1, 31):
        present = {line: line for line in store.load().lines}
        every = [*LINES, *(_written(rule, chance.randrange(3)) for rule in RULES)]
        picked = chance.sample(every, 4)
        gone = {line for line in picked if line in present and chance.random() < 0.3}
        what: dict[str, Any] = {
            "add": tuple(line for line in picked if line not in gone),
            "remove": tuple(gone),
            "catalogue": f"c{number}",
        }
        if chance.random() < 0.3:
            what |= {"model": f"m{number}", "names": {"1": Names(f"n{number}")}}
        commit(store, **what)
        found.append(store.load())
    return found


def test_what_was_in_force_is_read_back_at_every_version(
    store: Store, history: list[Contents]
) -> None:
    """Lines in their order and with their sources, texts and names."""
    for then in history:
        assert store.load(then.version) == then
        sources = {line: line.source for line in store.load(then.version).lines}
        assert sources == {line: line.source for line in then.lines}


def test_it_is_read_in_parts_as_the_head_is(
    store: Store, history: list[Contents]
) -> None:
    """Grants as a stream, then the rest; the mark is that of the version."""
    versions = store.versions()
    for then in history:
        with store.reading(then.version) as reader:
            grants = [row for batch in reader.grants() for row in batch]
            lines = [*reader.lines()]
            rules = [*reader.lines(sources=False)]
            counted = reader.count()
            texts = (reader.model, reader.catalogue, dict(reader.names))
            mark = reader.mark
        given = [line.values for line in then.lines if line.ptype == "g"]
        rest = [line for line in then.lines if line.ptype != "g"]
        assert (grants, lines, rules) == (given, rest, rest)
        assert counted == len(then.lines)
        assert texts == (then.model, then.catalogue, dict(then.names))
        assert mark == Mark(then.version, versions[then.version - 1].digest)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (4, "there is no version 4, expected one of `oikeus log`"),
        (0, "there is no version of that number, expected 1 or a later one"),
        (2**40, "there is no version of that number, expected 1 or a later one"),
        (True, "the number of a version is True, expected a whole number"),
        ("1", "the number of a version is '1', expected a whole number"),
    ],
)
def test_a_version_that_was_never_made_is_an_error(
    store: Store, commit: Commit, number: int, problem: str
) -> None:
    """It is not answered by one that was."""
    commit(store, add=tuple(LINES))
    for attempt in (store.load, lambda at: store.reading(at).__enter__()):
        with pytest.raises(StoreError) as caught:
            attempt(number)
        assert str(caught.value) == problem


def test_looking_back_reads_of_the_log_only_what_was_touched_since(
    sqlite: str, commit: Commit
) -> None:
    """However long it is: by indexes, from what was touched."""
    with Store.open(sqlite) as store:
        commit(store, add=tuple(LINES))
        commit(store, remove=(LINES[0],))
        with store.reading(1) as reader:
            statement = f"EXPLAIN QUERY PLAN SELECT * FROM {reader._rules}"  # noqa: S608, SLF001
            plan = [row[-1] for row in reader.connection.exec_driver_sql(statement)]
    scans = {step for step in plan if step.startswith("SCAN")}
    assert scans == {"SCAN casbin_rule", "SCAN touched"}


def test_lines_that_changed_places_are_found_where_they_were(
    store: Store, commit: Commit
) -> None:
    """Some models decide by the order, so that it is a part of what was in force."""
    one, two, three = RULES[:3]
    commit(store, add=(one, two, three))
    first = store.load()
    swap = Change("casbin", "os:me", "by turns")
    replaced = Change("casbin", "os:me", "one goes", remove=(one,))
    for change, in_place in ((swap, {one: two, two: one}), (replaced, {three: one})):
        with store.writing() as writer:
            writer.commit(change, in_place=in_place)
    assert store.load(1) == first
    assert store.load(2).lines == (two, one, three)
    assert store.load(3) == store.load()
    assert store.load().lines == (two, three)
