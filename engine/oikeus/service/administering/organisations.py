"""Organisations over HTTP (`GET /admin/v1/organisations`): looking at the tree.

Whoever asks sees the organisations at which they hold a role, and those below; with the
scope `audit`, all; and always only where the token reaches.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from ...administration.delegation.overseeing import Overseer
from ...administration.listing import ListedOrganisation, listed_organisations
from ...store import Scope
from ..operations import Done, Method, Operation
from .holding import MOST
from .shapes import OrganisationId, VersionNumber
from .visits import Visit

_PATH = "/admin/v1/organisations"


class OrganisationsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of those that the caller may see, after the last one of a page."""

    after: OrganisationId | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 100


class OrganisationShape(msgspec.Struct, frozen=True):
    """An organisation, with what it inherits.

    `parents` are those directly above that the caller may see too: one, or none.
    `levels` are of grants that it can have, `modes` are how data is transferred there;
    `statuses` are what keeps it from being active.
    """

    organisation: str
    name: str
    parents: tuple[str, ...]
    levels: tuple[str, ...]
    modes: tuple[str, ...]
    statuses: tuple[str, ...]


class OrganisationsAnswer(msgspec.Struct, frozen=True):
    """Organisations by their ids; `next` says where to go on, if anywhere."""

    version: VersionNumber
    organisations: tuple[OrganisationShape, ...]
    next: str | None


def _list(visit: Visit, asked: OrganisationsQuery) -> Done:
    snapshot = visit.snapshot
    within = {*filter(visit.reaches, _seen(visit))}
    found = sorted(place for place in within if place > (asked.after or ""))
    page = found[: asked.limit]
    more = page[-1] if len(found) > len(page) else None
    listed = listed_organisations(snapshot, page, within)
    return Done(OrganisationsAnswer(snapshot.version, tuple(map(_shape, listed)), more))


def _seen(visit: Visit) -> Iterable[str]:
    if visit.audits:
        return visit.snapshot.tree
    overseer = Overseer(visit.snapshot, visit.subject, visit.today)
    return overseer.organisations()


def _shape(listed: ListedOrganisation) -> OrganisationShape:
    return OrganisationShape(
        listed.id,
        listed.name,
        listed.parents,
        listed.levels,
        listed.modes,
        listed.statuses,
    )


OPERATIONS = (
    Operation(
        name="listOrganisations",
        method=Method.GET,
        path=_PATH,
        summary="List the organisations that the caller may see",
        description="Those at which the subject holds a role today, and all below; "
        "with the scope `audit`, all. Nothing tells whether there are others.",
        scopes=(Scope.ADMINISTER, Scope.AUDIT),
        asked=OrganisationsQuery,
        answers={HTTPStatus.OK: OrganisationsAnswer},
        perform=_list,
    ),
)
