"""What is in force as lists: who holds what and where, and which organisations exist.

A list is what people look at. Whoever may see part of it only is given that part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..decide.held import is_blocked
from ..decide.inert import find_inert
from ..decide.snapshot import Snapshot
from ..decide.wording import bare
from ..terms import Grant, Line


@dataclass(frozen=True, slots=True, order=True)
class ListedGrant:
    """A grant, and what keeps it from deciding.

    Attributes:
        grant: who holds what, where, from when until when.
        is_blocked: whether its holder is denied everything.
        inert: why it decides nothing, whoever holds it; nothing where it can decide.
    """

    grant: Grant
    is_blocked: bool = False
    inert: str | None = None


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """An organisation, with what it inherits.

    Attributes:
        id: names it in questions and grants.
        name: what it is called; blank where it has no name.
        parents: those directly above it that are listed too: one, unless lines are
            broken; none at the top.
        levels: of grants that it can have.
        modes: how data is transferred there; none where that is not said.
        statuses: what keeps it from being active; none where it is.
    """

    id: str
    name: str = ""
    parents: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


def inert_among(snapshot: Snapshot, grants: Iterable[Grant]) -> Mapping[Line, str]:
    """Why those of some grants decide nothing that do not."""
    lines = [grant.line for grant in grants]
    found = find_inert(snapshot.model, snapshot.facts, snapshot.tree, lines)
    return {row.line: row.reason for row in found}


def listed_grants(
    snapshot: Snapshot, grants: Iterable[Grant], inert: Mapping[Line, str]
) -> Iterator[ListedGrant]:
    """Grants as they are listed, in their order.

    Args:
        snapshot: what is in force.
        grants: those to list.
        inert: why those of them decide nothing that do not.
    """
    for grant in grants:
        blocked = is_blocked(snapshot, grant.subject)
        yield ListedGrant(grant, blocked, inert.get(grant.line))


def list_grants(
    snapshot: Snapshot,
    *,
    subject: str | None = None,
    role: str | None = None,
    organisation: str | None = None,
) -> tuple[ListedGrant, ...]:
    """List who holds what and where, whatever the days; sorted.

    Args:
        snapshot: what is in force.
        subject: only what this one holds.
        role: only grants of this one, with or without `role:` before it.
        organisation: only grants at this organisation, or below it.
    """
    below = None if organisation is None else {*snapshot.tree.below(organisation)}
    found = [
        grant
        for held in snapshot.facts.grants.values()
        for grant in held
        if (subject is None or grant.subject == subject)
        and (role is None or bare(grant.role) == bare(role))
        and (below is None or grant.organisation in below)
    ]
    inert = {row.line: row.reason for row in snapshot.inert}
    return tuple(listed_grants(snapshot, sorted(found), inert))


def list_organisations(snapshot: Snapshot) -> tuple[ListedOrganisation, ...]:
    """List all organisations, the root first, each before those below it."""
    places = dict.fromkeys(snapshot.tree)
    return tuple(listed_organisations(snapshot, places, places))


def listed_organisations(
    snapshot: Snapshot, organisations: Iterable[str], within: Collection[str]
) -> Iterator[ListedOrganisation]:
    """Organisations as they are listed, in their order.

    Args:
        snapshot: what is in force.
        organisations: those to list.
        within: those that can be told of; all others are nobody's parents.
    """
    for place in organisations:
        yield _listed(snapshot, place, within)


def _listed(
    snapshot: Snapshot, place: str, within: Collection[str]
) -> ListedOrganisation:
    tree, names = snapshot.tree, snapshot.names.get(place)
    return ListedOrganisation(
        place,
        names.best if names else "",
        tuple(each for each in tree.parents.get(place, ()) if each in within),
        _words(tree.levels.get(place, ())),
        _words(tree.inherited(place, "mode:")),
        _words(tree.inherited(place, "status:")),
    )


def _words(typed: Iterable[str]) -> tuple[str, ...]:
    """Words without their types, each once: a status can be inherited twice."""
    return tuple(word.partition(":")[2] for word in dict.fromkeys(typed))
