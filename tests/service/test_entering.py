"""A service that is started again over another history than it decided by."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers

import oikeus
from oikeus import Store, StoreError
from oikeus.service import entering
from oikeus.service import serving as module
from oikeus.service.callers import Caller
from oikeus.service.entering import Entering
from oikeus.service.exposure import AuthSettings
from oikeus.service.observing import Observing, ObservingSettings
from oikeus.service.problems import HttpError
from oikeus.service.serving import Serving

from .running import PATIENCE, running

QUESTION = {
    "subject": {"type": "person", "id": "1.2.246.562.24.90100000003"},
    "action": {"name": "read"},
    "resource": {
        "type": "hoks",
        "id": "1",
        "properties": {"organisation": "1.2.246.562.10.90101000000"},
    },
}
READY = "/health/ready"


def ask(port: int, path: str, body: object = None) -> tuple[int, Any]:
    """Ask over HTTP; the status and the JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    sent = None if body is None else json.dumps(body)
    method = "GET" if body is None else "POST"
    try:
        headers = {"content-type": "application/json"}
        connection.request(method, path, sent, headers)
        response = connection.getresponse()
        text = response.read()
        is_json = "json" in response.headers.get("content-type", "")
        return response.status, json.loads(text) if is_json else text.decode()
    finally:
        connection.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened, or fail."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.fixture
def path(made_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database, over which processes try again soon and leave the tests' log."""
    monkeypatch.setattr(entering, "_spare_the_collector", lambda: None)
    monkeypatch.setattr(entering, "_EVERY", 0.02)
    monkeypatch.setattr(module, "configure", lambda *_, **__: None)
    return Path(shutil.copy(made_world, tmp_path / "world.db"))


@contextmanager
def served(path: Path, *, metrics_open: bool = True) -> Iterator[int]:
    """Serve with what was remembered; the port."""
    serving = Serving(
        db=f"sqlite:///{path}",
        auth=AuthSettings(host="127.0.0.1", insecure_no_auth=True),
        state=path.with_name("state"),
        observing=ObservingSettings(drain=0.0, metrics_open=metrics_open),
    )
    with running(serving) as port:
        yield port


def block(path: Path, subject: str) -> int:
    """Commit a version."""
    with Store.open(f"sqlite:///{path}") as store:
        oikeus.block(store, subject, reason="leaked", actor="os:owner")
        return store.head()


def test_service_over_a_restored_backup_waits_for_its_owner(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It listens, says why it is not ready, and answers nothing else until then."""
    backup = path.read_bytes()
    number = block(path, "person:1")
    with served(path) as port:
        assert ask(port, READY)[1]["version"] == number
    path.write_bytes(backup)
    with caplog.at_level("INFO", "oikeus.service"), served(path) as port:
        unready = {"reason": "foreign", "version": None, "stale_seconds": None}
        assert ask(port, READY) == (503, {"ready": False, **unready})
        assert ask(port, "/health/live") == (200, {"live": True})
        for asked, body in (
            ("/access/v1/evaluation", QUESTION),
            ("/admin/v1/grants", None),
            ("/.well-known/authzen-configuration", None),
            ("/openapi.json", None),
            (f"{READY}/", None),
        ):
            status, problem = ask(port, asked, body)
            assert status == 503
            assert problem["detail"] == (
                "the database has another history than was decided by here, ask "
                "another node or try again later"
            )
        status, metrics = ask(port, "/metrics")
        assert (status, "oikeus_ready 0.0" in metrics) == (200, True)
        away = path.rename(path.with_name("away.db"))
        until(lambda: "there is no database" in caplog.text)
        assert ask(port, READY)[1]["reason"] == "foreign"
        away.rename(path)
        until(lambda: caplog.text.count("another history") == 2)
        with Store.open(f"sqlite:///{path}") as store:
            accepted = oikeus.accept_history(store, store.head_mark(), actor="os:owner")
        until(lambda: ask(port, READY)[0] == 200)
        status, answer = ask(port, "/access/v1/evaluation", QUESTION)
        assert (status, answer["context"]["version"]) == (200, accepted)
        newer = block(path, "person:2")
        until(lambda: ask(port, READY)[1]["version"] == newer)
    lines = [line.getMessage().partition(" is ")[2] for line in caplog.records]
    assert [line.partition(":")[0] for line in lines] == [
        *["deciding nothing"] * 3,
        f"deciding by version {accepted}",
    ]
    assert "oikeus db accept" in lines[0]
    with served(path) as port:
        assert ask(port, READY)[1]["version"] == newer


def test_service_says_in_its_log_how_it_stands(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Once when its database goes, and once when it is back."""
    with caplog.at_level("INFO", "oikeus.service"), served(path) as port:
        away = path.rename(path.with_name("away.db"))
        until(lambda: ask(port, READY)[1]["reason"] == "behind")
        away.rename(path)
        until(lambda: ask(port, READY)[1]["reason"] == "current")
    lines = [line.getMessage().partition(" is ")[2] for line in caplog.records]
    (begun, behind, current) = lines
    assert begun.startswith("deciding by version")
    assert behind.startswith("behind: goes on deciding by version")
    assert str(path) in behind
    assert current.startswith("current: decides by version")


def test_service_that_waits_for_its_owner_ends_when_told(path: Path) -> None:
    """It need not decide before; what it answers until then are problems."""
    backup = path.read_bytes()
    block(path, "person:1")
    with served(path):
        pass
    path.write_bytes(backup)
    with served(path, metrics_open=False) as port:
        assert ask(port, READY)[0] == 503
        for asked, body, status in (("/metrics", None, 503), (READY, {}, 405)):
            assert ask(port, asked, body)[1]["status"] == status


def test_nobody_is_known_before_the_owner_accepts() -> None:
    """Nor is anybody known any more."""
    nobody = entering._Nobody()  # noqa: SLF001 # as an authenticator
    with pytest.raises(HttpError, match="another history"):
        nobody.caller(Headers({"authorization": "Bearer x"}))
    with pytest.raises(HttpError, match="another history"):
        nobody.check(Caller("token:1", "person:1", frozenset()))


def test_process_that_can_never_decide_ends(path: Path) -> None:
    """And writes the records that wait, as any end does."""
    closed: list[str] = []

    def enter(observing: Observing, stack: ExitStack) -> entering.Entered:
        stack.callback(closed.append, "what was opened")
        message = f"no {observing.health.readiness(0).reason}"
        raise StoreError(message)

    records = path.with_name("records")
    settings = ObservingSettings(records=str(records))
    with pytest.raises(StoreError, match="no starting"):
        Entering(enter, settings)
    assert closed == ["what was opened"]
