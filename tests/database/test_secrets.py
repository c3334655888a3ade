"""What a node says of a database that refuses it: never its password."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from starlette.applications import Starlette

import oikeus
from benchmarks.server import administer
from oikeus import Store, StoreError, connect
from oikeus.service.health import Health
from oikeus.service.standing import StandingLog

from ..asgi import ask_app

HOME = Path(__file__).resolve().parents[2]
SECRET = "hunter2"  # noqa: S105 # of nobody
AWAY = f"ALTER ROLE {SECRET} NOLOGIN"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "


@pytest.fixture
def url(postgresql: str) -> str:
    """A database with a policy, whose user is called as the password is."""
    with Store.open(postgresql) as store:
        model = oikeus.load_model(HOME / "model.conf")
        oikeus.apply_policies(store, model, HOME / "policies", actor="os:me")
    administer(
        postgresql, f"DROP ROLE IF EXISTS {SECRET}", f"CREATE ROLE {SECRET} SUPERUSER"
    )
    administer(postgresql, f"ALTER ROLE {SECRET} LOGIN")
    return f"{postgresql}&user={SECRET}&password={SECRET}"


def test_password_is_in_no_text_of_a_node(
    url: str, postgresql: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The server's words hold it here: they are passed on without it."""
    with connect(url, every=None) as point, caplog.at_level("INFO"):
        point.on_look(StandingLog().note)
        administer(postgresql, AWAY, f"{CUT}'{SECRET}'")
        with pytest.raises(StoreError) as refused:
            point.refresh()
        health = Health(lambda: point.freshness)
        app = Starlette(routes=health.routes())
        answer = asyncio.run(ask_app(app, "/health/ready"))
    texts = str(refused.value), str(point.failure), caplog.text
    assert all('role "***" is not permitted to log in' in text for text in texts)
    assert answer.json["reason"] == "behind"
    everything = (*texts, repr(refused.value.__cause__), json.dumps(answer.json))
    assert not any(SECRET in text for text in everything)
