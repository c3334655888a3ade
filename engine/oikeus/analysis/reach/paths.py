"""How somebody could come to hold a role: chains of acts, the shortest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice

from ...decide.decision_point import role_id
from ...decide.snapshot import Snapshot
from ...errors import RequestError
from ...policy.wording import did_you_mean, not_in_register
from ...terms import check_parts
from .chains import Chain, chains_to
from .reachable import Reachable
from .slots import Slot
from .spreading import Spread, spread

MOST = 5
"""How many chains are told, unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The ways to a right.

    Attributes:
        role: `role:…`.
        organisation: where.
        day: on which it is asked.
        chains: the shortest first; none where there is no way.
    """

    role: str
    organisation: str
    day: date
    chains: tuple[Chain, ...]


def find_paths(  # noqa: PLR0913 # where from and where to
    snapshot: Snapshot,
    role: str,
    organisation: str,
    day: date,
    *,
    start: str | None = None,
    most: int = MOST,
) -> Paths:
    """Find the ways to a right, from those in force on a day.

    Args:
        snapshot: the policy, with the organisations.
        role: with or without `role:` before it.
        organisation: where it would be held.
        day: the rights in force on it are the beginning.
        start: from whose rights alone: a subject's, or those of all holders of a role
            (`role:…`, or its bare name); everybody's where none is said.
        most: how many are told.

    Raises:
        RequestError: a role, organisation or subject that the policy does not know.
        ModelError: what the model asks cannot be analysed exactly.
    """
    role, organisation = check_parts(role=role, organisation=organisation)
    wanted = role_id(role)
    _check_known(wanted, snapshot.roles, "role")
    if organisation not in snapshot.tree:
        raise RequestError(not_in_register(organisation))
    found = _spread(snapshot, day, start)
    chains = (
        chains_to(found, Slot(kind, wanted, organisation))
        for kind in sorted(snapshot.kinds)
    )
    ordered = merge(*chains, key=lambda chain: len(chain.links))
    return Paths(wanted, organisation, day, tuple(islice(ordered, most)))


def _spread(snapshot: Snapshot, day: date, start: str | None) -> Spread:
    """What can be had from the rights of one subject, of a role, or of everybody."""
    if start is None:
        return Reachable.of(snapshot, day).spread
    if ":" not in start or start.startswith("role:"):
        source = role_id(start)
        _check_known(source, snapshot.roles, "role")
        known = Reachable.of(snapshot, day)
        held = {slot: who for slot, who in known.start.items() if slot.role == source}
        return spread(known.asked, held)
    if start not in snapshot.facts.grants:
        message = f"`{start}` holds no right, expected a subject that does, or a role"
        raise RequestError(message)
    theirs = [each for each in snapshot.facts.of(start) if day in each.span]
    return Reachable.of(snapshot, day, theirs).spread


def _check_known(role: str, known: Iterable[str], what: str) -> None:
    if role not in known:
        names = [each.partition(":")[2] for each in known]
        words = ", ".join(f"`{each}`" for each in names)
        name = role.partition(":")[2]
        near = did_you_mean(name, names)
        message = f"unknown {what} `{name}`, expected one of {words}{near}"
        raise RequestError(message)
