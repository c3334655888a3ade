"""Versions that are waited for, and snapshots that are too old to decide by."""

import asyncio

import pytest

from oikeus import LivePoint, Scope
from oikeus.service.application import application
from oikeus.service.freshness import until
from oikeus.service.node import Node
from oikeus.service.problems import HttpError
from oikeus.service.settings import Settings

from ..asgi import ask_app
from ..unit.service.asking import Known, Observed
from .conftest import Served


def test_version_that_comes_while_it_is_waited_for(served: Served) -> None:
    """The question is decided then."""
    newer = served.point.version + 1

    async def both() -> None:
        waiting = asyncio.create_task(until(served.point, newer, 20.0))
        await asyncio.sleep(0)
        served.token("system:service", Scope.EVALUATE)
        await asyncio.to_thread(served.point.refresh)
        await waiting

    asyncio.run(both())
    assert served.point.version == newer


def test_version_that_does_not_come_in_time(served: Served) -> None:
    """The question is to be asked again."""
    with pytest.raises(HttpError, match="version 99 has not arrived here yet"):
        asyncio.run(until(served.point, 99, 0.01))


def test_no_more_than_so_many_questions_wait(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody can name a version that never comes: the others are told at once."""
    monkeypatch.setattr("oikeus.service.freshness.MOST_WAITING", 2)

    async def all_of_them() -> None:
        waiting = [
            asyncio.create_task(until(served.point, number, 20.0))
            for number in (served.point.version + 1, 99)
        ]
        await asyncio.sleep(0)
        for _ in range(2):
            with pytest.raises(HttpError, match="too many questions wait") as refused:
                await until(served.point, 99, 20.0)
            assert refused.value.status == 503
            assert refused.value.headers == {"Retry-After": "1"}
        await until(served.point, served.point.version, 20.0)
        served.token("system:service", Scope.EVALUATE)
        await asyncio.to_thread(served.point.refresh)
        await waiting[0]
        with pytest.raises(HttpError, match="has not arrived"):
            await until(served.point, 99, 0.01)
        waiting[1].cancel()

    asyncio.run(all_of_them())


def test_what_is_too_old_decides_nothing(served: Served) -> None:
    """A right that was revoked since must not live for ever."""
    question = b"""{"subject": {"type": "person", "id": "1"},
        "action": {"name": "read"}, "resource": {"type": "hoks", "id": "1"}}"""
    with LivePoint(served.store, max_stale=1e-9) as point:
        node = Node(point=point, authenticator=Known(), observer=Observed())
        asked = ask_app(
            application(node, Settings()), "/access/v1/evaluation", question
        )
        answer = asyncio.run(asked)
    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert "too old to decide by" in answer.json["detail"]
