"""All that one version did, read in parts: it may have changed a million lines."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ..errors import ModelError
from ..policy.invariant_changes import InvariantChanges, invariant_changes
from ..policy.model_changes import ModelChange, model_changes
from ..terms import Names
from .history import changes_of, version_of
from .reading import names_at, text_at
from .tables import names, version
from .values import Recorded, Version


@dataclass(frozen=True, slots=True)
class Renamed:
    """An organisation that a version named.

    Attributes:
        organisation: its id.
        before: what it was called; nothing where it had no name.
        after: what it is called from then on.
    """

    organisation: str
    before: Names | None
    after: Names


class Details:
    """A version, and what it changed; readable until the block of its store ends.

    Attributes:
        version: its row of the log.
        renamed: what it called organisations, by their ids.
        model_changed: whether it brought a model, be it with other comments only.
        catalogue_changed: whether it brought a catalogue.
        invariants_changed: whether it brought invariants, or took them away.
        statements: the statements that it took away or brought; none where this
            program cannot read them.
        definitions: what the new model defines otherwise; none where this program
            cannot read it.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._streams: list[Generator[Recorded]] = []
        self.version: Version = version_of(connection, number)
        self.renamed = tuple(_renamed(connection, number))
        texts = select(version.c.model, version.c.catalogue, version.c.invariants)
        brought = connection.execute(texts.where(version.c.number == number)).one()
        self.model_changed = brought.model is not None
        self.catalogue_changed = brought.catalogue is not None
        self.invariants_changed = brought.invariants is not None
        self.statements = InvariantChanges((), ())
        if self.invariants_changed:
            texts_at = (_texts(connection, each) for each in (number - 1, number))
            self.statements = invariant_changes(*texts_at)
        self.definitions: tuple[ModelChange, ...] = ()
        if brought.model is not None:
            before = text_at(connection, "model", number - 1) or ""
            self.definitions = _definitions(before, brought.model)

    def changes(self) -> Iterator[Recorded]:
        """What it did to the lines, in the order in which it did, as a stream."""
        self._streams.append(changes_of(self._connection, self.version.number))
        return self._streams[-1]

    def close(self) -> None:
        """Let go of what was not read to its end, while there is a connection."""
        for stream in self._streams:
            stream.close()


def _renamed(connection: Connection, number: int) -> Iterator[Renamed]:
    found = (
        select(names.c.organisation, names.c.fi, names.c.sv, names.c.en)
        .where(names.c.version == number)
        .order_by(names.c.organisation)
    )
    rows = connection.execute(found).all()
    before = names_at(connection, number - 1) if rows else {}
    for organisation, *called in rows:
        yield Renamed(organisation, before.get(organisation), Names(*called))


def _texts(connection: Connection, number: int) -> tuple[str, str]:
    """The invariants at a version, and the catalogue whose words they use."""
    names_of = ("invariants", "catalogue")
    invariants, catalogue = (
        text_at(connection, name, number) or "" for name in names_of
    )
    return invariants, catalogue


def _definitions(before: str, after: str) -> tuple[ModelChange, ...]:
    try:
        return model_changes(before, after)
    except ModelError:
        return ()
