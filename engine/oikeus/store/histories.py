"""Whether a database goes on from a version that is known, or has another history.

A backup that was restored has one, and so has a server that took another's place
without its last versions. The owner may say that this is how it goes on: by a version,
which whoever follows the database finds in it.
"""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select

from .asking import Ask
from .tables import version
from .values import Mark

ACCEPTANCE = "accept"
"""The origin of the version by which the owner accepts a history."""

_MARKED = select(version.c.digest).where(version.c.number == bindparam("at"))
_ACCEPTED = select(
    exists().where(
        version.c.origin == bindparam("origin"), version.c.time > bindparam("time")
    )
)


def holds(ask: Ask, mark: Mark) -> bool:
    """Whether a version is one of those that the database has.

    Its digest is over all before it as well, so that they are the same, too.
    """
    if not mark.number:
        return True
    return any(
        (digest or "") == mark.digest for (digest,) in ask(_MARKED, {"at": mark.number})
    )


def accepted_since(ask: Ask, mark: Mark) -> bool:
    """Whether the owner has accepted the history after a version of another was made.

    Time tells: of all versions that led to that one none is later, be they acceptances
    of an earlier occasion, which a backup brings back.
    """
    ((found,),) = ask(_ACCEPTED, {"origin": ACCEPTANCE, "time": mark.time})
    return bool(found)
