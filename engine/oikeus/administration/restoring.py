"""Making the lines in force those of the log again, after somebody wrote past it.

It is a version like any other: whoever follows the database takes it in, and the log
says what was found and what became of it. Model and catalogue are in the log alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import StaleVersionError
from ..store import Change, Store
from ..terms import Line

ORIGIN = "restore"
"""The origin of the version that a restoration makes."""


@dataclass(frozen=True, slots=True)
class Astray:
    """In what the lines in force are not those of the log.

    Attributes:
        extra: lines in force that no version brought, or none into their row.
        missing: lines that are in force by the log, and are not there.
    """

    extra: tuple[Line, ...]
    missing: tuple[Line, ...]

    def __bool__(self) -> bool:
        return bool(self.extra or self.missing)


def find_astray(store: Store) -> Astray:
    """Hold the lines in force against the log.

    Raises:
        StoreError: the database cannot be read.
    """
    return Astray(*store.astray())


def restore(
    store: Store, found: Astray, *, actor: str, message: str = ""
) -> int | None:
    """Make the lines in force those of the log, as one version.

    Args:
        store: the database.
        found: what `find_astray` gave, and somebody saw.
        actor: who does it.
        message: why.

    Returns:
        the version made, or nothing where nothing is astray.

    Raises:
        StaleVersionError: something else is astray by now.
        StoreError: the database cannot be written.
    """
    with store.writing() as writer:
        if Astray(*writer.astray()) != found:
            text = "the lines in force changed since they were looked at: look again"
            raise StaleVersionError(text)
        if not found:
            return None
        elsewhere = {*found.extra} & {*found.missing}
        return writer.commit(
            Change(
                ORIGIN,
                actor,
                message or "make the lines in force those of the log",
                add=tuple(line for line in found.missing if line not in elsewhere),
                remove=tuple(line for line in found.extra if line not in elsewhere),
                lost=found.missing,
            )
        )
