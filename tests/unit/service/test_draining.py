"""A server that is told to end goes on for a while, and then ends."""

import asyncio
import signal
from time import monotonic

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from oikeus.service import draining
from oikeus.service.draining import DrainingServer
from oikeus.service.health import Health

from .test_health import Fresh


def server(health: Health, grace: float = 5.0) -> DrainingServer:
    """One that is not started."""
    config = uvicorn.Config(PlainTextResponse("yes"))
    return DrainingServer(config, health=health, grace=grace)


def ticks(made: DrainingServer) -> bool:
    """Whether the server ends now."""
    return asyncio.run(made.on_tick(1))


def test_server_goes_on_for_its_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not ready from the first moment on."""
    health = Health(Fresh)
    made = server(health)
    assert not ticks(made)
    made.handle_exit(signal.SIGTERM, None)
    assert not health.readiness(0).ready
    assert not ticks(made)
    assert not made.should_exit
    later = monotonic() + 6
    monkeypatch.setattr(draining, "monotonic", lambda: later)
    assert ticks(made)


@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGINT])
def test_second_signal_ends_it_now(again: signal.Signals) -> None:
    """Whoever is in a hurry says so twice."""
    made = server(Health(Fresh))
    made.handle_exit(signal.SIGTERM, None)
    made.handle_exit(again, None)
    assert ticks(made)


def test_somebody_at_a_terminal_need_not_wait() -> None:
    """What is in flight is finished all the same."""
    health = Health(Fresh)
    made = server(health)
    made.handle_exit(signal.SIGINT, None)
    assert not health.readiness(0).ready
    assert ticks(made)
