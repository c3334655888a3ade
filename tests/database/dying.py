"""A process that kills itself before a statement: how a commit breaks off half way."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event

from oikeus.store import Store

HOME = Path(__file__).parents[2]


def started(script: str, url: str, moment: str, which: int) -> "subprocess.Popen[str]":
    """Run a script of this folder that calls `die_before`."""
    return subprocess.Popen(  # noqa: S603 # ours
        [sys.executable, "-m", f"tests.database.{script}", url, moment, str(which)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=HOME,
    )


def die_before(store: Store, moment: str, which: int) -> None:
    """Let this process end at once, as by kill -9.

    Args:
        store: whose statements count.
        moment: how the statement begins; `COMMIT`, or `none`.
        which: of such statements, counted from 1.
    """
    seen = 0

    def before(
        _connection: object, _cursor: object, statement: str, *_: object
    ) -> None:
        nonlocal seen
        seen += statement.startswith(moment)
        if seen == which:
            os.kill(os.getpid(), signal.SIGKILL)

    def committing(connection: object) -> None:
        before(connection, None, "COMMIT")

    _watch_psycopg(lambda statement: before(None, None, statement))
    if store.database.is_sqlite:
        event.listen(store.database.engine, "before_cursor_execute", before)
    event.listen(store.database.engine, "commit", committing)


def _watch_psycopg(before: Callable[[str], None]) -> None:
    """Tell of every statement, those that SQLAlchemy does not know of too."""
    execute, copy = psycopg.Cursor.execute, psycopg.Cursor.copy

    def _executing(cursor: Any, query: Any, *rest: Any, **options: Any) -> Any:  # noqa: ANN401
        before(str(query))
        return execute(cursor, query, *rest, **options)

    def _copying(cursor: Any, query: Any) -> Any:  # noqa: ANN401 # the driver's
        # it is an insert all the same
        before(query.replace("COPY", "INSERT INTO", 1))
        return copy(cursor, query)

    psycopg.Cursor.execute = _executing  # type: ignore[assignment,method-assign]
    psycopg.Cursor.copy = _copying  # type: ignore[assignment,method-assign]
