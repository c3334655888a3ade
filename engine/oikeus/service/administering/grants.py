"""Grants over HTTP: giving rights, prolonging them, taking them away, looking at them.

Whoever asks sees their own grants and those that they could revoke; with the scope
`audit`, all.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

import msgspec

from ...store import Scope
from ...terms import Grant, RevocationRequest, check_parts, check_subject
from ..operations import Done, Method, Operation
from .shapes import (
    GrantedAnswer,
    GrantShape,
    OrganisationId,
    Reason,
    RevokedAnswer,
    RoleName,
    SubjectId,
    VersionNumber,
    grant_shape,
    granted_answer,
    revoked_answer,
)
from .visits import Visit

_PATH = "/admin/v1/grants"
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


class GrantsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose grants; the token's subject's unless told."""

    subject: SubjectId | None = None


class GrantsAnswer(msgspec.Struct, frozen=True):
    """Those grants of a subject that have not ended and that the caller may see."""

    version: VersionNumber
    subject: str
    grants: tuple[GrantShape, ...]


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


def _look(visit: Visit, asked: GrantsQuery) -> Done:
    (subject,) = check_parts(subject=asked.subject or visit.subject)
    check_subject("subject", subject)
    found = sorted(
        grant
        for grant in visit.snapshot.facts.of(subject)
        if grant.span.last >= visit.today and _may_see(visit, grant)
    )
    version = visit.snapshot.version
    return Done(GrantsAnswer(version, subject, tuple(map(grant_shape, found))))


def _may_see(visit: Visit, grant: Grant) -> bool:
    if not visit.reaches(grant.organisation):
        return False
    if visit.audits or grant.subject == visit.subject:
        return True
    asked = RevocationRequest(
        visit.subject, grant.subject, grant.role, grant.organisation
    )
    return visit.snapshot.evaluator.ask(asked, visit.today).allowed


OPERATIONS = (
    Operation(
        name="listGrants",
        method=Method.GET,
        path=_PATH,
        summary="List the grants of a subject that the caller may see",
        description="The subject's own, and those that the caller could revoke; with "
        "the scope `audit`, all. Nothing tells whether there are others.",
        scopes=(Scope.ADMINISTER, Scope.AUDIT),
        asked=GrantsQuery,
        answers={HTTPStatus.OK: GrantsAnswer},
        perform=_look,
        example={"subject": _SUBJECT},
    ),
    Operation(
        name="grant",
        method=Method.POST,
        path=_PATH,
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
        path=f"{_PATH}/renew",
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
        path=f"{_PATH}/revoke",
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
