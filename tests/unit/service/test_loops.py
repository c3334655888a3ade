"""How many files a process may open, before somebody takes them all."""

from __future__ import annotations

import resource

import pytest

from oikeus.service.loops import make_room


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
