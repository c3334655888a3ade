"""How imported grants meet those in force: overlaps, and credentials to register."""

from __future__ import annotations

from collections.abc import Iterable

from ..decide.snapshot import Snapshot
from ..terms import Grant, Span, kind_of

Right = tuple[str, str, str]
"""Whose, which role's and where: what grants of other days have in common."""


def right_of(grant: Grant) -> Right:
    """What is granted, whatever the days."""
    return grant.subject, grant.role, grant.organisation


def overlap(grant: Grant, others: Iterable[Grant]) -> Grant | None:
    """Find another grant of the same right whose days overlap, but are not the same."""
    right, span = right_of(grant), grant.span
    for other in others:
        apart = other.span.last < span.first or span.last < other.span.first
        if right_of(other) == right and not apart and other.span != span:
            return other
    return None


def credential_of(snapshot: Snapshot) -> str | None:
    """The role that registers a credential, where the policy has one."""
    catalogue = snapshot.catalogue
    if catalogue is None or catalogue.credential is None:
        return None
    return f"role:{catalogue.credential}"


def registrations(snapshot: Snapshot, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The credentials that grants to systems bring with them (ruling M).

    A system is registered where its right is, from the right's first day and for as
    long as the catalogue lets a credential be, unless it is registered there or above.
    """
    role = credential_of(snapshot)
    if role is None or snapshot.catalogue is None:
        return ()
    ending = snapshot.catalogue.roles[role.removeprefix("role:")].validity.longest
    kinds = snapshot.facts.linked("g3", role)
    brought = tuple(grant for grant in grants if kind_of(grant.subject) in kinds)
    known: dict[str, list[Grant]] = {}
    for grant in brought:
        held = known.setdefault(grant.subject, list(snapshot.facts.of(grant.subject)))
        if grant.role == role:
            held.append(grant)
    found = []
    # the highest first, so that one registration covers what stands below it
    depths = {each: len(snapshot.tree.above(each.organisation)) for each in brought}
    for grant in sorted(brought, key=depths.__getitem__):
        if not _is_covered(snapshot, grant, role, known[grant.subject]):
            last = max(ending.last_day(grant.span.first), grant.span.last)
            span = Span(grant.span.first, last)
            registered = Grant(grant.subject, role, grant.organisation, span)
            known[grant.subject].append(registered)
            found.append(registered)
    return tuple(found)


def _is_covered(
    snapshot: Snapshot, grant: Grant, role: str, held: Iterable[Grant]
) -> bool:
    """Tell whether a credential is registered for all that a grant gives."""
    above = snapshot.tree.above(grant.organisation)
    return any(
        other.role == role
        and other.organisation in above
        and other.span.first <= grant.span.first
        and grant.span.last <= other.span.last
        for other in held
    )
