"""A process that kills itself before a statement: how a commit breaks off half way."""

import os
import signal

from sqlalchemy import event

from oikeus.store import Store


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

    event.listen(store.database.engine, "before_cursor_execute", before)
    event.listen(store.database.engine, "commit", committing)
