"""Makes a snapshot of what a database holds, or held at an earlier version.

Grants are indexed while they are read: there may be a million. What is read comes from
one view of the database.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from .decide.scope import Scope
from .decide.snapshot import Snapshot
from .errors import StoreError
from .policy.catalogue import Catalogue
from .policy.catalogue_reading import read_catalogue
from .policy.model import Model, parse_model
from .store import Advance, Contents, GrantValues, Mark, Progress, Reader, Store
from .terms import Line


def snapshot_of(contents: Contents) -> Snapshot:
    """Index what a database holds.

    Raises:
        StoreError: it holds no policy yet.
        ModelError: the model that it holds cannot be used by this program.
        PolicyError: nor can its catalogue.
    """
    return Snapshot.build(
        _model(contents.model),
        contents.lines,
        version=contents.version,
        names=contents.names,
        catalogue=catalogue_of(contents.catalogue),
    )


def opened(store: Store | str) -> AbstractContextManager[Store]:
    """A store that is open already, or the one at a URL as long as a block lasts.

    Raises:
        StoreError: the database cannot be used.
    """
    if isinstance(store, str):
        return Store.open(store, create=False)
    return nullcontext(store)


def load_from(
    store: Store,
    *,
    version: int | None = None,
    under: str | None = None,
    progress: Progress | None = None,
) -> tuple[Mark, Snapshot]:
    """Index what a database holds while it is read.

    Args:
        store: the database.
        version: an earlier one, to index what was in force at that one.
        under: an organisation, to load only what decides about it and those below it.
        progress: shows how far it has come.

    Returns:
        what tells the version from any other, and the version.

    Raises:
        StoreError: it cannot be read, has no such version, or holds no policy yet.
        ModelError: the model that it holds cannot be used by this program.
        PolicyError: nor can its catalogue.
        RequestError: the organisation is not in the register.
    """
    with store.reading(version) as reader, uncollected():
        return reader.mark, read_snapshot(reader, under=under, progress=progress)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let nobody look for cycles meanwhile: a load makes millions of values and none.

    Each look goes through all that is there, which takes a fifth of the time of a load.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_snapshot(
    reader: Reader,
    *,
    others: Iterable[Line] | None = None,
    under: str | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Index what is read in one view of a database; see `load_from`.

    Args:
        reader: the view.
        others: the lines that are no grants, where they were read already.
        under: an organisation, to load only what decides about it and those below it.
        progress: shows how far it has come.

    Raises:
        StoreError: the database cannot be read, or holds no policy yet.
        ModelError: the model that it holds cannot be used by this program.
        PolicyError: nor can its catalogue.
        RequestError: the organisation is not in the register.
    """
    model, catalogue = _model(reader.model), catalogue_of(reader.catalogue)
    shown = nullcontext() if progress is None else progress(reader.count())
    with shown as advance:
        grants = _counted(reader.grants(), advance or _unseen)
        every = reader.lines(sources=False) if others is None else others
        scope = None
        if under is not None:
            every = [*every]
            scope = Scope.under(under, every)
            grants = scope.batches(grants)
        lines = _lines(every, reader, advance or _unseen)
        return Snapshot.build(
            model,
            scope.lines(lines) if scope else lines,
            grants=grants,
            version=reader.version,
            names=reader.names,
            catalogue=catalogue,
            scope=scope,
        )


def _model(text: str | None) -> Model:
    return parse_model(_loaded(text))


def catalogue_of(text: str | None) -> Catalogue:
    """The catalogue that a database holds.

    Raises:
        StoreError: it holds none yet.
        PolicyError: this program cannot use it.
    """
    return read_catalogue(_loaded(text), "catalogue")


def _loaded(text: str | None) -> str:
    """Refuse a database to which no version has brought a policy."""
    if text is None:
        message = "the database holds no policy, load one with `oikeus apply policies/`"
        raise StoreError(message)
    return text


def _unseen(rows: int) -> None:
    """Show nothing."""


def _counted(
    batches: Iterator[Sequence[GrantValues]], advance: Advance
) -> Iterator[Sequence[GrantValues]]:
    for batch in batches:
        yield batch
        advance(len(batch))


def _lines(found: Iterable[Line], reader: Reader, advance: Advance) -> Iterator[Line]:
    """The lines besides the grants, which are read before them."""
    for line in found:
        yield line
        advance(1)
    yield from reader.unreadable
