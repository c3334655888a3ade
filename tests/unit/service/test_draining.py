"""A process that is told to end goes on for a while, and then ends."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from types import FrameType

import pytest

from oikeus.service.draining import draining
from oikeus.service.health import Health

from .test_health import Fresh

GRACE = 0.05


class Server:
    """What a server does with signals: it keeps those that it heard."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.health = Health(Fresh)

    def handle(self, number: int, _: FrameType | None) -> None:
        """Begin to end."""
        self.heard.append(number)

    def runs(
        self, steps: Callable[[], Awaitable[None]], grace: float = GRACE
    ) -> list[int]:
        """Do something while the process runs; gives the signals that it heard."""

        async def run() -> None:
            with draining(self.health, grace):
                await steps()

        asyncio.run(run())
        return self.heard


@pytest.fixture
def server() -> Iterator[Server]:
    """One that listens to signals; afterwards the tests' own process does."""
    kept = {
        number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)
    }
    made = Server()
    for number in kept:
        signal.signal(number, made.handle)
    yield made
    for number, handler in kept.items():
        assert signal.getsignal(number) == made.handle
        signal.signal(number, handler)


def test_process_goes_on_for_its_grace(server: Server) -> None:
    """It is not ready from the first moment on."""

    async def steps() -> None:
        assert server.health.readiness(0).ready
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0)
        await asyncio.sleep(GRACE / 5)
        assert not server.health.readiness(0).ready
        assert server.heard == []
        await asyncio.sleep(GRACE * 2)
        assert server.heard == [signal.SIGTERM]

    assert server.runs(steps) == [signal.SIGTERM]


@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGINT])
def test_second_signal_ends_it_now(again: signal.Signals, server: Server) -> None:
    """Whoever is in a hurry says so twice."""

    async def steps() -> None:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.01)
        signal.raise_signal(again)
        await asyncio.sleep(0.01)

    assert server.runs(steps, grace=60) == [again]


def test_somebody_at_a_terminal_need_not_wait(server: Server) -> None:
    """What is in flight is the server's to finish all the same."""

    async def steps() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0.01)

    assert server.runs(steps, grace=60) == [signal.SIGINT]
    assert server.health.is_draining


def test_server_that_listens_to_no_signal_hears_none(server: Server) -> None:
    """Nothing is put before nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    async def steps() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0.01)

    assert server.runs(steps) == []
    signal.signal(signal.SIGINT, server.handle)


def test_thread_gets_no_signals(server: Server) -> None:
    """A server there is ended in another way."""
    done: list[list[int]] = []

    async def steps() -> None:
        assert signal.getsignal(signal.SIGTERM) == server.handle

    thread = threading.Thread(target=lambda: done.append(server.runs(steps)))
    thread.start()
    thread.join()
    assert done == [[]]
