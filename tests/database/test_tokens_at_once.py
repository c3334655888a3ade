"""Requirements on acts over HTTP while their tokens go and organisations move."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from oikeus import Change, Line, Scope, Store, Version, revoke_token, verify

from ..example_world import make_example_world
from ..service.conftest import Served

VASTUU = "person:1.2.246.562.24.90100000011"
KEUDA = "1.2.246.562.10.90100000000"
HELSINKI = "1.2.246.562.10.90200000000"
SCHOOL = "1.2.246.562.10.90101000000"
SPAN = "2026-01-01..2099-12-31"

ROUNDS = 20
PLACES = KEUDA, HELSINKI


@pytest.fixture
def served(url: str) -> Iterator[Served]:
    """A node over the example world, where one acts at two providers."""
    make_example_world(url)
    with Store.open(url) as store:
        given = Line("g", (VASTUU, "role:vastuukayttaja", f"{HELSINKI}@{SPAN}"))
        with store.writing() as writer:
            writer.commit(Change("grant", "os:tester", "x", add=(given,)))
        made = Served(store)
        made.point.on_change(made.book.refresh)
        yield made
        made.acts.close()
        made.looks.close()


@pytest.fixture
def owner(url: str, served: Served) -> Iterator[Store]:
    """The same database, with connections of its own."""
    assert served.store.head()
    with Store.open(url) as store:
        yield store


def right(number: int) -> dict[str, str]:
    """A right that whoever acts here may give."""
    role = "ehoks-paakayttaja"
    return {"subject": f"person:{number}", "role": role, "organisation": SCHOOL}


def id_of(token: str) -> int:
    """The id of a token."""
    return int(token.split("_")[1])


def move(store: Store, old: str, new: str) -> int:
    """Move the school from one provider to another."""
    before, after = (Line("g2", (SCHOOL, place)) for place in (old, new))
    with store.writing() as writer:
        change = Change("import", "os:owner", "move", add=(after,), remove=(before,))
        return writer.commit(change)


@contextmanager
def two() -> Iterator[ThreadPoolExecutor]:
    """Two threads, which are done when the block is."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def acts_of(store: Store, token: str) -> list[Version]:
    """The versions that a token made."""
    actor = f"token:{id_of(token)}"
    return [version for version in store.versions() if version.actor == actor]


def test_act_that_waits_is_not_done_with_a_token_that_goes(
    served: Served, owner: Store
) -> None:
    """Its revocation has the head, and the act waits behind it."""
    token = served.token(VASTUU, Scope.ADMINISTER)
    found = owner.tokens(day=served.day)[0]
    with two() as pool:
        with owner.writing() as writer:
            acting = pool.submit(served.ask, "grants", token, right(1))
            time.sleep(0.3)
            assert not acting.done()
            step = found.revocation()
            writer.commit(Change("token", "os:owner", "lost", token=step))
        assert acting.result().status == 401
    assert acts_of(owner, token) == []


def test_act_that_waits_is_not_done_at_a_school_that_moves(
    served: Served, owner: Store
) -> None:
    """Out of the reach of its token, while its subject has the power there as well."""
    token = served.token(VASTUU, Scope.ADMINISTER, organisations=(KEUDA,))
    old, new = (Line("g2", (SCHOOL, place)) for place in PLACES)
    with two() as pool:
        with owner.writing() as writer:
            acting = pool.submit(served.ask, "grants", token, right(1))
            time.sleep(0.3)
            assert not acting.done()
            writer.commit(Change("import", "o", "x", add=(new,), remove=(old,)))
        assert acting.result().status == 403
    assert acts_of(owner, token) == []


def test_no_act_follows_the_revocation_of_its_token(
    served: Served, owner: Store
) -> None:
    """Many times at once: whichever comes first, the other knows of it."""
    start = threading.Barrier(2)

    def acts(token: str, number: int) -> int:
        start.wait()
        time.sleep(number % 5 / 500)
        return served.ask("grants", token, right(number)).status

    def revokes(token: str) -> int | None:
        start.wait()
        return revoke_token(owner, id_of(token), reason="lost", actor="os:owner")

    for number in range(ROUNDS):
        token = served.token(VASTUU, Scope.ADMINISTER)
        with two() as pool:
            acting = pool.submit(acts, token, number)
            revoking = pool.submit(revokes, token)
            status, revoked = acting.result(), revoking.result()
        made = [version.number for version in acts_of(owner, token)]
        assert (status, len(made)) in {(201, 1), (401, 0)}
        assert revoked is not None
        assert all(version < revoked for version in made)
    assert verify(owner).findings == ()


def test_no_act_is_out_of_the_reach_that_its_token_has_then(
    served: Served, owner: Store
) -> None:
    """The school moves to and fro; what was done was done while it was in reach."""
    token = served.token(VASTUU, Scope.ADMINISTER, organisations=(KEUDA,))
    start = threading.Barrier(2)

    def acts(number: int) -> int:
        start.wait()
        time.sleep(number % 5 / 500)
        return served.ask("grants", token, right(number)).status

    def moves(old: str, new: str) -> int:
        start.wait()
        return move(owner, old, new)

    statuses = set()
    for number in range(ROUNDS):
        old, new = PLACES if number % 2 else reversed(PLACES)
        if not number:
            move(owner, *PLACES)
        with two() as pool:
            acting, moving = pool.submit(acts, number), pool.submit(moves, old, new)
            status, moved = acting.result(), moving.result()
        statuses.add(status)
        made = [version.number for version in acts_of(owner, token)]
        if status == 201:
            assert (made[-1] < moved) is (old == KEUDA)
    assert statuses <= {201, 403}
    assert verify(owner).findings == ()
