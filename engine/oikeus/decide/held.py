"""What lines say of a subject and a place: grants that cover it, blocks, levels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..terms import Grant, Line
from .grants import grant_of
from .roles import AskedDomain
from .snapshot import Snapshot
from .whatif import BLOCKED


def held_here(
    snapshot: Snapshot, subject: str, organisation: str, day: date
) -> Iterator[Grant]:
    """The grants of a subject that cover an organisation on a day, inert ones not."""
    asked = AskedDomain(snapshot.facts, organisation, day.toordinal())
    for held in reversed([*snapshot.facts.held(subject)]):
        kind, _, role = held[1].partition(":")
        if asked.is_covered(held, role) and kind in snapshot.facts.kinds(role):
            yield grant_of(subject, held)


def grant_behind(
    snapshot: Snapshot, subject: str, rule: Line, organisation: str, day: date
) -> Grant | None:
    """The grant through which a subject holds the role of a line; it may hold none."""
    role = snapshot.model.value(rule, "sub")
    held = held_here(snapshot, subject, organisation, day)
    return next((grant for grant in held if grant.role == role), None)


def is_blocked(snapshot: Snapshot, subject: str) -> bool:
    """Whether the model takes the subject for blocked (ruling N)."""
    facts = snapshot.facts
    # hardly any subject is linked to anything
    return subject in facts.links["g3"] and BLOCKED in facts.reached("g3", subject)


def is_known(snapshot: Snapshot, organisation: str) -> bool:
    """Whether lines place an organisation in the tree, or give it a level."""
    return organisation in snapshot.tree or organisation in snapshot.tree.levels
