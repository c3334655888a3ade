"""Importing the rights that a national service gives, as one version or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from ...decide.allowing import today_in_finland
from ...errors import PolicyError, Problem, RegisterError
from ...loading import catalogue_of, snapshot_of
from ...policy.catalogue import Catalogue
from ...policy.imports import SECTION, Imports
from ...store import Change, Contents, Store
from ...terms import Grant, Line
from .cas import read_cas
from .days import ImportDays
from .entries import Note, Reading, merged
from .judging import judge
from .kayttooikeus import read_kayttooikeus
from .meaning import meant_by
from .planning import RightsPlan, plan_rights


class RightsSource(StrEnum):
    """What the documents are of; the origin of the versions that they make."""

    KAYTTOOIKEUS = "kayttooikeus"
    CAS = "cas"


_READERS: Mapping[RightsSource, Callable[[str, str, str], Reading]] = MappingProxyType(
    {RightsSource.KAYTTOOIKEUS: read_kayttooikeus, RightsSource.CAS: read_cas}
)


@dataclass(frozen=True, slots=True)
class ImportedRights:
    """What an import of rights did, or would do.

    Attributes:
        version: the version it made; the head as it was where nothing changed.
        plan: what changed, and which grants have vanished from the source.
        pruned: whether the grants that have vanished were removed.
        ignored: how many rights are of other services, or at no organisation.
        reported: rights that mean nothing here, and holders of no known kind.
        warnings: rights that were taken although a new grant could not be given.
    """

    version: int
    plan: RightsPlan
    pruned: bool
    ignored: int
    reported: tuple[Note, ...]
    warnings: tuple[Note, ...]

    @property
    def added(self) -> tuple[Grant, ...]:
        """All grants that are new, credentials among them."""
        return (*self.plan.added, *self.plan.registered)

    @property
    def removed(self) -> tuple[Grant, ...]:
        """The grants that were removed."""
        return (*self.plan.vanished, *self.plan.absent) if self.pruned else ()


@dataclass(frozen=True, slots=True)
class RightsImport:
    """What is to be imported, and how.

    Attributes:
        source: what the documents are of.
        texts: the JSON text of each file.
        prune: whether grants that have vanished from the source are to be removed.
        first: of the rights; the day of the import unless told.
        last: of the rights; the default of each role unless told.
    """

    source: RightsSource
    texts: Mapping[str, str]
    prune: bool = False
    first: date | None = None
    last: date | None = None


def import_rights(
    store: Store,
    wanted: RightsImport,
    *,
    actor: str,
    today: Callable[[], date] = today_in_finland,
) -> ImportedRights:
    """Bring the rights that a national service gives into the database.

    Args:
        store: the database; it must hold a policy and the organisations.
        wanted: what is to be imported.
        actor: who does it.
        today: tells the day of the import.

    Raises:
        RegisterError: everything that is wrong, in all documents; nothing is imported.
        PolicyError: the catalogue in force does not say what rights mean.
        RequestError: the rights would end before they begin.
        StoreError: the database cannot be written, or holds no policy.
        ModelError: the model in force cannot be used by this program.
    """
    days = _days(wanted, today())
    # before the lock: a document may be long
    read = _read_by_head(store, wanted)
    with store.writing() as writer:
        contents = writer.load()
        brought = writer.grants_of_origin(wanted.source)
        done = _judged(wanted, days, read, contents, brought)
        if not done.added and not done.removed:
            return done
        version = writer.commit(
            Change(
                origin=wanted.source,
                actor=actor,
                message=f"import {wanted.source} {', '.join(wanted.texts)}",
                add=tuple(grant.line for grant in done.added),
                remove=tuple(grant.line for grant in done.removed),
            )
        )
    return replace(done, version=version)


def preview_rights(
    store: Store,
    wanted: RightsImport,
    *,
    today: Callable[[], date] = today_in_finland,
) -> ImportedRights:
    """Say what an import would do, and write nothing.

    Args:
        store: the database; it need not be one that can be written.
        wanted: what would be imported.
        today: tells the day of the import.

    Raises:
        RegisterError: everything that is wrong, in all documents.
        PolicyError: the catalogue in force does not say what rights mean.
        RequestError: the rights would end before they begin.
        StoreError: the database cannot be read, or holds no policy.
        ModelError: the model in force cannot be used by this program.
    """
    days = _days(wanted, today())
    read = _read_by_head(store, wanted)
    with store.reading() as reader:
        brought = reader.grants_of_origin(wanted.source)
        return _judged(wanted, days, read, reader.contents(), brought)


def _days(wanted: RightsImport, today: date) -> ImportDays:
    return ImportDays(today, wanted.first or today, wanted.last)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of all documents, and by which words."""

    imports: Imports
    reading: Reading


def _read_by_head(store: Store, wanted: RightsImport) -> _Read:
    with store.reading() as reader:
        catalogue = catalogue_of(reader.catalogue)
    return _read(wanted, _imports_of(catalogue))


def _read(wanted: RightsImport, imports: Imports) -> _Read:
    reading = Reading()
    for file, text in wanted.texts.items():
        reading.add(_READERS[wanted.source](text, file, imports.service))
    return _Read(imports, reading)


def _imports_of(catalogue: Catalogue) -> Imports:
    if catalogue.imports is None:
        text = (
            f"has no `{SECTION}`, expected what the rights of the service mean: add it "
            "to the catalogue, then `oikeus apply`"
        )
        raise PolicyError([Problem("catalogue", 0, text)])
    return catalogue.imports


def _judged(
    wanted: RightsImport,
    days: ImportDays,
    read: _Read,
    contents: Contents,
    brought: Iterable[Line],
) -> ImportedRights:
    """Say what an import does to what is in force, or refuse it.

    Raises:
        RegisterError: everything that is wrong.
        RequestError: a right would end before it begins.
    """
    snapshot, catalogue = snapshot_of(contents), catalogue_of(contents.catalogue)
    if (imports := _imports_of(catalogue)) != read.imports:
        read = _read(wanted, imports)
    problems = [*read.reading.problems]
    holders = merged(read.reading.entries, problems)
    if wanted.prune and not holders:
        problems.extend(_nobody(wanted))
    meant = meant_by(holders, imports)
    given = [
        (days.grant(right, catalogue), place) for right, place in meant.rights.items()
    ]
    warnings = judge(snapshot, given, problems)
    if problems:
        raise RegisterError(problems)
    return ImportedRights(
        contents.version,
        plan_rights(
            snapshot, meant, (grant for grant, _ in given), brought, days.today
        ),
        wanted.prune,
        read.reading.ignored,
        (*read.reading.reported, *meant.reported),
        warnings,
    )


def _nobody(wanted: RightsImport) -> Iterator[Problem]:
    """Refuse to take everybody's rights away because of an empty answer."""
    text = "names nobody, expected at least one holder of rights to prune by"
    return (Problem(file, 0, text) for file in wanted.texts)
