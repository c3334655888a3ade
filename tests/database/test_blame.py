"""Requirements on blame: each line in force with the version that brought it."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, update

from oikeus.errors import StoreError
from oikeus.store import Blamed, Change, LineFilter, Store
from oikeus.store.tables import casbin_rule
from oikeus.terms import Line, Source

Commit = Callable[..., int]
Scans = Callable[..., set[str]]

RULE = Line("p", ("role:a", "hoks", "read", "allow"), Source("p/a.csv", 3, "R1: why"))
GRANT = Line("g", ("person:1", "role:b", "1.2@2026-01-01..2026-12-31"))
OTHER = Line("g", ("person:ä \"',", "role:c", "1.3@2026-01-01..2026-12-31"))


def blamed(store: Store, only: LineFilter | None = None) -> list[Blamed]:
    """The lines found, in their order."""
    with store.blame(only) as found:
        return [*found]


def brought(store: Store, only: LineFilter | None = None) -> dict[Line, int | None]:
    """The version of each line."""
    return {each.line: each.version for each in blamed(store, only)}


def test_line_is_blamed_on_the_version_that_brought_it(store: Store) -> None:
    """With who did it, on whose power, when and why."""
    change = Change("grants", "os:me", "new", add=(GRANT,), granter="person:2")
    with store.writing() as writer:
        writer.commit(change)
    (version,) = store.versions()
    assert blamed(store) == [
        Blamed(GRANT, 1, version.time, "os:me", "person:2", "grants", "new")
    ]


def test_line_that_moved_keeps_its_version_and_has_its_newer_source(
    store: Store, commit: Commit
) -> None:
    """Who wrote it elsewhere did not give the right."""
    commit(store, add=(RULE,))
    commit(store, add=(Line(RULE.ptype, RULE.values, Source("p/b.csv", 1, "R2: x")),))
    (found,) = blamed(store)
    assert (found.version, found.line.source) == (1, Source("p/b.csv", 1, "R2: x"))


def test_line_that_came_back_is_blamed_on_its_last_coming(
    store: Store, commit: Commit
) -> None:
    """What was before it went explains nothing now in force."""
    commit(store, add=(GRANT, OTHER))
    commit(store, remove=(GRANT,))
    commit(store, add=(GRANT,))
    assert brought(store) == {OTHER: 1, GRANT: 3}


def test_line_in_the_place_of_another_is_blamed_on_its_own_version(
    store: Store, commit: Commit
) -> None:
    """A place has the history of all lines that stood there."""
    commit(store, add=(GRANT,))
    with store.writing() as writer:
        change = Change("casbin", "os:me", "swap", add=(OTHER,), remove=(GRANT,))
        writer.commit(change, in_place={OTHER: GRANT})
    assert brought(store) == {OTHER: 2}


def test_line_that_no_version_explains_has_none(store: Store, commit: Commit) -> None:
    """Written or changed behind the log."""
    commit(store, add=(GRANT, OTHER))
    values = dict(zip(("ptype", "v0", "v1"), ("g3", "role:b", "person"), strict=True))
    with store.database.writing() as connection:
        connection.execute(insert(casbin_rule).values(id=77, **values))
        edit = update(casbin_rule).where(casbin_rule.c.v0 == GRANT.values[0])
        connection.execute(edit.values(v1="role:root"))
    edited = Line("g", ("person:1", "role:root", GRANT.values[2]))
    found = {each.line: each for each in blamed(store)}
    assert found[OTHER].version == 1
    assert found[edited] == Blamed(edited)
    assert found[Line("g3", ("role:b", "person"))].version is None


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (LineFilter(subject="person:1"), {GRANT}),
        (LineFilter(subject="person:ä \"',"), {OTHER}),
        (LineFilter(role="role:a"), {RULE}),
        (LineFilter(role="role:c"), {OTHER}),
        (LineFilter(organisations=("1.2", "9")), {GRANT}),
        (LineFilter(kinds=("p", "p2")), {RULE}),
        (LineFilter(subject="person:1", kinds=("p",)), set()),
        (None, {RULE, GRANT, OTHER}),
    ],
)
def test_only_the_lines_asked_for_are_given(
    store: Store, commit: Commit, only: LineFilter | None, expected: set[Line]
) -> None:
    """By subject, role, organisation and kind."""
    commit(store, add=(RULE, GRANT, OTHER))
    assert brought(store, only) == dict.fromkeys(expected, 1)


def test_word_that_no_column_can_hold_is_refused(store: Store) -> None:
    """One of the databases would fail on it in its own words."""
    with pytest.raises(StoreError, match="with a character that no database keeps"):
        blamed(store, LineFilter(subject="\0"))


def test_blame_reads_the_log_by_its_indexes(
    sqlite: str, commit: Commit, scans: Scans
) -> None:
    """However long it is: from each line to its own history."""
    with Store.open(sqlite) as store:
        commit(store, add=(GRANT,))
        assert scans(store, lambda: blamed(store)) == {"SCAN casbin_rule"}
        for only in (LineFilter(subject="person:1"), LineFilter(role="role:b")):
            assert scans(store, lambda only=only: blamed(store, only)) == set()


def of_origin(store: Store, origin: str) -> tuple[Line, ...]:
    """The grants that versions of this origin brought, by both ways to ask."""
    with store.reading() as reader:
        read = reader.grants_of_origin(origin)
    with store.writing() as writer:
        assert writer.grants_of_origin(origin) == read
    return read


def test_grants_of_an_origin_are_those_it_brought_last(store: Store) -> None:
    """Neither what another act gave again, nor what has left, nor any other line."""
    first, again, gone = (
        Line("g", (f"person:{name}", "role:b", "1.2@2026-01-01..2026-12-31"))
        for name in ("first", "again", "gone")
    )
    place = Line("g2", ("1.2", "1.0"))
    for change in (
        Change("cas", "os:me", "", add=(first, again, gone, place)),
        Change("cas", "os:me", "", add=(OTHER,)),
        Change("grants", "os:me", "", add=(GRANT,), remove=(again, gone)),
        Change("grants", "os:me", "", add=(again,)),
    ):
        with store.writing() as writer:
            writer.commit(change)
    assert of_origin(store, "cas") == (first, OTHER)
    assert of_origin(store, "grants") == (GRANT, again)
    assert of_origin(store, "policy") == ()


def test_grant_that_a_file_holds_now_is_of_no_origin(store: Store) -> None:
    """Whoever brought it, it is the files' from then on."""
    with store.writing() as writer:
        writer.commit(Change("cas", "os:me", "", add=(GRANT,)))
    written = Line("g", GRANT.values, Source("p/grants.csv", 1))
    with store.writing() as writer:
        writer.commit(Change("policy", "os:me", "", add=(written,)))
    assert brought(store) == {GRANT: 1}
    assert of_origin(store, "cas") == ()


def test_grant_that_went_past_the_log_is_of_no_origin(store: Store) -> None:
    """Nothing tells who brought what stands there now."""
    with store.writing() as writer:
        writer.commit(Change("cas", "os:me", "", add=(GRANT,)))
    with store.database.writing() as connection:
        connection.execute(update(casbin_rule).values(v0="person:2"))
    assert of_origin(store, "cas") == ()
