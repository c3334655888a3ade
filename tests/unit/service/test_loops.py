"""How many files a process may open, before somebody takes them all."""

from __future__ import annotations

import asyncio
import resource
import socket
from typing import Any

import pytest

from oikeus.service.listening import bind
from oikeus.service.loops import PatientLoop, make_room


@pytest.mark.parametrize(
    ("soft", "hard", "made"),
    [
        (1024, 20_000, (4096, 20_000)),
        (1024, 2048, (2048, 2048)),
        (1024, resource.RLIM_INFINITY, (4096, resource.RLIM_INFINITY)),
        (4096, 20_000, None),
        (2048, 2048, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None),
    ],
)
def test_room_for_connections(
    soft: int,
    hard: int,
    made: tuple[int, int] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As much as they take and the system allows; nothing is taken away."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: found.append(both))
    make_room(1024)
    assert found == ([] if made is None else [made])


def test_server_at_an_address_listens_there() -> None:
    """As well as one at a socket, which is heard from then on."""
    loop = PatientLoop(1.0)

    async def begun() -> list[tuple[str, int]]:
        with bind("127.0.0.1", 0) as bound:
            made: list[Any] = [
                await loop.create_server(asyncio.Protocol, sock=bound),
                await loop.create_server(asyncio.Protocol, host="127.0.0.1", port=0),
            ]
            places = [each.sockets[0].getsockname() for each in made]
            for place in places:
                socket.create_connection(place, timeout=5).close()
            for each in made:
                each.close()
                await each.wait_closed()
            return places

    try:
        assert len(loop.run_until_complete(begun())) == 2
    finally:
        loop.close()
