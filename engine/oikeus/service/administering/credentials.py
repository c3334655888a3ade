"""Credentials over HTTP: registering those of systems, and removing them."""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from ...store import Scope
from ..operations import Done, Method, Operation
from .shapes import (
    CredentialName,
    GrantedAnswer,
    OrganisationId,
    Reason,
    RevokedAnswer,
    granted_answer,
    revoked_answer,
)
from .visits import Visit

_PATH = "/admin/v1/credentials"
_SCOPES = (Scope.ADMINISTER,)
_EXAMPLE = {"name": "keuda-uusi", "organisation": "1.2.246.562.10.90100000000"}


class CredentialBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A credential, and the organisation that it is registered at."""

    name: CredentialName
    organisation: OrganisationId
    reason: Reason = ""


def _create(visit: Visit, asked: CredentialBody) -> Done:
    visit.check_reaches(asked.organisation)
    done = visit.administration.create_credential(
        asked.name, asked.organisation, granter=visit.subject, reason=asked.reason
    )
    return Done(granted_answer(done), HTTPStatus.CREATED)


def _remove(visit: Visit, asked: CredentialBody) -> Done:
    visit.check_reaches(asked.organisation)
    done = visit.administration.remove_credential(
        asked.name, asked.organisation, granter=visit.subject, reason=asked.reason
    )
    return Done(revoked_answer(done))


OPERATIONS = (
    Operation(
        name="createCredential",
        method=Method.POST,
        path=_PATH,
        summary="Register a credential at an organisation",
        description="That gives it no right yet: grant it one next. A name that is "
        "taken, by a first try for example, is 409.",
        scopes=_SCOPES,
        asked=CredentialBody,
        answers={HTTPStatus.CREATED: GrantedAnswer},
        perform=_create,
        problems=(HTTPStatus.CONFLICT,),
        example=_EXAMPLE,
    ),
    Operation(
        name="removeCredential",
        method=Method.POST,
        path=f"{_PATH}/remove",
        summary="Remove a credential from an organisation",
        description="Its rights there and below are revoked before that; else it is "
        "409. Its name can be used again then.",
        scopes=_SCOPES,
        asked=CredentialBody,
        answers={HTTPStatus.OK: RevokedAnswer},
        perform=_remove,
        problems=(HTTPStatus.CONFLICT,),
        example=_EXAMPLE,
    ),
)
