"""Importing extracts of the organisation register, as one version or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..decide.allowing import today_in_finland
from ..errors import Problem, StoreError
from ..policy.catalogue import Catalogue
from ..policy.catalogue_reading import read_catalogue
from ..policy.tree import Tree
from ..store import Change, Contents, Store
from .register import read_registers
from .register_effects import effects
from .register_placement import Placement, place_organisations
from .states import state_of
from .stranded import Granters, Stranded, find_stranded, revoked

ORGANISATIONS = "organisations"
"""The origin of a version that is made of extracts of the register."""


@dataclass(frozen=True, slots=True)
class Words:
    """What an import needs of a policy when the database holds none yet.

    Attributes:
        catalogue: gives levels and statuses their names in the register.
        root: the organisation that everything stands under.
    """

    catalogue: Catalogue
    root: str


@dataclass(frozen=True, slots=True)
class ImportedOrganisations:
    """What an import of organisations did.

    Attributes:
        version: the version it made; the head as it was where nothing changed, or was
            to be.
        placement: what changed, for people and for programs.
        warnings: rows that stopped or started to decide, and first grants that could
            not be given now.
        stranded: the grants that no rule would allow any more, and what happened to
            them.
    """

    version: int
    placement: Placement
    warnings: tuple[Problem, ...] = ()
    stranded: tuple[Stranded, ...] = ()


def import_organisations(  # noqa: PLR0913 # what an import is made of
    store: Store,
    texts: Mapping[str, str],
    *,
    actor: str,
    accept_moves: bool = False,
    words: Callable[[], Words | None] | None = None,
    dry_run: bool = False,
    today: Callable[[], date] = today_in_finland,
) -> ImportedOrganisations:
    """Bring extracts of the register into the database; absent organisations stay.

    Args:
        store: the database.
        texts: the JSON text of each file.
        actor: who does it.
        accept_moves: whether an organisation may change its parent.
        words: asked for them while the database holds no policy; policy and register
            may come in either order.
        dry_run: only say what it would do.
        today: says which grants have ended.

    Raises:
        RegisterError: everything that is wrong, in all files, or a grant of a policy
            file that may not be where the import would let it decide; nothing is
            imported.
        StoreError: the database cannot be written, or nothing gives the words.
        ModelError: the model in force cannot be used by this program.
    """
    known = words_of(store.load()) or (words() if words else None)
    if known is None:
        message = (
            "the database holds no policy, which names the root and the levels: "
            "load one with `oikeus apply policies/`, or name one with --policies"
        )
        raise StoreError(message)
    # before the lock: a document may be long
    found = read_registers(texts, known.catalogue, known.root)
    with store.writing() as writer:
        contents = writer.load()
        in_force = words_of(contents) or known
        if in_force != known:
            found = read_registers(texts, in_force.catalogue, in_force.root)
        placement = place_organisations(
            found,
            contents.lines,
            contents.names,
            in_force.root,
            accept_moves=accept_moves,
        )
        warnings = effects(contents, placement, in_force.catalogue)
        stranded = _stranded(contents, placement, today(), writer.reading().granters)
        version = contents.version
        if not (dry_run or placement.changes_nothing):
            version = writer.commit(
                Change(
                    origin=ORGANISATIONS,
                    actor=actor,
                    message=f"import organisations {', '.join(texts)}",
                    add=placement.add,
                    remove=(*placement.remove, *revoked(stranded)),
                    names=placement.names,
                )
            )
    return ImportedOrganisations(version, placement, warnings, stranded)


def _stranded(
    contents: Contents, placement: Placement, day: date, granters: Granters
) -> tuple[Stranded, ...]:
    """The grants in force that no rule would allow after an import."""
    if contents.model is None or not (placement.add or placement.remove):
        return ()
    if not any(line.ptype == "g" for line in contents.lines):
        return ()
    before = state_of(contents)
    placed = replace(contents, lines=placement.after(contents.lines))
    return find_stranded(before, state_of(placed), day, granters)


def words_of(contents: Contents) -> Words | None:
    """The words of the policy in a database; nothing where it holds none."""
    if contents.catalogue is None:
        return None
    roots = Tree.from_lines(contents.lines).roots
    if len(roots) != 1:
        message = (
            f"the database has {len(roots)} roots, expected one `g4, …, level:root`"
        )
        raise StoreError(message)
    return Words(read_catalogue(contents.catalogue, "catalogue"), roots[0])
