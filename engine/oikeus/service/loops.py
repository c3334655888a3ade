"""The event loop of a process: uvloop's, with an end to its patience with TLS.

A connection is one of the service's only when TLS is agreed upon. Until then nothing
counts it, and uvloop would wait a minute for it.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any

import uvloop

from .listening import listen

_FILES_PER_CONNECTION = 4
"""How many files may be open for each connection that there may be: those too many,
those that do not agree upon TLS, and what else a process opens."""


class PatientLoop(uvloop.Loop):
    """A loop that waits so many seconds for TLS to be agreed upon.

    Args:
        agreeing: the seconds.
    """

    def __init__(self, agreeing: float) -> None:
        super().__init__()
        self._agreeing = agreeing

    async def create_server(  # type: ignore[override] # as uvicorn asks for it
        self,
        protocol: Any,  # noqa: ANN401 # as its base has it
        **named: Any,  # noqa: ANN401 # likewise
    ) -> asyncio.AbstractServer:
        """Begin to listen.

        Raises:
            SettingsError: somebody else has come first. Uvloop would say nothing, and
                hear nothing.
        """
        if (bound := named.get("sock")) is not None:
            listen(bound)
        if named.get("ssl") is not None:
            named["ssl_handshake_timeout"] = self._agreeing
        server: asyncio.AbstractServer = await super().create_server(protocol, **named)
        return server


def make_room(connections: int) -> None:
    """Let this process open as many files as its connections take, where it may.

    Many systems let it open 1,024 unless it asks: then those that are too many would
    not be refused, and whoever comes later would not be heard.

    Args:
        connections: how many there may be.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_PER_CONNECTION * connections
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
