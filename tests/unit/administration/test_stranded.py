"""Grants that a change strands: which, by what case, and what happens to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from oikeus import Case, Consequence, Grant, Line, Span, Store
from oikeus.administration import stranded as module
from oikeus.administration.states import State, state_of
from oikeus.administration.stranded import (
    Stranded,
    find_stranded,
    revoked,
    spared,
    without,
)
from oikeus.terms import Source

Rows = tuple[tuple[str, ...], ...]

DAY = date(2026, 6, 1)
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
OTHER = ("g2", "1.3", "1.0"), ("g4", "1.3", "level:school"), ("g2", "1.3", "mode:paper")


def clerk(place: str = "1.1", subject: str = "person:a", span: Span = YEAR) -> Grant:
    """Somebody works somewhere."""
    return Grant(subject, "role:clerk", place, span)


def head(place: str = "1.1", subject: str = "person:head") -> Grant:
    """Somebody runs a school."""
    return Grant(subject, "role:head", place, YEAR)


def lines(*rows: tuple[str, ...]) -> tuple[Line, ...]:
    """Rows as lines."""
    return tuple(Line(ptype, tuple(values)) for ptype, *values in rows)


def changed(state: State, add: Rows = (), remove: Rows = ()) -> State:
    """The same, but for some rows."""
    gone = {*lines(*remove)}
    assert gone <= {*state.contents.lines}
    kept = tuple(line for line in state.contents.lines if line not in gone)
    return state_of(replace(state.contents, lines=(*kept, *lines(*add))))


@pytest.fixture
def world(loaded: Store) -> Callable[..., State]:
    """The small world with grants in it, and a catalogue that says so of cases."""

    def make(*grants: Grant, add: Rows = (), **said: str) -> State:
        contents = loaded.load()
        text = f"{contents.catalogue}circumstances:\n"
        text += "".join(f"  {case}: {word}\n" for case, word in said.items())
        every = (
            *contents.lines,
            *lines(*add),
            *(grant.line for grant in grants),
        )
        catalogue = text if said else contents.catalogue
        return state_of(replace(contents, lines=every, catalogue=catalogue))

    return make


World = Callable[..., State]

PAPER = ("g2", "1.1", "mode:paper")
SCREEN = ("g2", "1.1", "mode:screen")
PASSIVE = ("g2", "1.1", "status:passive")
POWER = ("p2", "role:head", "role:clerk", "mode:paper", "active")
CHANGES: Mapping[str, tuple[Rows, Rows, Case]] = {
    "another mode": ((SCREEN,), (PAPER,), Case.MODE),
    "no mode": ((), (PAPER,), Case.MODE),
    "passive": ((PASSIVE,), (), Case.PASSIVE),
    "a level of the role": ((), (("g4", "level:school", "role:clerk"),), Case.LEVEL),
    "a level of the place": ((), (("g4", "1.1", "level:school"),), Case.LEVEL),
    "the power": ((), (POWER,), Case.POWER),
    "the role": ((), (("g3", "role:clerk", "person"),), Case.ROLE),
    "another kind": (
        (("g3", "role:clerk", "system"),),
        (("g3", "role:clerk", "person"),),
        Case.ROLE,
    ),
    "a move": ((("g2", "1.1", "1.2"),), (("g2", "1.1", "1.0"), PAPER), Case.MOVE),
    "passive, and another mode": ((SCREEN, PASSIVE), (PAPER,), Case.MODE),
}


@pytest.mark.parametrize(
    ("add", "remove", "case"), CHANGES.values(), ids=CHANGES.keys()
)
def test_grant_that_no_rule_allows_any_more_is_listed_by_its_case(
    world: World, add: Rows, remove: Rows, case: Case
) -> None:
    """And is flagged where the catalogue says nothing."""
    before = world(clerk())
    found = find_stranded(before, changed(before, add, remove), DAY)
    assert found == (Stranded(clerk(), case, Consequence.FLAG),)
    assert revoked(found) == ()


def test_what_was_barred_before_is_not_what_changes(world: World) -> None:
    """A grant without a mode is none the worse for a passive organisation."""
    before = world(clerk("1.2"), clerk("1.1.9"))
    passive = (("g2", "1.2", "status:passive"), ("g2", "1.1.9", "mode:screen"))
    assert find_stranded(before, changed(before, passive), DAY) == ()


def test_grants_that_ended_count_for_nothing(world: World) -> None:
    """Those that are to begin do, and a row that is none is passed over."""
    past = clerk(subject="person:b", span=Span(YEAR.first, date(2026, 5, 31)))
    last = clerk(subject="person:c", span=Span(YEAR.first, DAY))
    later = clerk(subject="person:d", span=Span(YEAR.last, YEAR.last))
    odd = (
        ("g", "person:e", "role:clerk", "1.1"),
        ("g", "person:x@y", *last.line.values[1:]),
    )
    before = world(past, last, later, add=odd)
    found = find_stranded(before, changed(before, (SCREEN,), (PAPER,)), DAY)
    assert [each.grant for each in found] == [last, later]


def test_role_of_policy_files_is_stranded_only_when_it_decides_nothing(
    world: World,
) -> None:
    """No power gave it before either."""
    chief = Grant("person:chief", "role:chief", "1.0", YEAR)
    before = world(chief)
    assert find_stranded(before, changed(before, (SCREEN,), (PAPER,)), DAY) == ()
    gone = changed(before, (), (("g4", "level:root", "role:chief"),))
    assert [each.case for each in find_stranded(before, gone, DAY)] == [Case.LEVEL]


def test_new_grant_is_not_stranded_by_the_version_that_brings_it(world: World) -> None:
    """Loads and imports judge it in their own words."""
    before = world()
    after = changed(before, (SCREEN, ("g", *clerk().line.values)), (PAPER,))
    assert find_stranded(before, after, DAY) == ()


def test_catalogue_says_what_happens(world: World) -> None:
    """Per case, and of two causes the one that does more to the grant counts."""
    before = world(clerk(), mode="stay", passive="revoke")
    found = find_stranded(before, changed(before, (SCREEN, PASSIVE), (PAPER,)), DAY)
    assert found == (Stranded(clerk(), Case.PASSIVE, Consequence.REVOKE),)
    assert revoked(found) == (clerk().line,)
    assert spared(found) == (Stranded(clerk(), Case.PASSIVE, Consequence.FLAG),)
    found = find_stranded(before, changed(before, (SCREEN,), (PAPER,)), DAY)
    assert found == spared(found) == (Stranded(clerk(), Case.MODE, Consequence.STAY),)


def test_what_files_state_is_flagged_at_most(world: World) -> None:
    """People change files, and the next load would bring it back."""
    state = world(mode="revoke")
    stated = replace(clerk().line, source=Source("policies/a.csv", 1))
    contents = replace(state.contents, lines=(*state.contents.lines, stated))
    before = state_of(contents)
    found = find_stranded(before, changed(before, (SCREEN,), (PAPER,)), DAY)
    assert [each.consequence for each in found] == [Consequence.FLAG]


def given(**by: Grant) -> Callable[[], Mapping[Line, str]]:
    """Who gave which grant."""
    return lambda: {grant.line: f"person:{who}" for who, grant in by.items()}


def test_grant_whose_granter_no_longer_could_is_listed(world: World) -> None:
    """Where another still could: then it is the granter who is missing."""
    before = world(clerk(), head())
    after = changed(before, (), (("g", *head().line.values),))
    found = find_stranded(before, after, DAY, given(head=clerk()))
    assert found == (Stranded(clerk(), Case.GRANTER, Consequence.FLAG, "person:head"),)
    assert find_stranded(before, before, DAY, given(head=clerk())) == ()
    # nobody, or somebody who could not before either
    assert find_stranded(before, after, DAY) == ()
    assert find_stranded(before, after, DAY, given(other=clerk())) == ()
    odd = {clerk().line: "no subject"}
    assert find_stranded(before, after, DAY, lambda: odd) == ()


def test_nobody_asks_who_gave_a_grant_that_stays(world: World) -> None:
    """A grant outlives its granter's right (ruling E)."""
    before = world(clerk(), head(), granter="stay", move="stay")
    after = changed(before, (), (("g", *head().line.values),))

    def asked() -> Mapping[Line, str]:
        raise AssertionError

    assert find_stranded(before, after, DAY, asked) == ()
    before = world(clerk(), head(), granter="stay")
    after = changed(before, (), (("g", *head().line.values),))
    assert find_stranded(before, after, DAY, given(head=clerk())) == ()


