"""Servers in the process of the tests: one in a thread, one on the test's own loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.types import ASGIApp
from uvicorn import Config, Server

from oikeus.service import serving as module
from oikeus.service.listening import bind
from oikeus.service.protocol import PatientConfig
from oikeus.service.serving import Serving

PATIENCE = 20.0


@contextmanager
def running(serving: Serving) -> Iterator[int]:
    """Serve in a thread, at a port that is free; the port."""
    config = module._configured(serving, PatientConfig)  # noqa: SLF001 # whole
    with _in_a_thread(Server(config), serving.auth.host) as port:
        yield port


@contextmanager
def running_app(app: ASGIApp) -> Iterator[int]:
    """Serve an application in a thread, on this machine; the port."""
    config = Config(app, lifespan="off", log_config=None)
    with _in_a_thread(Server(config), "127.0.0.1") as port:
        yield port


@contextmanager
def _in_a_thread(server: Server, host: str) -> Iterator[int]:
    bound = bind(host, 0)
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


@asynccontextmanager
async def reachable(app: ASGIApp, receiving: float) -> AsyncIterator[tuple[str, int]]:
    """Serve an application on the loop that runs; its host and port."""
    config = PatientConfig(
        app,
        receiving=receiving,
        connections=10,
        port=0,
        lifespan="off",
        log_config=None,
        timeout_keep_alive=1,
    )
    server = Server(config)
    serves = asyncio.create_task(server._serve())  # noqa: SLF001 # without signals
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield host, port
    server.should_exit = True
    await asyncio.wait_for(serves, PATIENCE)
