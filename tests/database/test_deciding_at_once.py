"""Requirements on those who decide at once: one does, and the other is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import oikeus
from oikeus import ApplicationState, RefusedError, Store, verify

HOME = Path(__file__).resolve().parents[2]
VASTUU = "person:1.2.246.562.24.90100000011"
FIRST = "person:1.2.246.562.24.90100000012"
SECOND = "person:1.2.246.562.24.90100000078"
NEW = "person:1.2.246.562.24.90100000077"
KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
ROLE = "ehoks-kayttaja"


def administration(store: Store) -> oikeus.Administration:
    """Somebody who acts on the first of March 2026, with a snapshot of their own."""
    return oikeus.Administration(
        store, actor="os:tester", today=lambda: date(2026, 3, 1)
    )


def example(name: str) -> str:
    """The text of a file of the examples."""
    return (HOME / "examples" / name).read_text(encoding="utf-8")


@pytest.fixture
def world(store: Store) -> Store:
    """The example world, with two who can grant eHOKS to its users."""
    model = oikeus.load_model(HOME / "model.conf")
    oikeus.apply_policies(store, model, HOME / "policies", actor="os:tester")
    register = {"organisations.json": example("organisations.json")}
    oikeus.import_organisations(store, register, actor="os:tester")
    grants = [("administrators.csv", example("administrators.csv"))]
    oikeus.import_grants(store, grants, actor="os:tester")
    administration(store).grant(SECOND, "ehoks-paakayttaja", KEUDA, granter=VASTUU)
    return store


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment; give what each came to, refusals among it."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except RefusedError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_approvers_one_grants_and_the_other_is_told(world: Store) -> None:
    """Who decided, and how; there is one grant, and one version of it."""
    one, other = administration(world), administration(world)
    asked = one.request(NEW, ROLE, SCHOOL).application.id
    done = at_once(
        lambda: one.approve(asked, granter=FIRST),
        lambda: other.approve(asked, granter=SECOND),
    )
    (approved,) = (each for each in done if isinstance(each, oikeus.Approved))
    (refused,) = (each for each in done if isinstance(each, RefusedError))
    winner = FIRST if isinstance(done[0], oikeus.Approved) else SECOND
    assert approved.application.decided_by == winner
    assert str(refused) == (
        f"refused: application {asked} was granted already, by {winner} in version "
        f"{asked + 1}"
    )
    assert world.head() == asked + 1
    assert [each.values[0] for each in world.load().lines].count(NEW) == 1
    assert verify(world).clean


def test_an_application_is_not_granted_and_rejected_at_once(world: Store) -> None:
    """Nor withdrawn besides: whoever is first decides for all."""
    acting = [administration(world) for _ in range(3)]
    asked = acting[0].request(NEW, ROLE, SCHOOL).application.id
    done = at_once(
        lambda: acting[0].approve(asked, granter=FIRST),
        lambda: acting[1].reject(asked, granter=SECOND, reason="not here"),
        lambda: acting[2].withdraw(asked, subject=NEW),
    )
    refused = [each for each in done if isinstance(each, RefusedError)]
    (found,) = acting[0].applications()
    told = f"application {asked} was {found.state} already, by {found.decided_by} in"
    assert len(refused) == 2
    assert all(told in str(each) for each in refused)
    held = any(line.values[0] == NEW for line in world.load().lines)
    assert held is (found.state is ApplicationState.GRANTED)
    assert world.head() == asked + 1
    assert verify(world).clean


def test_one_of_two_equal_requests_at_once_is_refused(world: Store) -> None:
    """There is never a second open one."""
    one, other = administration(world), administration(world)
    done = at_once(
        lambda: one.request(NEW, ROLE, SCHOOL),
        lambda: other.request(NEW, ROLE, SCHOOL),
    )
    (refused,) = (each for each in done if isinstance(each, RefusedError))
    assert "is the same and open until 2026-04-29" in str(refused)
    assert len(one.applications()) == 1


def test_an_approver_who_is_revoked_meanwhile_approves_nothing(world: Store) -> None:
    """The approval waits for the head, and is judged by what it finds there."""
    acting = administration(world)
    asked = acting.request(NEW, ROLE, SCHOOL).application.id
    power = next(line for line in world.load().lines if line.values[0] == FIRST)
    with ThreadPoolExecutor(1) as pool, world.writing() as writer:
        change = oikeus.Change("revoke", "os:me", "meanwhile", remove=(power,))
        writer.commit(change)
        waiting = pool.submit(acting.approve, asked, granter=FIRST)
        threading.Event().wait(0.2)
        assert not waiting.done()
    refused = waiting.exception()
    assert isinstance(refused, RefusedError)
    assert "has no power over `ehoks-kayttaja`" in str(refused)
    assert world.head() == asked + 1
    assert [each.state for each in acting.applications()] == ["requested"]


def test_no_version_is_lost_when_many_decide_many(world: Store) -> None:
    """Each application is granted once, and the chain has no gap."""
    acting = [administration(world) for _ in range(4)]
    people = [f"{NEW}{number}" for number in range(5)]
    asked = [acting[0].request(who, ROLE, SCHOOL).application.id for who in people]

    def approve(point: oikeus.Administration, granter: str) -> Counter[str]:
        told: Counter[str] = Counter()
        for number in asked:
            try:
                point.approve(number, granter=granter)
            except RefusedError as error:
                told[" ".join(str(error).split()[3:6])] += 1
            else:
                told["granted"] += 1
        return told

    with ThreadPoolExecutor(4) as pool:
        told = pool.map(approve, acting, (FIRST, SECOND, FIRST, SECOND))
        assert sum(told, Counter()) == {"granted": 5, "was granted already,": 15}
    numbers = [version.number for version in world.versions()]
    assert numbers == list(range(1, asked[-1] + 6))
    assert verify(world).clean
