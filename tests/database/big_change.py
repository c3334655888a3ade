"""Commit a big change and be killed on the way: test_kill runs this as a process.

Arguments: the URL; the statement before which this process kills itself, `COMMIT`, or
`none`; and which one of such statements. It tells when it begins to write.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import event

from oikeus.store import Change, Store
from oikeus.terms import Line, Names, Source

SIZE = 7_000  # more than one batch of rows, and more pages than SQLite keeps in memory


def main(url: str, moment: str, which: int) -> None:
    """Replace everything by something big."""
    store = Store.open(url)
    seen = 0

    def _before(
        _connection: object, _cursor: object, statement: str, *_: object
    ) -> None:
        nonlocal seen
        seen += statement.startswith(moment)
        if seen == which:
            os.kill(os.getpid(), signal.SIGKILL)

    _watch_psycopg(lambda statement: _before(None, None, statement))

    def _committing(connection: object) -> None:
        _before(connection, None, "COMMIT")

    if store.database.is_sqlite:
        event.listen(store.database.engine, "before_cursor_execute", _before)
    event.listen(store.database.engine, "commit", _committing)
    lines = (
        Line("g", (f"person:{n}", "role:new", "1.2"), Source("g.csv", n, "R2: why"))
        for n in range(SIZE)
    )
    with store.writing() as writer:
        change = Change(
            "policy",
            "person:tester",
            "big",
            add=tuple(lines),
            remove=writer.load().lines,
            model="new",
            catalogue="new",
            names={"1.2": Names("Uusi")},
        )
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        writer.commit(change)
    store.close()


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


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