def test_place_that_moves_out_of_a_granters_reach_is_a_move(world: World) -> None:
    """Whatever the catalogue says of granters."""
    office = clerk("1.1.1")
    before = world(office, head(), add=OTHER, granter="stay")
    after = changed(before, (("g2", "1.1.1", "1.3"),), (("g2", "1.1.1", "1.1"),))
    found = find_stranded(before, after, DAY, given(head=office))
    assert found == (Stranded(office, Case.MOVE, Consequence.FLAG, "person:head"),)


def test_what_is_revoked_takes_along_what_rested_on_it(world: World) -> None:
    """As far as the catalogue revokes what a granter no longer could give."""
    before = world(clerk(), head(), level="revoke", granter="revoke")
    after = changed(before, (), (("g4", "level:school", "role:head"),))
    found = find_stranded(before, after, DAY, given(head=clerk()))
    # nobody can hold the role that gives it: this alone strands both
    assert {each.case for each in found} == {Case.LEVEL}
    second = Grant("person:b", "role:head", "1.1", YEAR)
    before = world(clerk(), second, mode="revoke", granter="revoke")
    power = ("p2", "role:chief", "role:head", "*", "*")
    narrow = ("p2", "role:chief", "role:head", "mode:screen", "*")
    after = changed(before, (narrow,), (power,))
    found = find_stranded(before, after, DAY, given(b=clerk()))
    assert found == (
        Stranded(second, Case.MODE, Consequence.REVOKE),
        Stranded(clerk(), Case.GRANTER, Consequence.REVOKE, "person:b"),
    )


def test_state_without_grants_decides_without_them(world: World) -> None:
    """And the same where there are none to leave out."""
    state = world(clerk())
    assert without(state, ()) is state
    less = without(state, (clerk().line,))
    assert clerk().line not in less.contents.lines
    assert not less.snapshot.facts.of("person:a")


def test_policy_without_a_catalogue_flags(world: World) -> None:
    """As one that says nothing."""
    state = world(clerk())
    plain = replace(state, snapshot=replace(state.snapshot, catalogue=None))
    after = changed(state, (SCREEN,), (PAPER,))
    bare = replace(after, snapshot=replace(after.snapshot, catalogue=None))
    found = find_stranded(plain, bare, DAY)
    assert [each.consequence for each in found] == [Consequence.FLAG]


def test_nothing_is_asked_where_nothing_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What roles may do is no matter of who may hold them."""
    before = world(clerk())
    rule = ("p", "role:clerk", "file", "read", "allow")
    monkeypatch.delattr(module, "AlikeChecks")
    assert find_stranded(before, changed(before, (), (rule,)), DAY) == ()
