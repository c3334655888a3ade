"""The service over the example world, whole but for the network."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

import oikeus
from oikeus import Administration, LivePoint, Scope, Store, TokenBook
from oikeus.service.administering.acts import Acts
from oikeus.service.administering.endpoints import administration_routes
from oikeus.service.authenticating import Tokens
from oikeus.service.node import Decided, Node

HOME = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)


class Nobody:
    """Is told of decisions, and keeps none."""

    def decided(self, decided: Decided) -> None:
        """Take a decision in."""


@dataclass
class Served:
    """A service, and the database below it.

    Attributes:
        store: the database.
        day: that it takes for today.
    """

    store: Store
    day: date = DAY
    acts: Acts = field(default_factory=Acts)

    def __post_init__(self) -> None:
        self.book = TokenBook(self.store)
        self.point = LivePoint(self.store, today=self.today)
        node = Node(
            point=self.point,
            authenticator=Tokens(self.book, today=self.today),
            observer=Nobody(),
            administration=Administration(
                self.store, actor="service", today=self.today
            ),
        )
        routes = administration_routes(node, self.acts)
        self.app: ASGIApp = Starlette(routes=routes)

    def today(self) -> date:
        """The clock."""
        return self.day

    def token(
        self, subject: str, *scopes: Scope, organisations: tuple[str, ...] = ()
    ) -> str:
        """A new token of a subject."""
        made = oikeus.create_token(
            self.store,
            subject,
            scopes=scopes,
            organisations=organisations,
            actor="os:owner",
            today=self.today,
        )
        self.book.refresh()
        return made.text

    def ask(self, path: str, token: str, body: object = None) -> Answered:
        """Ask for something under `/admin/v1/`; with a body, to act."""
        sent = b"" if body is None else json.dumps(body).encode()
        return asyncio.run(_asked(self.app, f"/admin/v1/{path}", token, sent))


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    json: Any


async def _asked(app: ASGIApp, path: str, token: str, body: bytes) -> Answered:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 # of any kind
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
        ],
    }
    await app(scope, receive, send)
    start, *parts = sent
    whole = b"".join(part.get("body", b"") for part in parts)
    return Answered(start["status"], json.loads(whole))


def read_text(path: Path) -> tuple[str, str]:
    """Name and text of a file."""
    return path.name, path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example world at version 4; not to be changed."""
    path = tmp_path_factory.mktemp("service") / "world.db"
    examples = HOME / "examples"
    with Store.open(f"sqlite:///{path}") as store:
        model = oikeus.load_model(HOME / "model.conf")
        oikeus.apply_policies(store, model, HOME / "policies", actor="os:tester")
        register = dict([read_text(examples / "organisations.json")])
        oikeus.import_organisations(store, register, actor="os:tester")
        for name in ("grants.csv", "administrators.csv"):
            files = [read_text(examples / name)]
            oikeus.import_grants(store, files, actor="os:tester")
    return path


@pytest.fixture
def served(made_world: Path, tmp_path: Path) -> Iterator[Served]:
    """A service over a copy of the example world, on the first of March 2026."""
    path = shutil.copy(made_world, tmp_path / "world.db")
    with Store.open(f"sqlite:///{path}") as store:
        served = Served(store)
        yield served
        served.acts.close()
