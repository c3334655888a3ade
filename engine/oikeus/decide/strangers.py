"""Imagined people: which roles would give what was asked, and who could grant those.

A stranger is a subject that nobody is (its name begins with as many `?` as it takes to
be nobody's), given one role at and above the organisation asked. The model is then
asked about the stranger, so that the answer is the policy's and not a second opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ..ids import is_id
from ..terms import Grant, PowerRequest, Request
from .evaluator import Evaluator
from .snapshot import Snapshot
from .whatif import one_day


def stranger(snapshot: Snapshot, kind: str, role: str = "") -> str:
    """The id of somebody who is nobody and holds this role only; without one, all.

    The role is named by its position, because its id and the kind's together may be
    longer than any id.
    """
    position = snapshot.roles.index(role) if role else ""
    return f"{kind}:{snapshot.nobody}{position}"


def roles_giving(
    snapshot: Snapshot, asked: Request, day: date
) -> dict[str, frozenset[str]]:
    """Find the roles that would give somebody what was asked, whoever asked.

    Returns:
        the roles, each with the kinds of subject to which it gives it.
    """
    imagined = imagine(snapshot, asked.organisation, day)
    found: dict[str, frozenset[str]] = {}
    for role in snapshot.roles:
        kinds = frozenset(
            kind
            for kind in snapshot.facts.kinds(role)
            for subject in (stranger(snapshot, kind, role),)
            for request in (replace(asked, subject=subject),)
            if imagined.ask(request, day).allowed
        )
        if kinds:
            found[role] = kinds
    return found


def powerful_over(snapshot: Snapshot, role: str) -> tuple[str, ...]:
    """The roles that have any power over a role, wherever it may be used."""
    model = snapshot.model
    powers = {
        model.value(line, "sub")
        for line in snapshot.facts.rules["p2"]
        if model.value(line, "role") == role
    }
    return tuple(power for power in snapshot.roles if power in powers)


def roles_granting(
    snapshot: Snapshot,
    roles: Iterable[str],
    kind: str,
    places: Sequence[str],
    day: date,
) -> tuple[str, ...]:
    """Find the roles whose holders could give one of these roles at one of the places.

    Args:
        snapshot: the policy.
        roles: what is to be given.
        kind: the recipient's kind; it is taken to be registered where that is needed.
        places: an organisation and those above it, nearest first.
        day: when.
    """
    wanted = [(role, place) for role in roles for place in places if is_id(place)]
    if not wanted:
        return ()
    imagined = imagine(snapshot, places[0], day)
    recipient = stranger(snapshot, kind)
    model, powers = snapshot.model, snapshot.facts.rules["p2"]
    powerful = {model.value(line, "sub") for line in powers}
    return tuple(
        power
        for power in snapshot.roles
        if power in powerful
        and any(
            imagined.ask(PowerRequest(granter, recipient, role, place), day).allowed
            for holder in snapshot.facts.kinds(power)
            for granter in (stranger(snapshot, holder, power),)
            for role, place in wanted
        )
    )


def roles_grantable_by(
    snapshot: Snapshot, granter: str, organisation: str, day: date
) -> tuple[str, ...]:
    """Find the roles that this granter may give here to somebody suitable."""
    imagined = imagine(snapshot, organisation, day)
    return tuple(
        role
        for role in snapshot.roles
        if may_give(snapshot, imagined, granter, role, organisation, day)
    )


def may_give(  # noqa: PLR0913, PLR0917 # a question about a power, and where it is asked
    snapshot: Snapshot,
    imagined: Evaluator,
    granter: str,
    role: str,
    organisation: str,
    day: date,
) -> bool:
    """Whether a granter may give a role to somebody suitable.

    Args:
        snapshot: the policy.
        imagined: what `imagine` makes of it for this organisation.
        granter: who would grant.
        role: what is to be given; a role that is for nobody cannot be.
        organisation: where.
        day: when.
    """
    return any(
        imagined.ask(request, day).allowed
        for kind in snapshot.facts.kinds(role)
        for recipient in (stranger(snapshot, kind),)
        for request in (PowerRequest(granter, recipient, role, organisation),)
    )


def imagine(snapshot: Snapshot, organisation: str, day: date) -> Evaluator:
    """Add a stranger for each role and kind, and one of each kind that holds all."""
    grants = [
        Grant(subject, role, place, one_day(day))
        for role in snapshot.roles
        for place in _places(snapshot, role, organisation)
        for kind in snapshot.facts.kinds(role)
        for subject in (stranger(snapshot, kind, role), stranger(snapshot, kind))
    ]
    return snapshot.evaluator.over(snapshot.facts.holding(*grants))


def _places(snapshot: Snapshot, role: str, organisation: str) -> list[str]:
    """Where a stranger holds a role: as high as it can be held, which covers the rest.

    Where an organisation has two parents, no place covers all the others: then it is
    everywhere.
    """
    above = snapshot.tree.above(organisation)
    places = [place for place in above if role in snapshot.facts.reached("g4", place)]
    is_chain = all(len(snapshot.tree.parents.get(place, ())) <= 1 for place in above)
    return places[-1:] if is_chain else places
