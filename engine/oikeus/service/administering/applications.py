"""Applications over HTTP (`/admin/v1/requests`): applying for roles, deciding that.

Nobody applies in the name of another. An application is seen by its applicant and by
those who have the power to decide it; with the scope `audit`, by anybody. To all others
there is none of its id.
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
from ...store import Application, ApplicationFilter, ApplicationState, Scope
from ..operations import Done, Method, Operation
from ..problems import HttpError
from .shapes import (
    GrantedAnswer,
    OrganisationId,
    Reason,
    RecordNumber,
    RoleName,
    StatedReason,
    SubjectId,
    VersionNumber,
    granted_answer,
)
from .visits import Visit

_PATH = "/admin/v1/requests"
_SCOPES = (Scope.ADMINISTER,)
_MOST = 1_000


class RequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the token's subject applies for."""

    role: RoleName
    organisation: OrganisationId
    reason: Reason = ""


class ApprovalBody(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"first": "from", "last": "until"},
):
    """The days of the grant; from today, and as long as the catalogue says."""

    first: date | None = None
    last: date | None = None
    reason: Reason = ""


class RejectionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is rejected, for the applicant."""

    reason: StatedReason


class WithdrawalBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is taken back, if that is to be said."""

    reason: Reason = ""


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
    after: Annotated[int, Meta(ge=0)] = 0
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


class RequestedAnswer(msgspec.Struct, frozen=True):
    """What was applied for, who could grant it, and where to apply besides."""

    version: VersionNumber
    request: RequestShape
    granters: tuple[str, ...]
    apply_to: str | None


class DecidedAnswer(msgspec.Struct, frozen=True):
    """An application that was decided."""

    version: VersionNumber
    request: RequestShape


class ApprovedAnswer(GrantedAnswer, frozen=True, kw_only=True):
    """What granting an application gave, and the application."""

    request: RequestShape


class RequestAnswer(msgspec.Struct, frozen=True):
    """An application."""

    request: RequestShape


class RequestsAnswer(msgspec.Struct, frozen=True):
    """Applications by their ids; `next` is where the next page goes on, if anywhere."""

    requests: tuple[RequestShape, ...]
    next: int | None


def _apply(visit: Visit, asked: RequestBody) -> Done:
    visit.check_reaches(asked.organisation)
    made = visit.administration.request(
        visit.subject, asked.role, asked.organisation, reason=asked.reason
    )
    found = made.application
    answer = RequestedAnswer(found.id, _shape(found), made.granters, made.apply_to)
    return Done(answer, HTTPStatus.CREATED, f"{_PATH}/{found.id}")


def _approve(visit: Visit, asked: ApprovalBody) -> Done:
    found = _visible(visit)
    visit.check_reaches(found.organisation)
    done = visit.administration.approve(
        found.id,
        granter=visit.subject,
        first=asked.first,
        last=asked.last,
        reason=asked.reason,
    )
    granted = msgspec.structs.asdict(granted_answer(done.granted))
    return Done(ApprovedAnswer(**granted, request=_shape(done.application)))


def _reject(visit: Visit, asked: RejectionBody) -> Done:
    found = _visible(visit)
    done = visit.administration.reject(
        found.id, granter=visit.subject, reason=asked.reason
    )
    return Done(_decided(done))


def _withdraw(visit: Visit, asked: WithdrawalBody) -> Done:
    found = _visible(visit)
    done = visit.administration.withdraw(
        found.id, subject=visit.subject, reason=asked.reason
    )
    return Done(_decided(done))


def _look(visit: Visit, _: Nothing) -> Done:
    return Done(RequestAnswer(_shape(_visible(visit))))


def _list(visit: Visit, asked: RequestsQuery) -> Done:
    found = [
        application
        for application in _seen(visit, asked)
        if application.id > asked.after and visit.reaches(application.organisation)
    ]
    page = found[: asked.limit]
    more = page[-1].id if len(found) > len(page) else None
    return Done(RequestsAnswer(tuple(map(_shape, page)), more))


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


def _visible(visit: Visit) -> Application:
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
    detail = "there is no such request, or it is not the caller's to see"
    raise HttpError(HTTPStatus.NOT_FOUND, detail)


def _decided(found: Application) -> DecidedAnswer:
    return DecidedAnswer(found.version or found.id, _shape(found))


def _shape(found: Application) -> RequestShape:
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


_DECIDED = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)

OPERATIONS = (
    Operation(
        name="listRequests",
        method=Method.GET,
        path=_PATH,
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
        name="request",
        method=Method.POST,
        path=_PATH,
        summary="Apply for a role, for the token's subject",
        description="Whoever has the power to grant it decides. One that is open, by a "
        "first try for example, or held already is 409.",
        scopes=_SCOPES,
        asked=RequestBody,
        answers={HTTPStatus.CREATED: RequestedAnswer},
        perform=_apply,
        problems=(HTTPStatus.CONFLICT,),
        example={
            "role": "ehoks-kayttaja",
            "organisation": "1.2.246.562.10.90101000000",
        },
    ),
    Operation(
        name="showRequest",
        method=Method.GET,
        path=f"{_PATH}/{{id}}",
        summary="Show an application",
        scopes=(Scope.ADMINISTER, Scope.AUDIT),
        asked=Nothing,
        answers={HTTPStatus.OK: RequestAnswer},
        perform=_look,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        name="approveRequest",
        method=Method.POST,
        path=f"{_PATH}/{{id}}/approve",
        summary="Grant what is applied for",
        description="It is a grant, and passes every rule of granting on this day. One "
        "that is decided already, by a first try for example, is 409.",
        scopes=_SCOPES,
        asked=ApprovalBody,
        answers={HTTPStatus.OK: ApprovedAnswer},
        perform=_approve,
        problems=_DECIDED,
    ),
    Operation(
        name="rejectRequest",
        method=Method.POST,
        path=f"{_PATH}/{{id}}/reject",
        summary="Refuse what is applied for",
        scopes=_SCOPES,
        asked=RejectionBody,
        answers={HTTPStatus.OK: DecidedAnswer},
        perform=_reject,
        problems=_DECIDED,
        example={"reason": "not at this school"},
    ),
    Operation(
        name="withdrawRequest",
        method=Method.POST,
        path=f"{_PATH}/{{id}}/withdraw",
        summary="Take back an application of one's own",
        scopes=_SCOPES,
        asked=WithdrawalBody,
        answers={HTTPStatus.OK: DecidedAnswer},
        perform=_withdraw,
        problems=_DECIDED,
    ),
)
