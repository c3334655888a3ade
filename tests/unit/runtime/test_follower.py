"""Looking over and over, and acting when a limit passes."""

import threading
from time import monotonic

import pytest

from oikeus import Store
from oikeus.runtime.follower import Follower, Watch, pause

PATIENCE = 20.0


@pytest.fixture
def memory() -> Store:
    """A database that tells nobody anything."""
    return Store.open("sqlite://")


def test_a_follower_looks_as_often_as_told(memory: Store) -> None:
    """In its own thread, until it is closed."""
    looked, enough = [], threading.Event()

    def look() -> bool:
        looked.append(threading.current_thread().name)
        if len(looked) == 3:
            enough.set()
        return True

    with memory:
        follower = Follower(memory, look, 0.001)
        assert enough.wait(PATIENCE)
        assert not follower.hears
        follower.close()
        count = len(looked)
        follower.wake()
        assert len(looked) == count
    assert set(looked) == {"oikeus"}


def test_a_follower_that_is_woken_looks_at_once(memory: Store) -> None:
    """However long it would have waited."""
    looked = threading.Event()

    def look() -> bool:
        looked.set()
        return True

    with memory:
        follower = Follower(memory, look, 3600.0)
        assert not looked.wait(0.02)
        follower.wake()
        assert looked.wait(PATIENCE)
        follower.close()


@pytest.mark.parametrize("goes_well", [True, False])
def test_those_who_wait_have_it_looked_for_no_more_often_than_every_so_often(
    memory: Store, monkeypatch: pytest.MonkeyPatch, *, goes_well: bool
) -> None:
    """However many they are; what the database tells is looked at at once."""
    limit = "_APART" if goes_well else "_APART_FAILING"
    monkeypatch.setattr(f"oikeus.runtime.follower.{limit}", 3600.0)
    looks = threading.Semaphore(0)

    def look() -> bool:
        looks.release()
        return goes_well

    with memory:
        follower = Follower(memory, look, 3600.0)
        follower.hurry()
        assert looks.acquire(timeout=PATIENCE)
        for _ in range(10):
            follower.hurry()
            assert not looks.acquire(timeout=0.005)
        follower.wake()
        assert looks.acquire(timeout=PATIENCE)
        follower.hurry()
        follower.close()
        assert not looks.acquire(blocking=False)


def test_a_follower_that_looks_more_often_anyway_is_not_slowed(memory: Store) -> None:
    """By those who wait."""
    looks = threading.Semaphore(0)

    def look() -> bool:
        looks.release()
        return True

    with memory:
        follower = Follower(memory, look, 1e-9)
        for _ in range(5):
            assert looks.acquire(timeout=PATIENCE)
        follower.close()


def test_failures_make_the_pause_longer_up_to_a_limit() -> None:
    """No two nodes come back at the same moment."""
    assert pause(1.0, 0) == 1.0
    assert 1.0 <= pause(1.0, 1) <= 2.0
    assert 2.5 <= pause(1.0, 10**6) <= 5.0
    assert 30.0 <= pause(60.0, 3) <= 60.0
    assert len({pause(1.0, 3) for _ in range(20)}) > 1


def test_a_watch_acts_when_the_limit_has_passed_and_again() -> None:
    """Not before; and until it is closed."""
    begun, acted, twice = monotonic(), [], threading.Event()

    def act() -> None:
        acted.append(monotonic())
        if len(acted) == 2:
            twice.set()

    watch = Watch(lambda now: begun + 0.05 - now, act, 0.01)
    assert twice.wait(PATIENCE)
    watch.close()
    assert acted[0] >= begun + 0.05


def test_a_watch_is_closed_while_it_waits() -> None:
    """For hours, as a rule."""
    watch = Watch(lambda _: 3600.0, lambda: None, 1.0)
    watch.close()
