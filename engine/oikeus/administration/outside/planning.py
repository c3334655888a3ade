"""What an import would change: what is new, what is there, and what has vanished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ...decide.snapshot import Snapshot
from ...terms import Grant, Line
from ..grant_checks import credential_of, registrations, right_of
from .days import beside, in_force
from .meaning import Meant


@dataclass(frozen=True, slots=True)
class RightsPlan:
    """What an import would do.

    Attributes:
        added: the grants that are new.
        registered: the credentials that come with them, as grants of their own.
        unchanged: how many rights are in force already, however they came.
        vanished: grants of earlier imports that the documents no longer give, of
            holders whom they name.
        absent: the same of holders whom they do not name at all.
    """

    added: tuple[Grant, ...]
    registered: tuple[Grant, ...]
    unchanged: int
    vanished: tuple[Grant, ...]
    absent: tuple[Grant, ...]


def plan_rights(
    snapshot: Snapshot,
    meant: Meant,
    given: Iterable[Grant],
    brought: Iterable[Line],
    today: date,
) -> RightsPlan:
    """Hold what the documents give against what is in force.

    Args:
        snapshot: what is in force.
        meant: what the documents give.
        given: the same as grants.
        brought: the grants in force that earlier imports of this source brought.
        today: the day of the import.
    """
    added: list[Grant] = []
    staying: list[Grant] = []
    for grant in given:
        held = snapshot.facts.of(grant.subject)
        there = in_force(grant, held)
        if there:
            staying.append(there)
        else:
            added.append(beside(grant, held))
    gone = _gone(snapshot, meant, brought, today, added)
    return RightsPlan(
        tuple(added),
        registrations(snapshot, [*added, *staying]),
        len(staying),
        tuple(grant for grant in gone if _oid(grant) in meant.named),
        tuple(grant for grant in gone if _oid(grant) not in meant.named),
    )


def _gone(
    snapshot: Snapshot,
    meant: Meant,
    brought: Iterable[Line],
    today: date,
    added: Iterable[Grant],
) -> list[Grant]:
    """The grants of earlier imports that nothing gives any more and nothing needs."""
    credential = credential_of(snapshot)
    ours = [
        grant
        for grant in map(Grant.parse, brought)
        # what has ended decides nothing, and what is undecided may still be given
        if grant.span.last >= today and _oid(grant) not in meant.undecided
    ]
    gone = {
        grant
        for grant in ours
        if grant.role != credential and right_of(grant) not in meant.rights
    }
    new: dict[str, list[Grant]] = {}
    for grant in added:
        new.setdefault(grant.subject, []).append(grant)
    needed = {
        grant
        for grant in ours
        if grant.role == credential and _is_needed(snapshot, grant, gone, new, today)
    }
    return [
        grant
        for grant in ours
        if grant in gone or (grant.role == credential and grant not in needed)
    ]


def _is_needed(
    snapshot: Snapshot,
    registration: Grant,
    gone: Iterable[Grant],
    new: Mapping[str, Iterable[Grant]],
    today: date,
) -> bool:
    """Whether a right of the credential, whoever gave it, stays where it is one."""
    subject, tree = registration.subject, snapshot.tree
    held = {*snapshot.facts.of(subject)}.difference(gone).union(new.get(subject, ()))
    return any(
        grant.role != registration.role
        and grant.span.last >= today
        and registration.organisation in tree.above(grant.organisation)
        for grant in held
    )


def _oid(grant: Grant) -> str:
    return grant.subject.partition(":")[2]
