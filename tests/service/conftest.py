"""The service over the example world, whole but for the network."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from starlette.types import ASGIApp

import oikeus
from oikeus import Administration, LivePoint, Scope, Store, TokenBook
from oikeus.service.administering.acts import Acts
from oikeus.service.administering.endpoints import administration_routes
from oikeus.service.application import application
from oikeus.service.authenticating import Tokens
from oikeus.service.node import Node
from oikeus.service.observing import Observing, ObservingSettings
from oikeus.service.openapi import openapi_route
from oikeus.service.settings import Settings

from ..asgi import Answered, ask_app

DAY = date(2026, 3, 1)


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
    looks: Acts = field(default_factory=Acts)

    def __post_init__(self) -> None:
        self.book = TokenBook(self.store)
        self.point = LivePoint(self.store, today=self.today)
        observing = Observing(ObservingSettings(), lambda: self.point.freshness)
        node = Node(
            point=self.point,
            authenticator=Tokens(self.book, today=self.today),
            observer=observing,
            administration=Administration(
                self.store, actor="service", today=self.today
            ),
        )
        self.node = node
        routes = [
            *administration_routes(node, self.acts, self.looks),
            *observing.routes(node.authenticator),
            openapi_route(node),
        ]
        self.app: ASGIApp = application(node, Settings(patience=0.05), routes)

    def today(self) -> date:
        """The clock."""
        return self.day

    def token(
        self,
        subject: str,
        *scopes: Scope,
        organisations: tuple[str, ...] = (),
        until: date | None = None,
    ) -> str:
        """A new token of a subject."""
        made = oikeus.create_token(
            self.store,
            subject,
            scopes=scopes,
            organisations=organisations,
            until=until,
            actor="os:owner",
            today=self.today,
        )
        self.book.refresh()
        return made.text

    def ask(self, path: str, token: str, body: object = None) -> Answered:
        """Ask for something under `/admin/v1/`; with a body, to act."""
        sent = None if body is None else json.dumps(body).encode()
        path, _, query = f"/admin/v1/{path}".partition("?")
        asked = ask_app(
            self.app, path, sent, query=query, authorization=f"Bearer {token}"
        )
        return asyncio.run(asked)


@pytest.fixture
def served(made_world: Path, tmp_path: Path) -> Iterator[Served]:
    """A service over a copy of the example world, on the first of March 2026."""
    path = shutil.copy(made_world, tmp_path / "world.db")
    with Store.open(f"sqlite:///{path}") as store:
        served = Served(store)
        yield served
        served.acts.close()
        served.looks.close()
