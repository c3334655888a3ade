"""The log over HTTP, for who audits: what was done to the policy, and by whom.

It tells of all organisations, so a token that is limited to some reads none of it.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from ...decide.wording import bare
from ...store import (
    ApplicationState,
    LineFilter,
    Op,
    Recorded,
    Scope,
    TokenState,
    Version,
    VersionFilter,
)
from ..operations import Done, Method, Operation
from ..problems import HttpError
from .shapes import (
    OrganisationId,
    PolicyLine,
    RecordNumber,
    SubjectId,
    Word,
    line_shape,
)
from .visits import Visit

_PATH = "/admin/v1/versions"
_SCOPES = (Scope.AUDIT,)
_MOST = 1_000
"""How many versions a page has at most, and of how many lines a version tells."""


class VersionsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which versions, the newest first; `before` goes on after a page.

    `since` and `until` are days in Finland, both inclusive. With `subject`, `role` and
    `organisation`: those that changed such a line, or took a step of such an
    application or token; with `below`, of organisations below it as well.
    """

    actor: Word | None = None
    granter: SubjectId | None = None
    origin: Word | None = None
    since: date | None = None
    until: date | None = None
    subject: SubjectId | None = None
    role: Word | None = None
    organisation: OrganisationId | None = None
    below: bool = False
    before: RecordNumber | None = None
    limit: Annotated[int, Meta(ge=1, le=_MOST)] = 50


class VersionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of its lines, and how many of them to leave out before these."""

    offset: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=_MOST)] = 100


class ApplicationStepShape(msgspec.Struct, frozen=True):
    """The step of an application that a version took."""

    id: int
    state: ApplicationState
    subject: str
    role: str
    organisation: str
    until: date
    reason: str


class TokenStepShape(msgspec.Struct, frozen=True):
    """The step of a token that a version took; without its secret."""

    id: int
    state: TokenState
    subject: str
    scopes: tuple[Scope, ...]
    organisations: tuple[str, ...]
    until: date
    label: str


class VersionShape(msgspec.Struct, frozen=True):
    """A version: who, on whose power, why, and how much; the time is in UTC."""

    version: int
    time: str
    actor: str
    granter: str | None
    power: str | None
    origin: str
    message: str
    added: int
    removed: int
    git_commit: str | None
    approval: str | None
    application: ApplicationStepShape | None
    token: TokenStepShape | None
    previous: str
    digest: str


class ChangeShape(msgspec.Struct, frozen=True):
    """What was done to a line: `+` added, `-` removed, `~` written elsewhere."""

    op: Op
    kind: str
    values: tuple[str, ...]
    line: PolicyLine


class VersionsAnswer(msgspec.Struct, frozen=True):
    """Versions; `earlier` more of them are before these, `next` is where to go on."""

    versions: tuple[VersionShape, ...]
    earlier: int
    next: int | None


class VersionAnswer(msgspec.Struct, frozen=True):
    """A version, and what it did to lines; `next` is the offset of the next page."""

    version: VersionShape
    changes: tuple[ChangeShape, ...]
    next: int | None


def _list(visit: Visit, asked: VersionsQuery) -> Done:
    visit.check_reaches_all()
    places: tuple[str, ...] | None = None
    if asked.organisation is not None:
        tree = visit.snapshot.tree
        organisation = asked.organisation
        places = tree.below(organisation) if asked.below else (organisation,)
    lines = LineFilter(
        subject=asked.subject,
        role=None if asked.role is None else f"role:{bare(asked.role)}",
        organisations=places,
    )
    only = VersionFilter(
        asked.actor,
        asked.granter,
        asked.origin,
        asked.since,
        asked.until,
        lines,
        asked.before,
    )
    logged = visit.administration.store.log(only, most=asked.limit)
    more = logged.versions[-1].number if logged.earlier else None
    versions = tuple(map(_shape, logged.versions))
    return Done(VersionsAnswer(versions, logged.earlier, more))


def _show(visit: Visit, asked: VersionQuery) -> Done:
    visit.check_reaches_all()
    store = visit.administration.store
    if not 1 <= visit.number <= store.head():
        raise HttpError(HTTPStatus.NOT_FOUND, "there is no version of this number")
    with store.details(visit.number) as details:
        found = islice(details.changes(), asked.offset, asked.offset + asked.limit + 1)
        changes = tuple(map(_change, found))
        version = _shape(details.version)
    more = asked.offset + asked.limit if len(changes) > asked.limit else None
    return Done(VersionAnswer(version, changes[: asked.limit], more))


def _shape(found: Version) -> VersionShape:
    return VersionShape(
        found.number,
        found.time,
        found.actor,
        found.granter,
        found.power,
        found.origin,
        found.message,
        found.added,
        found.removed,
        found.git_commit,
        found.approval,
        _application(found),
        _token(found),
        found.previous,
        found.digest,
    )


def _application(found: Version) -> ApplicationStepShape | None:
    step = found.application
    if step is None:
        return None
    return ApplicationStepShape(
        step.application or found.number,
        step.state,
        step.subject,
        bare(step.role),
        step.organisation,
        step.last_day,
        step.reason,
    )


def _token(found: Version) -> TokenStepShape | None:
    step = found.token
    if step is None:
        return None
    return TokenStepShape(
        step.token or found.number,
        step.state,
        step.subject,
        step.scopes,
        step.organisations,
        step.last_day,
        step.label,
    )


def _change(found: Recorded) -> ChangeShape:
    line = found.line
    return ChangeShape(found.op, line.ptype, line.values, line_shape(line))


OPERATIONS = (
    Operation(
        name="listVersions",
        method=Method.GET,
        path=_PATH,
        summary="List the versions of the policy, the newest first",
        description="It names people, so it takes the scope `audit`, and a token that "
        "is not limited to organisations.",
        scopes=_SCOPES,
        asked=VersionsQuery,
        answers={HTTPStatus.OK: VersionsAnswer},
        perform=_list,
        example={"origin": "grant", "limit": 10},
    ),
    Operation(
        name="showVersion",
        method=Method.GET,
        path=f"{_PATH}/{{id}}",
        summary="Show a version, and what it did to lines",
        scopes=_SCOPES,
        asked=VersionQuery,
        answers={HTTPStatus.OK: VersionAnswer},
        perform=_show,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
)
