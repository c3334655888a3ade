"""Requirements on every request for administration: who asks, and in which form."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event
from starlette.routing import Route

from oikeus import Administration, Scope, Store, StoreError
from oikeus.service.administering.acts import Acts
from oikeus.service.administering.endpoints import OPERATIONS
from oikeus.service.administering.visits import Visit
from oikeus.service.operations import Method, Operation
from oikeus.store.database import Database

from .conftest import ADMINISTER, AUDIT, DAY, NEW, PAA, SCHOOL, USER, Desk

PATIENCE = 20.0
RIGHT = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}


def path_of(path: str) -> str:
    """A path under which something could stand."""
    return path.removeprefix("/admin/v1/").replace("{id}", "1")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_operation_takes_a_caller_a_scope_and_a_subject(
    desk: Desk, operation: Operation[Visit, Any]
) -> None:
    """Each of them does; who lacks one learns nothing of what was sent."""
    body = b"{" if operation.method is Method.POST else None
    path = path_of(operation.path)
    lacking = frozenset(Scope) - frozenset(operation.scopes)
    for answered in (
        desk.ask(path, raw=body, by=USER, scopes=lacking),
        desk.ask(path, raw=body, by=None, scopes=frozenset(Scope)),
    ):
        assert answered.status == 403
        assert answered.headers["content-type"] == "application/problem+json"
    assert desk.ask(path, raw=body, known=False).status == 401


def test_method_that_a_path_has_not_is_told_those_that_it_has(desk: Desk) -> None:
    """All of them, be they of several operations."""
    allowed = {}
    for route in desk.app.routes:
        assert isinstance(route, Route)
        allowed[path_of(route.path)] = route.methods
    assert allowed["grants"] == {"GET", "HEAD", "POST"}
    assert allowed["grants/renew"] == {"POST"}
    assert len(allowed) == len(desk.app.routes)
    assert desk.ask("grants/renew").status == 405


def test_head_is_answered_as_get_is(desk: Desk) -> None:
    """A server leaves the body out."""
    assert desk.ask("grants", method="HEAD").status == 200


def test_missing_scope_is_named(desk: Desk) -> None:
    """So that the owner knows which one to give."""
    assert "`administer`" in desk.ask("grants", RIGHT, scopes=AUDIT).json["detail"]
    assert "`audit`" in desk.ask("versions", scopes=ADMINISTER).json["detail"]
    looked = desk.ask("grants", scopes=frozenset({Scope.SEARCH}))
    assert looked.json["detail"] == "the caller lacks the scope `administer` or `audit`"


def test_node_that_does_not_administer_says_so(desk: Desk) -> None:
    """Another one may."""
    desk.administers = False
    desk.app = desk.application()
    found = desk.ask("grants", RIGHT)
    assert (found.status, found.json["done"]) == (503, "nothing")
    assert "does not administer" in found.json["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"null", b"[]", b'"text"', b"\xff", b'{"a": 1e999}'),
        b"[" * 60_000,
        json.dumps({**RIGHT, "role": 1}).encode(),
        json.dumps({**RIGHT, "role": None}).encode(),
        json.dumps({**RIGHT, "role": ""}).encode(),
        json.dumps({**RIGHT, "role": "r" * 256}).encode(),
        json.dumps({**RIGHT, "until": "2026-02-30"}).encode(),
        json.dumps({**RIGHT, "until": "2026-12-31T00:00:00Z"}).encode(),
        json.dumps({**RIGHT, "reason": "r" * 2001}).encode(),
        json.dumps({**RIGHT, "reason": "a\0b"}).encode(),
        b'{"subject": "\\ud800", "role": "a", "organisation": "b"}',
        json.dumps(RIGHT).encode().replace(b"}", b', "role": "tallentaja"}'),
        json.dumps(RIGHT).encode().replace(b"}", b', "r\\u006fle": "ehoks-kayttaja"}'),
        json.dumps({"subject": NEW, "role": "ehoks-kayttaja"}).encode(),
    ],
    ids=lambda raw: repr(raw[:60]),
)
def test_body_of_another_form_is_refused(desk: Desk, raw: bytes) -> None:
    """In words of ours, and nothing was done."""
    found = desk.ask("grants", raw=raw)
    assert found.status == 400
    assert found.json["title"] == "Bad Request"
    assert found.json["detail"]
    assert desk.store.head() == 4


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "json"]
)
def test_body_says_that_it_is_json(desk: Desk, kind: str) -> None:
    """A form of a web page never does."""
    found = desk.ask("grants", RIGHT, content_type=kind)
    assert (found.status, "application/json" in found.json["detail"]) == (400, True)
    kind = "Application/JSON ; charset=utf-8"
    assert desk.ask("grants", RIGHT, content_type=kind).status == 201


def test_body_that_is_too_long_is_not_read(desk: Desk) -> None:
    """Nor decoded: nothing that can be said takes so many letters."""
    found = desk.ask("grants", raw=b" " * 65_537)
    assert (found.status, found.headers["connection"]) == (413, "close")
    longest = json.dumps(RIGHT).encode().ljust(65_536)
    assert desk.ask("grants", raw=longest).status == 201


def test_members_are_named_that_there_are(desk: Desk) -> None:
    """Those that were sent are not repeated: they may be anything."""
    found = desk.ask("grants", {**RIGHT, "oik_17_secret": 1})
    assert found.json["detail"] == (
        "an unknown member, expected `subject`, `role`, `organisation`, `from`, "
        "`until`, `reason`; whoever acts is the token's subject"
    )
    found = desk.ask("requests/1", query={"x": 1})
    assert "expected none;" in found.json["detail"]
    found = desk.ask("requests", query={"state": "person:1"})
    assert found.json["detail"] == (
        "an unknown word, expected one that /openapi.json lists - at `$.state[0]`"
    )


def test_database_that_can_only_be_read_is_said(desk: Desk, tmp_path: Path) -> None:
    """Looking works."""
    engine = create_engine(f"sqlite:///{tmp_path / 'world.db'}")
    event.listen(engine, "connect", _only_reads)
    with Store.over(Database.over(engine), create=False) as store:
        desk.administration = Administration(store, actor="os:node", today=lambda: DAY)
        desk.app = desk.application()
        found = desk.ask("grants", RIGHT)
        assert (found.status, found.json["done"]) == (503, "nothing")
        assert "does not write" in found.json["detail"]
        assert desk.ask("requests").status == 200
        assert desk.ask("versions", scopes=AUDIT).status == 200
    engine.dispose()


def _only_reads(connection: Any, _: object) -> None:  # noqa: ANN401 # a driver's
    connection.execute("PRAGMA query_only = ON")


def test_locked_database_is_asked_again_later(desk: Desk, tmp_path: Path) -> None:
    """Nothing was done, and it is said when to come back."""
    url = f"sqlite:///{tmp_path / 'world.db'}?timeout=0.01"
    with Store.open(url, create=False) as store:
        desk.administration = Administration(store, actor="os:node", today=lambda: DAY)
        desk.app = desk.application()
        desk.ask("requests")
        with desk.store.writing():
            found = desk.ask("grants", RIGHT)
    assert (found.status, found.headers["retry-after"]) == (503, "1")
    assert found.json["done"] == "nothing"
    assert "another writer" in found.json["detail"]


def test_looking_waits_for_no_act(desk: Desk) -> None:
    """Acts that wait for a writer take no thread of those who look."""
    desk.acts.close()
    desk.acts = Acts(threads=1, waiting=0)
    desk.app = desk.application()
    begun, go_on = threading.Event(), threading.Event()

    def act() -> bool:
        begun.set()
        return go_on.wait(PATIENCE)

    with ThreadPoolExecutor(1) as other:
        acting = other.submit(lambda: asyncio.run(desk.acts.do(act)))
        assert begun.wait(PATIENCE)
        assert desk.ask("grants", RIGHT).status == 503
        assert desk.ask("grants").status == 200
        go_on.set()
        assert acting.result(PATIENCE)


def test_database_that_fails_leaves_it_unknown(desk: Desk) -> None:
    """What failed last may have been the commit; before the act began it was not."""

    def fails(*_: object, **__: object) -> None:
        message = f"the database `sqlite:///x` cannot be used by {PAA}"
        raise StoreError(message)

    acting, looking = desk.administration.grant, desk.administration.snapshot
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Administration, acting.__name__, fails)
        found = desk.ask("grants", RIGHT)
        assert (found.status, found.json["done"]) == (503, "unknown")
        assert "not known" in found.json["detail"]
        assert "sqlite" not in found.json["detail"]
        assert PAA not in found.json["detail"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Administration, looking.__name__, fails)
        for found in (desk.ask("grants", RIGHT), desk.ask("grants")):
            assert (found.status, found.json["done"]) == (503, "nothing")
            assert "; nothing was done" in found.json["detail"]


def test_look_does_nothing_whatever_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody need look whether it was done."""

    def fails(*_: object, **__: object) -> None:
        message = "the database cannot be read"
        raise StoreError(message)

    monkeypatch.setattr(Administration, "applications", fails)
    found = desk.ask("requests")
    assert (found.status, found.json["done"]) == (503, "nothing")
