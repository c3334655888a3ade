"""A server that ends without losing a request.

Told to end (SIGTERM), it says at once that it is not ready, and goes on answering for a
grace, so that whoever sends requests here notices and sends them elsewhere. Each answer
of that time closes its connection. Then it takes no more connections, finishes what it
has begun, and ends with 0. Told again, or by SIGINT, it skips the grace.
"""

from __future__ import annotations

import signal
from time import monotonic
from types import FrameType

import uvicorn

from .health import Health


class DrainingServer(uvicorn.Server):
    """The server of a process.

    Args:
        config: of the server.
        health: learns that the process is about to end.
        grace: how many seconds it goes on answering when it is told to end.
    """

    def __init__(self, config: uvicorn.Config, *, health: Health, grace: float) -> None:
        super().__init__(config)
        self._health = health
        self._grace = grace
        self._end: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second signal is the server's own affair."""
        if self._health.is_draining:
            super().handle_exit(sig, frame)
            return
        self._health.is_draining = True
        grace = 0.0 if sig == signal.SIGINT else self._grace
        self._end = monotonic() + grace

    async def on_tick(self, counter: int) -> bool:
        """Whether to end now; the server asks ten times a second."""
        if self._end is not None and monotonic() >= self._end:
            self.should_exit = True
        return await super().on_tick(counter)
