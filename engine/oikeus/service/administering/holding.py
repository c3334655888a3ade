"""Who holds what, over HTTP (`GET /admin/v1/grants`): looking at grants.

Whoever asks sees their own grants and those that they could take away; with the scope
`audit`, all; and always only where the token reaches. Nothing tells whether there are
others.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from ...administration.delegation.overseeing import Overseer
from ...administration.listing import ListedGrant, inert_among, listed_grants
from ...decide.grants import grant_of, role_of
from ...decide.wording import bare
from ...ids import MAX_VALUE_LENGTH
from ...store import Scope
from ...terms import Grant, check_parts, check_subject
from ..operations import Done, Method, Operation
from .grants import GRANTS
from .shapes import (
    GrantShape,
    OrganisationId,
    RoleName,
    SubjectId,
    VersionNumber,
)
from .visits import Visit

MOST = 1_000
"""How many grants, or organisations, a page has at most."""

# an organisation names nobody: an address may hold it, and a subject had better not
After = Annotated[
    str, Meta(max_length=MAX_VALUE_LENGTH + 11, pattern=r"^[^\u0000]*:[0-9]{1,10}$")
]


class GrantsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of those that the caller may see.

    Only what `subject` holds, only the `role`, only at `organisation` or below it.
    `after` goes on after a page: what its `next` said.
    """

    subject: SubjectId | None = None
    role: RoleName | None = None
    organisation: OrganisationId | None = None
    after: After | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 100


class ListedShape(GrantShape, frozen=True, rename={"first": "from", "last": "until"}):
    """A grant, and what keeps it from deciding.

    `blocked` is true where its holder is denied everything; `inert` says why it decides
    nothing, whoever holds it, and is null where it can decide.
    """

    blocked: bool
    inert: str | None


class GrantsAnswer(msgspec.Struct, frozen=True):
    """Grants that have not ended, by organisation, subject and role.

    `next` is where the next page goes on, if anywhere. What is done meanwhile may move
    what is still to come: the pages of one list have one version.
    """

    version: VersionNumber
    grants: tuple[ListedShape, ...]
    next: str | None


_Found = tuple[str, int, Grant]
"""A grant, with its organisation and its number among those that are seen there."""


def _list(visit: Visit, asked: GrantsQuery) -> Done:
    if asked.subject is not None:
        check_subject("subject", *check_parts(subject=asked.subject))
    begin, passed = _begin(asked.after)
    found = [
        *islice(
            (each for each in _seen(visit, asked, begin) if each[:2] > (begin, passed)),
            asked.limit + 1,
        )
    ]
    page, rest = found[: asked.limit], found[asked.limit :]
    more = "{}:{}".format(*page[-1]) if rest else None
    grants = [grant for _, _, grant in page]
    snapshot = visit.snapshot
    listed = listed_grants(snapshot, grants, inert_among(snapshot, grants))
    return Done(GrantsAnswer(snapshot.version, tuple(map(_shape, listed)), more))


def _begin(after: str | None) -> tuple[str, int]:
    """After which organisation, and which number there, a page begins."""
    place, _, number = (after or ":0").rpartition(":")
    return place, int(number)


def _seen(visit: Visit, asked: GrantsQuery, begin: str) -> Iterator[_Found]:
    """The grants asked for that the caller may see, from an organisation on."""
    overseer = Overseer(visit.snapshot, visit.subject, visit.today)
    for place in _places(visit, asked, overseer):
        if place < begin:
            continue
        whose = asked.subject
        if whose is None and not visit.audits and not overseer.takes_any(place):
            whose = visit.subject
        at = sorted(
            grant
            for grant in _at(visit, asked, place, whose)
            if visit.audits or overseer.oversees(grant)
        )
        for number, grant in enumerate(at, 1):
            yield place, number, grant


def _places(visit: Visit, asked: GrantsQuery, overseer: Overseer) -> list[str]:
    """The organisations, in their order, at which there may be what is asked for."""
    facts, tree = visit.snapshot.facts, visit.snapshot.tree
    if asked.subject is not None:
        given = {grant.organisation for grant in facts.of(asked.subject)}
    else:
        given = {*facts.grants.places}
    if asked.organisation is not None:
        given.intersection_update(tree.below(asked.organisation))
    if not visit.audits:
        given &= overseer.places()
    return sorted(filter(visit.reaches, given))


def _at(
    visit: Visit, asked: GrantsQuery, place: str, whose: str | None
) -> Iterator[Grant]:
    """The grants asked for that are at an organisation and have not ended.

    Args:
        visit: who asks.
        asked: for which.
        place: the organisation.
        whose: only what this subject holds; nothing for all.
    """
    facts, today = visit.snapshot.facts, visit.today.toordinal()
    there = facts.grants.places.get(place, ()) if whose is None else (whose,)
    wanted = None if asked.role is None else bare(asked.role)
    for subject in {*there}:
        for held in facts.held(subject):
            organisation, holder, _, last, _ = held
            if (
                organisation == place
                and last >= today
                and (wanted is None or bare(role_of(holder)) == wanted)
            ):
                yield grant_of(subject, held)


def _shape(listed: ListedGrant) -> ListedShape:
    grant = listed.grant
    return ListedShape(
        grant.subject,
        bare(grant.role),
        grant.organisation,
        grant.span.first,
        grant.span.last,
        listed.is_blocked,
        listed.inert,
    )


OPERATIONS = (
    Operation(
        name="listGrants",
        method=Method.GET,
        path=GRANTS,
        summary="List the grants that the caller may see",
        description="The subject's own, and those that the caller could take away; "
        "with the scope `audit`, all. Nothing tells whether there are others.",
        scopes=(Scope.ADMINISTER, Scope.AUDIT),
        asked=GrantsQuery,
        answers={HTTPStatus.OK: GrantsAnswer},
        perform=_list,
        example={"organisation": "1.2.246.562.10.90101000000"},
    ),
)
