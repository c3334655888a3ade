"""What holders and their rights are here, by the catalogue's `imports`; never by guess.

The id of a subject is made of the OID, of a system's too: a user name may be missing
from one document and stand in the next, and would make a second subject then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...policy.imports import Imports
from ...policy.wording import choice, shown
from ..grant_checks import Right
from .entries import Holder, Note, Place


@dataclass(slots=True)
class Meant:
    """What the rights of all holders mean.

    Attributes:
        rights: each with the place that gives it first.
        reported: rights that mean nothing here, and holders that are of no kind.
        named: the OIDs of all holders, whatever they have.
        undecided: the OIDs of those who have rights, and of whom no kind is known.
    """

    rights: dict[Right, Place] = field(default_factory=dict)
    reported: list[Note] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    undecided: set[str] = field(default_factory=set)


def meant_by(holders: Iterable[Holder], imports: Imports) -> Meant:
    """Say which roles holders have at which organisations."""
    found = Meant()
    for holder in holders:
        found.named.add(holder.oid)
        if not holder.rights:
            continue
        kind = imports.types.get(holder.type or "")
        if kind is None:
            found.undecided.add(holder.oid)
            found.reported.append(holder.place.note(_of_no_kind(holder, imports)))
            continue
        for given in holder.rights:
            role = imports.role_of(kind, given.word)
            if role is None:
                text = f"{shown(given.word)} of a {kind} means no role, not imported"
                found.reported.append(given.place.note(text))
            else:
                right = f"{kind}:{holder.oid}", role, given.organisation
                found.rights.setdefault(right, given.place)
    return found


def _of_no_kind(holder: Holder, imports: Imports) -> str:
    has = "no type" if holder.type is None else f"the unknown type {shown(holder.type)}"
    expected = f"expected {choice(imports.types)}"
    return f"{shown(holder.oid)} has {has}, {expected}: its rights were not imported"
