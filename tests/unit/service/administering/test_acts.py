"""Acts in threads: how many at once, and what is said of one that takes long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from oikeus import DecisionPoint, LivePoint, StoreError
from oikeus.service.administering.acts import Acts, take_in
from oikeus.service.problems import HttpError

from .conftest import Desk

PATIENCE = 20.0


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """What acts wait for; set when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_act_is_done_in_a_thread_of_its_own() -> None:
    """Never on the event loop."""
    acts = Acts()
    name = asyncio.run(acts.do(lambda: threading.current_thread().name))
    assert name.startswith("oikeus-act")
    acts.close()


def test_error_of_an_act_is_its_own() -> None:
    """A time-out, too, which is not that of the answer."""

    def fail() -> None:
        raise TimeoutError

    acts = Acts()
    with pytest.raises(TimeoutError):
        asyncio.run(acts.do(fail))
    acts.close()


def test_answer_that_takes_too_long_is_not_a_failure(go_on: threading.Event) -> None:
    """It may be done, and it is: an act that has begun is not broken off."""
    acts, done = Acts(patience=0.01), threading.Event()

    def act() -> None:
        assert go_on.wait(PATIENCE)
        done.set()
        raise StoreError

    with pytest.raises(HttpError) as caught:
        asyncio.run(acts.do(act))
    assert (caught.value.status, caught.value.done) == (504, "unknown")
    assert "may have been done" in caught.value.detail
    go_on.set()
    acts.close()
    assert done.is_set()


def test_act_that_did_not_begin_in_time_is_not_done(go_on: threading.Event) -> None:
    """That is certain, so it is told from the other case."""
    acts, done = Acts(threads=1, patience=0.01), []

    async def both() -> None:
        first = asyncio.ensure_future(acts.do(lambda: go_on.wait(PATIENCE)))
        await asyncio.sleep(0)
        with pytest.raises(HttpError) as caught:
            await acts.do(lambda: done.append(1))
        assert caught.value.status == 503
        assert "nothing was done" in caught.value.detail
        with pytest.raises(HttpError):
            await first

    asyncio.run(both())
    go_on.set()
    acts.close()
    assert not done


def test_no_more_wait_than_there_is_room_for(go_on: threading.Event) -> None:
    """Whoever comes then is told to come again; the room is free when one is done."""
    acts = Acts(threads=1, waiting=1, patience=PATIENCE)

    async def crowd() -> None:
        first = asyncio.ensure_future(acts.do(lambda: go_on.wait(PATIENCE)))
        second = asyncio.ensure_future(acts.do(lambda: 2))
        await asyncio.sleep(0)
        with pytest.raises(HttpError) as caught:
            await acts.do(lambda: 3)
        assert caught.value.status == 503
        assert caught.value.headers["Retry-After"] == "1"
        go_on.set()
        assert (await first, await second) == (True, 2)
        assert await acts.do(lambda: 4) == 4

    asyncio.run(crowd())
    acts.close()


def test_point_takes_in_what_was_done(desk: Desk) -> None:
    """One that follows nothing is left as it is."""
    desk.administration.request(
        "person:x", "ehoks-kayttaja", "1.2.246.562.10.90101000000"
    )
    assert desk.point.version == 4
    take_in(DecisionPoint(desk.point.snapshot))
    take_in(desk.point)
    assert desk.point.version == 5


def test_act_does_not_fail_when_it_cannot_be_taken_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is done."""

    def fail(_: LivePoint) -> bool:
        raise StoreError

    monkeypatch.setattr(LivePoint, "refresh", fail)
    take_in(desk.point)
    assert desk.point.version == 4
