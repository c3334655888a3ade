"""Administration over HTTP in the example world, asked without a network."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers

import oikeus
from oikeus import Administration, LivePoint, Scope, Store
from oikeus.service.administering.acts import Acts
from oikeus.service.administering.endpoints import administration_routes
from oikeus.service.callers import Caller
from oikeus.service.node import Decided, Node, Observer
from oikeus.service.problems import HttpError

from ....asgi import Answered, ask_app

DAY = date(2026, 3, 1)

OPH = "person:1.2.246.562.24.90000000001"
VASTUU = "person:1.2.246.562.24.90100000011"
PAA = "person:1.2.246.562.24.90100000012"
USER = "person:1.2.246.562.24.90100000013"
ENTRY = "person:1.2.246.562.24.90400000012"
NEW = "person:1.2.246.562.24.90100000077"

KEUDA = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"
OFFICE = "1.2.246.562.10.90101010000"
ENTRY_PLACE = "1.2.246.562.10.90400000000"

ADMINISTER = frozenset({Scope.ADMINISTER})
AUDIT = frozenset({Scope.AUDIT})


class Known:
    """Knows callers by what they say; a pretence of tokens."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}

    def caller(self, headers: Headers) -> Caller:
        """Whoever is known by this name."""
        try:
            return self.callers[headers["authorization"]]
        except KeyError:
            detail = "expected a token"
            raise HttpError(HTTPStatus.UNAUTHORIZED, detail) from None

    def check(self, caller: Caller) -> None:
        """They stay known."""


class Nobody(Observer):
    """Is told of decisions, and keeps none."""

    def decided(self, decided: Decided) -> None:
        """Take a decision in."""


@dataclass
class Desk:
    """A node with a database of its own, and whoever asks it."""

    store: Store
    today: date = DAY
    acts: Acts = field(default_factory=lambda: Acts(patience=10))
    looks: Acts = field(default_factory=Acts)
    administers: bool = True

    def __post_init__(self) -> None:
        self.known = Known()
        self.point = LivePoint(self.store, today=lambda: self.today)
        self.administration = Administration(
            self.store, actor="os:node", today=lambda: self.today
        )
        self.app = self.application()

    def application(self, acts: Acts | None = None) -> Starlette:
        """The routes alone, without what an application does besides."""
        node = Node(
            point=self.point,
            authenticator=self.known,
            observer=Nobody(),
            administration=self.administration if self.administers else None,
        )
        threads = acts or self.acts
        return Starlette(routes=administration_routes(node, threads, self.looks))

    def ask(  # noqa: PLR0913 # what a request is made of
        self,
        path: str,
        body: object = None,
        *,
        by: str | None = PAA,
        scopes: frozenset[Scope] = ADMINISTER,
        organisations: tuple[str, ...] = (),
        query: Mapping[str, object] | Sequence[tuple[str, object]] = (),
        raw: bytes | None = None,
        known: bool = True,
        **more: str,
    ) -> Answered:
        """Ask for something in somebody's name: with a body, to act."""
        caller = Caller("token:7", by, scopes, organisations)
        self.known.callers = {"Bearer x": caller} if known else {}
        sent = json.dumps(body).encode() if raw is None else raw
        acts = body is not None or raw is not None
        asked = ask_app(
            self.app,
            f"/admin/v1/{path}",
            sent if acts else None,
            query=urlencode(query, doseq=True),
            authorization="Bearer x",
            **more,
        )
        return asyncio.run(asked)

    def held(self, subject: str) -> list[str]:
        """What a subject holds, as the database has it."""
        lines = self.store.load().lines
        return [str(line) for line in lines if line.values[0] == subject]

    def last(self) -> oikeus.Version:
        """The head."""
        return self.store.version(self.store.head())


@pytest.fixture
def desk(made_world: Path, tmp_path: Path) -> Iterator[Desk]:
    """A node over a copy of it, on the first of March 2026."""
    path = shutil.copy(made_world, tmp_path / "world.db")
    with Store.open(f"sqlite:///{path}") as store:
        opened = Desk(store)
        yield opened
        opened.acts.close()
        opened.looks.close()
