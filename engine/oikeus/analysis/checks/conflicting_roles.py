"""Grants of one subject whose roles it may not hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...decide.grants import each, grants_of, role_of
from ...decide.wording import bare
from ...policy.reviewing import CONFLICTS, Conflict
from ...terms import Grant
from ..conflicts import conflicting
from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity

_SHOWN = 5
"""How many subjects a finding names before it counts the rest."""

_FIX = "revoke one of the grants, or take the conflict away"


def _find(examined: Examined) -> Iterator[Noted]:
    for number, conflict in enumerate(examined.catalogue.reviewing.conflicts):
        found = _conflicting(examined, conflict)
        in_force: dict[str, None] = {}
        for grant, others in found.items():
            line = examined.first_grants.get(grant)
            if line is not None:
                against = "` and `".join(bare(other.role) for other in others)
                text = f"`{grant.subject}` also holds `{against}`"
                yield Noted.on(line, f"{text}, which conflicts with this role", _FIX)
            elif not any(other in examined.first_grants for other in others):
                in_force[grant.subject] = None
        if in_force:
            place = examined.place(CONFLICTS, number)
            yield Noted(*place, _who(sorted(in_force)), _FIX)


def _conflicting(
    examined: Examined, conflict: Conflict
) -> Mapping[Grant, tuple[Grant, ...]]:
    tree = examined.snapshot.tree
    # those that have ended conflict with nothing any more
    grants = (
        grant
        for grant in _of_several_groups(examined, conflict)
        if grant.span.last >= examined.day
    )
    return conflicting(grants, [conflict], tree)


def _of_several_groups(examined: Examined, conflict: Conflict) -> Iterator[Grant]:
    """The grants of subjects who hold roles of more groups than one.

    There may be a million subjects, of whom hardly any does.
    """
    group_of = {
        f"role:{name}": number
        for number, group in enumerate(conflict.groups)
        for name in group
    }
    for subject, chain in examined.snapshot.facts.grants.held.items():
        if chain[4] is None:
            continue  # one grant conflicts with nothing
        groups = {group_of.get(role_of(held[1])) for held in each(chain)} - {None}
        if len(groups) > 1:
            yield from grants_of(subject, chain)


def _who(subjects: Iterable[str]) -> str:
    found = [*subjects]
    rest = len(found) - _SHOWN
    shown = ", ".join(f"`{subject}`" for subject in found[:_SHOWN])
    more = f" and {rest} more" if rest > 0 else ""
    verb = "holds" if len(found) == 1 else "hold"
    return f"{shown}{more} {verb} roles together that conflict here"


CHECK = Check(
    "conflicting-roles",
    Severity.WARNING,
    "a subject that holds roles which conflict",
    _find,
    of_register=True,
)
