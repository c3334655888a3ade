"""Reverse questions: who may, what may somebody, and where.

Each is the same evaluation, asked for every candidate. What is clever is only which
candidates are left out, and none is left out that the model could allow: where the
matcher insists on `g(r.sub, p.sub, …)` of the organisation and day asked, a subject
without a grant that covers them cannot be allowed. A model that does not insist on it
could allow anybody anything anywhere: then the candidates are those that lines name.

`sent` is always a value for each attribute of the model, the same for every candidate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..ids import is_id
from ..terms import PowerRequest, kind_of
from .facts import reach
from .grants import role_of
from .matcher.folding import needs_grant
from .snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Permission:
    """An action on a resource that a subject may do, and where.

    The words are those of a rule: of one that compares patterns, the pattern.
    """

    action: str
    resource: str
    organisations: tuple[str, ...]


def who_can(
    snapshot: Snapshot,
    action: str,
    resource: str,
    organisation: str,
    day: date,
    *sent: str,
) -> tuple[str, ...]:
    """List the subjects that may do this here, sorted."""
    decide, ordinal = snapshot.decide, day.toordinal()
    return tuple(
        subject
        for subject in people(snapshot, "m", organisation)
        if decide(subject, action, resource, organisation, ordinal, *sent)
    )


def who_may_grant(
    snapshot: Snapshot, recipient: str, role: str, organisation: str, day: date
) -> tuple[str, ...]:
    """List the subjects that may give this role to this recipient here, sorted."""
    return tuple(
        subject
        for subject in people(snapshot, "m2", organisation)
        if snapshot.evaluator.ask(
            PowerRequest(subject, recipient, role, organisation), day
        ).allowed
    )


def where_can(
    snapshot: Snapshot,
    subject: str,
    action: str,
    resource: str,
    day: date,
    *sent: str,
) -> tuple[str, ...]:
    """List the organisations at which a subject may do this, in the tree's order."""
    found = places(snapshot, "m", subject, day)
    return _where(snapshot, found, subject, (action, resource), day, *sent)


def what_can(
    snapshot: Snapshot, subject: str, organisation: str | None, day: date, *sent: str
) -> tuple[Permission, ...]:
    """List what a subject may do, at one organisation or anywhere."""
    if organisation is None:
        within = places(snapshot, "m", subject, day)
    else:
        within = [organisation]
    model = snapshot.model
    deeds = dict.fromkeys(
        (model.value(rule, "act"), model.value(rule, "obj"))
        for rule in snapshot.facts.rules["p"]
    )
    found = (
        Permission(*deed, _where(snapshot, within, subject, deed, day, *sent))
        for deed in deeds
        if all(map(is_id, deed))
    )
    return tuple(permission for permission in found if permission.organisations)


def _where(
    snapshot: Snapshot,
    within: Iterable[str],
    subject: str,
    deed: tuple[str, str],
    day: date,
    *sent: str,
) -> tuple[str, ...]:
    decide, ordinal = snapshot.decide, day.toordinal()
    return tuple(
        place for place in within if decide(subject, *deed, place, ordinal, *sent)
    )


def people(snapshot: Snapshot, matcher: str, organisation: str) -> list[str]:
    """The subjects that could be allowed something here, those that can be asked."""
    facts = snapshot.facts
    named = set(_named(snapshot, matcher))
    if _needs_grant(snapshot, matcher):
        for place in reach(facts.links["g2"], organisation):
            named.update(facts.grants.places.get(place, ()))
    else:
        named |= {*facts.grants, *facts.links["g3"]}
    return sorted(
        subject
        for subject in named
        if kind_of(subject) in snapshot.kinds and is_id(subject)
    )


def places(snapshot: Snapshot, matcher: str, subject: str, day: date) -> list[str]:
    """The organisations at which a subject could be allowed something."""
    named, order = _named(snapshot, matcher), snapshot.register.order
    if _needs_grant(snapshot, matcher) and subject not in named:
        ordinal = day.toordinal()
        held = {
            organisation
            for organisation, holder, first, last, _ in snapshot.facts.held(subject)
            if role_of(holder) in named and first <= ordinal <= last
        }
        below = snapshot.register.below if held else {}
        covered = {place for top in held for place in reach(below, top)}
        # what no register brought comes last: rows may hold it all the same
        others = sorted(place for place in covered if place not in order)
        inside = (place for place in covered if place in order)
        known = [*sorted(inside, key=order.__getitem__), *others]
    else:
        known = [*order]
    scope = snapshot.scope
    return [
        place
        for place in known
        if ":" not in place and is_id(place)
        if scope is None or place in scope.within
    ]


def _named(snapshot: Snapshot, matcher: str) -> frozenset[str]:
    """What the lines of a matcher name as `sub`: roles, as a rule.

    They may name a subject too, since Casbin lets everybody stand for themselves.
    """
    ptype = f"p{matcher[1:]}"
    model = snapshot.model
    return frozenset(model.value(line, "sub") for line in snapshot.facts.rules[ptype])


def _needs_grant(snapshot: Snapshot, matcher: str) -> bool:
    return needs_grant(snapshot.evaluator.matchers[matcher].plan)
