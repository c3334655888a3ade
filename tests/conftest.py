"""What all tests share: a world, texts compared whole, and a log without its guards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from oikeus import Store

from .example_world import make_example_world

ROOT = Path(__file__).resolve().parent.parent

GoldenCheck = Callable[[Path, str], None]


@event.listens_for(Engine, "connect")
def _spare_the_disk(connection: object, _record: object) -> None:
    """Let SQLite not wait for the disk, which takes more time than all tests.

    A process that is killed loses nothing by it, only a machine does.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer take the texts that tests produce for the expected ones."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write expected texts (tests/golden, docs/rules.md) instead of comparing",
    )


@pytest.fixture
def repository() -> Path:
    """The folder that holds model.conf and policies/."""
    return ROOT


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example world with administrators, at version 4; not to be changed."""
    path = tmp_path_factory.mktemp("made") / "world.db"
    make_example_world(f"sqlite:///{path}")
    return path


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> GoldenCheck:
    """Compare a text with a file whole, or write the file under --update-golden."""
    update = request.config.getoption("--update-golden")

    def check(path: Path, text: str) -> None:
        if update:
            path.write_text(text, encoding="utf-8", newline="\n")
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text == expected, (
            f"{path.relative_to(ROOT)} differs; where the new text is right, "
            "refresh it with pytest --update-golden and review it"
        )

    return check


Unguard = Callable[[Store], None]


@pytest.fixture
def unguard() -> Unguard:
    """Take away the triggers that keep the log as it is; an owner can."""

    def _unguard(store: Store) -> None:
        with store.database.writing() as connection:
            if store.database.is_sqlite:
                found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for name in connection.scalars(text(found)).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
                return
            logged = ("version", "change", "names", "application", "token")
            for table in (*logged, "head"):
                disable = f"ALTER TABLE oikeus_{table} DISABLE TRIGGER USER"
                connection.execute(text(disable))

    return _unguard
