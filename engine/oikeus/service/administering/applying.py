"""Applying for roles over HTTP, and deciding applications.

Nobody applies in the name of another, or decides what they may not see.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

import msgspec

from ...store import Application, Scope
from ..operations import Done, Method, Operation
from .applications import REQUESTS, RequestShape, request_shape, visible_application
from .shapes import (
    GrantedAnswer,
    OrganisationId,
    Reason,
    RoleName,
    StatedReason,
    VersionNumber,
    granted_answer,
)
from .visits import Visit

_SCOPES = (Scope.ADMINISTER,)


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


def _apply(visit: Visit, asked: RequestBody) -> Done:
    visit.check_reaches(asked.organisation)
    made = visit.administration.request(
        visit.subject, asked.role, asked.organisation, reason=asked.reason
    )
    found = made.application
    answer = RequestedAnswer(
        found.id, request_shape(found), made.granters, made.apply_to
    )
    return Done(answer, HTTPStatus.CREATED, f"{REQUESTS}/{found.id}")


def _approve(visit: Visit, asked: ApprovalBody) -> Done:
    found = visible_application(visit)
    visit.check_reaches(found.organisation)
    done = visit.administration.approve(
        found.id,
        granter=visit.subject,
        first=asked.first,
        last=asked.last,
        reason=asked.reason,
    )
    granted = msgspec.structs.asdict(granted_answer(done.granted))
    return Done(ApprovedAnswer(**granted, request=request_shape(done.application)))


def _reject(visit: Visit, asked: RejectionBody) -> Done:
    found = visible_application(visit)
    done = visit.administration.reject(
        found.id, granter=visit.subject, reason=asked.reason
    )
    return Done(_decided(done))


def _withdraw(visit: Visit, asked: WithdrawalBody) -> Done:
    found = visible_application(visit)
    done = visit.administration.withdraw(
        found.id, subject=visit.subject, reason=asked.reason
    )
    return Done(_decided(done))


def _decided(found: Application) -> DecidedAnswer:
    return DecidedAnswer(found.version or found.id, request_shape(found))


_DECIDED = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)

OPERATIONS = (
    Operation(
        name="request",
        method=Method.POST,
        path=REQUESTS,
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
        name="approveRequest",
        method=Method.POST,
        path=f"{REQUESTS}/{{id}}/approve",
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
        path=f"{REQUESTS}/{{id}}/reject",
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
        path=f"{REQUESTS}/{{id}}/withdraw",
        summary="Take back an application of one's own",
        scopes=_SCOPES,
        asked=WithdrawalBody,
        answers={HTTPStatus.OK: DecidedAnswer},
        perform=_withdraw,
        problems=_DECIDED,
    ),
)
