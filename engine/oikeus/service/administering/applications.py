"""Applications over HTTP (`/admin/v1/requests`): looking at them.

An application is seen by its applicant and by those who have the power to decide it;
with the scope `audit`, by anybody. To all others there is none of its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from ...administration.delegation.applying import can_decide
from ...decide.wording import bare
from ...store import (
    LAST_NUMBER,
    Application,
    ApplicationFilter,
    ApplicationState,
    Scope,
)
from ..operations import Done, Method, Operation
from ..problems import HttpError
from .shapes import (
    RecordNumber,
    SubjectId,
)
from .visits import Visit

REQUESTS = "/admin/v1/requests"
_MOST = 1_000


class RequestsQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"states": "state"}
):
    """Which of those that the caller may see.

    `to` asks for those open that this subject can decide, `by` for those of this
    applicant. Without the scope `audit`, `to` is the token's subject. `after` goes on
    after the last one of a page.
    """

    to: SubjectId | None = None
    by: SubjectId | None = None
    states: tuple[ApplicationState, ...] = ()
    after: Annotated[int, Meta(ge=0, le=LAST_NUMBER)] = 0
    limit: Annotated[int, Meta(ge=1, le=_MOST)] = 100


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is asked besides what the path says."""


class RequestShape(msgspec.Struct, frozen=True):
    """An application as it stands today; times in UTC, null where undecided."""

    id: RecordNumber
    subject: str
    role: str
    organisation: str
    state: ApplicationState
    requested: str
    until: date
    reason: str
    decided: str | None
    decided_by: str | None
    decision: str
    version: int | None


class RequestAnswer(msgspec.Struct, frozen=True):
    """An application."""

    request: RequestShape


class RequestsAnswer(msgspec.Struct, frozen=True):
    """Applications by their ids; `next` is where the next page goes on, if anywhere."""

    requests: tuple[RequestShape, ...]
    next: int | None


def _look(visit: Visit, _: Nothing) -> Done:
    return Done(RequestAnswer(request_shape(visible_application(visit))))


def _list(visit: Visit, asked: RequestsQuery) -> Done:
    found = [
        application
        for application in _seen(visit, asked)
        if application.id > asked.after and visit.reaches(application.organisation)
    ]
    page = found[: asked.limit]
    more = page[-1].id if len(found) > len(page) else None
    return Done(RequestsAnswer(tuple(map(request_shape, page)), more))


def _seen(visit: Visit, asked: RequestsQuery) -> Iterable[Application]:
    """Those of the applications asked for that the caller may see, by their ids.

    Raises:
        HttpError: 403, for those that somebody else can decide.
    """
    listed, own = visit.administration.applications, visit.subject
    states = asked.states or None
    if asked.to is not None and asked.to != own and not visit.audits:
        detail = (
            "what somebody else can decide is not the caller's to see, expected the "
            "token's subject, or the scope `audit`"
        )
        raise HttpError(HTTPStatus.FORBIDDEN, detail)
    if asked.to is not None:
        return listed(to=asked.to, by=asked.by, states=states)
    if visit.audits or asked.by == own:
        return listed(by=asked.by, states=states)
    decidable = listed(to=own, by=asked.by, states=states)
    if asked.by is not None:
        return decidable
    return sorted((*decidable, *listed(by=own, states=states)), key=_by_id)


def _by_id(application: Application) -> int:
    return application.id


def visible_application(visit: Visit) -> Application:
    """The application that the path names.

    Raises:
        HttpError: 404, when there is none, or not for this caller.
    """
    store, today = visit.administration.store, visit.today
    for found in store.applications(ApplicationFilter(visit.number), day=today):
        is_own = found.subject == visit.subject
        if visit.reaches(found.organisation) and (
            is_own
            or visit.audits
            or can_decide(visit.snapshot, found, visit.subject, today)
        ):
            return found
    detail = "there is no such application, or it is not the caller's to see"
    raise HttpError(HTTPStatus.NOT_FOUND, detail)


def request_shape(found: Application) -> RequestShape:
    """An application for programs."""
    return RequestShape(
        found.id,
        found.subject,
        bare(found.role),
        found.organisation,
        found.state,
        found.requested,
        found.until,
        found.reason,
        found.decided,
        found.decided_by,
        found.decision,
        found.version,
    )


OPERATIONS = (
    Operation(
        name="listRequests",
        method=Method.GET,
        path=REQUESTS,
        summary="List the applications that the caller may see",
        description="The subject's own, and those open that the caller could decide; "
        "with the scope `audit`, all.",
        scopes=(Scope.ADMINISTER, Scope.AUDIT),
        asked=RequestsQuery,
        answers={HTTPStatus.OK: RequestsAnswer},
        perform=_list,
        example={"state": ["requested"]},
    ),
    Operation(
        name="showRequest",
        method=Method.GET,
        path=f"{REQUESTS}/{{id}}",
        summary="Show an application",
        scopes=(Scope.ADMINISTER, Scope.AUDIT),
        asked=Nothing,
        answers={HTTPStatus.OK: RequestAnswer},
        perform=_look,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
)
