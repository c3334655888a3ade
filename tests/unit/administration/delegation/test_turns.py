"""Turns: decided by the head, one at a time; of a refused one nothing is written."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from oikeus import Administration, Change, RefusedError, verify
from oikeus.administration.delegation.days import span_of
from oikeus.administration.delegation.turns import Barred, Current
from oikeus.loading import load_from

from .conftest import DAY, NEW, PAA, SCHOOL, Desk


def test_acts_of_many_threads_take_turns(desk: Desk) -> None:
    """Each is one version, and none is lost."""

    def work(number: int) -> None:
        for step in range(3):
            subject = f"person:{number}-{step}"
            desk.point.grant(subject, "ehoks-kayttaja", SCHOOL, granter=PAA)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.store.head() == 4 + 12
    assert verify(desk.store).clean


def test_what_is_read_is_the_head_each_time(desk: Desk) -> None:
    """Whoever made it."""
    current = Current(desk.store)
    assert current.snapshot().version == 4
    Administration(desk.store, actor="os:other", today=lambda: DAY).grant(
        NEW, "ehoks-kayttaja", SCHOOL, granter=PAA
    )
    snapshot = current.snapshot()
    assert snapshot.version == 5
    assert len(snapshot.facts.of(NEW)) == 1
    assert current.snapshot() is snapshot


def test_what_is_loaded_already_is_shared(desk: Desk) -> None:
    """And led on, as if it had been loaded here."""
    mark, snapshot = load_from(desk.store)
    sharing = Administration(desk.store, actor="os:tester", today=lambda: DAY)
    sharing.know(mark, snapshot)
    assert sharing.snapshot() is snapshot
    sharing.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert sharing.snapshot().version == 5
    assert not snapshot.facts.of(NEW)
    # what is known by now is not given up for what was
    sharing.know(mark, snapshot)
    assert sharing.snapshot().version == 5


def test_what_is_a_part_or_another_version_is_not_shared(desk: Desk) -> None:
    """An act is judged by all of what is in force."""
    mark, snapshot = load_from(desk.store, under=SCHOOL)
    current = Current(desk.store)
    current.know(mark, snapshot)
    assert current.snapshot().scope is None
    mark, snapshot = load_from(desk.store)
    current = Current(desk.store)
    current.know(replace(mark, number=3), snapshot)
    assert current.snapshot() is not snapshot


def test_a_change_of_rules_counts_in_the_next_turn(desk: Desk) -> None:
    """Other lines are read again then."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    power = next(
        line
        for line in desk.store.load().lines
        if line.ptype == "p2"
        and line.values[:2] == ("role:ehoks-paakayttaja", "role:ehoks-kayttaja")
    )
    with desk.store.writing() as writer:
        writer.commit(Change("policy", "os:tester", "less", remove=(power,)))
    with pytest.raises(RefusedError, match="no power gives `ehoks-kayttaja`"):
        desk.point.grant("person:1", "ehoks-kayttaja", SCHOOL, granter=PAA)
    with desk.store.writing() as writer:
        writer.commit(Change("policy", "os:tester", "more", add=(power,)))
    desk.point.grant("person:1", "ehoks-kayttaja", SCHOOL, granter=PAA)


def test_an_error_in_a_turn_writes_nothing(desk: Desk) -> None:
    """Whatever it is; the next turn begins as if nothing had been."""
    with pytest.raises(ZeroDivisionError), Current(desk.store).turn(lambda: DAY):
        raise ZeroDivisionError
    assert desk.store.head() == 4
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)


def test_a_role_without_validity_is_refused(desk: Desk) -> None:
    """A catalogue that does not know the role cannot say how long it lasts."""
    snapshot = replace(Current(desk.store).snapshot(), catalogue=None)
    with pytest.raises(Barred) as barred:
        span_of(snapshot, "role:tallentaja", DAY, date(2026, 3, 2), DAY)
    assert barred.value.explain().reason == (
        "the catalogue does not say how long `tallentaja` lasts"
    )
