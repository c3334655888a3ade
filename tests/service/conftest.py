"""The service over the example world, whole but for the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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
        app: the service.
        book: the tokens that it knows.
    """

    store: Store
    app: ASGIApp
    book: TokenBook

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
            today=lambda: DAY,
        )
        self.book.refresh()
        return made.text


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
        book = TokenBook(store)
        node = Node(
            point=LivePoint(store, today=lambda: DAY),
            authenticator=Tokens(book, today=lambda: DAY),
            observer=Nobody(),
            administration=Administration(store, actor="service", today=lambda: DAY),
        )
        acts = Acts()
        yield Served(store, Starlette(routes=administration_routes(node, acts)), book)
        acts.close()
