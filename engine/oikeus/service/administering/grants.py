"""Grants over HTTP: giving rights, prolonging them, and taking them away."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

import msgspec

from ...store import Scope
from ..operations import Done, Method, Operation
from .shapes import (
    GrantedAnswer,
    OrganisationId,
    Reason,
    RevokedAnswer,
    RoleName,
    SubjectId,
    granted_answer,
    revoked_answer,
)
from .visits import Visit

GRANTS = "/admin/v1/grants"
_SCOPES = (Scope.ADMINISTER,)
_SUBJECT = "person:1.2.246.562.24.90100000077"
_SCHOOL = "1.2.246.562.10.90101000000"
_RIGHT = {"subject": _SUBJECT, "role": "ehoks-kayttaja", "organisation": _SCHOOL}


class GrantBody(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"first": "from", "last": "until"},
):
    """Give a subject a role; from today, and as long as the catalogue says."""

    subject: SubjectId
    role: RoleName
    organisation: OrganisationId
    first: date | None = None
    last: date | None = None
    reason: Reason = ""


class RenewBody(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"last": "until"}
):
    """Give a grant another last day; as of a grant that begins today unless told."""

    subject: SubjectId
    role: RoleName
    organisation: OrganisationId
    last: date | None = None
    reason: Reason = ""


class RevokeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take a role at an organisation from a subject, at once."""

    subject: SubjectId
    role: RoleName
    organisation: OrganisationId
    reason: Reason = ""


def _grant(visit: Visit, asked: GrantBody) -> Done:
    visit.check_reaches(asked.organisation)
    done = visit.administration.grant(
        asked.subject,
        asked.role,
        asked.organisation,
        granter=visit.subject,
        first=asked.first,
        last=asked.last,
        reason=asked.reason,
    )
    status = HTTPStatus.CREATED if done.changed else HTTPStatus.OK
    return Done(granted_answer(done), status)


def _renew(visit: Visit, asked: RenewBody) -> Done:
    visit.check_reaches(asked.organisation)
    done = visit.administration.renew(
        asked.subject,
        asked.role,
        asked.organisation,
        granter=visit.subject,
        last=asked.last,
        reason=asked.reason,
    )
    return Done(granted_answer(done))


def _revoke(visit: Visit, asked: RevokeBody) -> Done:
    visit.check_reaches(asked.organisation)
    done = visit.administration.revoke(
        asked.subject,
        asked.role,
        asked.organisation,
        granter=visit.subject,
        reason=asked.reason,
    )
    return Done(revoked_answer(done))


OPERATIONS = (
    Operation(
        name="grant",
        method=Method.POST,
        path=GRANTS,
        summary="Give a subject a role at an organisation",
        description="On the power of the token's subject. An equal grant in force that "
        "ends sooner is renewed. The same again changes nothing and is answered by "
        "200, so that it can be sent again when an answer was lost.",
        scopes=_SCOPES,
        asked=GrantBody,
        answers={HTTPStatus.CREATED: GrantedAnswer, HTTPStatus.OK: GrantedAnswer},
        perform=_grant,
        problems=(HTTPStatus.CONFLICT,),
        example={**_RIGHT, "reason": "a new teacher"},
    ),
    Operation(
        name="renewGrant",
        method=Method.POST,
        path=f"{GRANTS}/renew",
        summary="Give a grant that has not ended another last day",
        description="It is judged as a new grant, and begins today where the old one "
        "had begun.",
        scopes=_SCOPES,
        asked=RenewBody,
        answers={HTTPStatus.OK: GrantedAnswer},
        perform=_renew,
        problems=(HTTPStatus.CONFLICT,),
        example=_RIGHT,
    ),
    Operation(
        name="revokeGrant",
        method=Method.POST,
        path=f"{GRANTS}/revoke",
        summary="Take a role at an organisation from a subject at once",
        description="All equal grants that have not ended go. One's own right can be "
        "given up. Where there is none, by a first try for example, that is 409.",
        scopes=_SCOPES,
        asked=RevokeBody,
        answers={HTTPStatus.OK: RevokedAnswer},
        perform=_revoke,
        problems=(HTTPStatus.CONFLICT,),
        example=_RIGHT,
    ),
)
