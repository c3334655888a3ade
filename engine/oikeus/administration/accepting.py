"""Accepting a history: the owner says that a restored database is how it goes on.

It is a version that changes no line. Whoever had followed another history finds it in
the database, and takes that one in; the log says who decided it, and why.
"""

from __future__ import annotations

from ..errors import StaleVersionError
from ..store import ACCEPTANCE, Change, Mark, Store


def accept_history(store: Store, head: Mark, *, actor: str, message: str = "") -> int:
    """Have all that follow a database take its history in, whatever they decided by.

    Args:
        store: the database.
        head: the mark of its head, as somebody saw it.
        actor: who accepts.
        message: why.

    Returns:
        the version made.

    Raises:
        StaleVersionError: there is another head by now.
        StoreError: the database cannot be written.
    """
    with store.writing() as writer:
        if writer.mark() != head:
            text = "the head moved since it was looked at: look again"
            raise StaleVersionError(text)
        why = message or "accept this history"
        return writer.commit(Change(ACCEPTANCE, actor, why, attests=True))
