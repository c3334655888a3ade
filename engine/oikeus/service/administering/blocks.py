"""Blocks over HTTP: denying a subject everything, and lifting that.

A block works everywhere, so a token that is limited to organisations makes none.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from ...store import Scope
from ..operations import Done, Method, Operation
from .shapes import Reason, StatedReason, SubjectId, VersionNumber
from .visits import Visit

_PATH = "/admin/v1/blocks"
_SCOPES = (Scope.ADMINISTER,)
_SYSTEM = "system:keuda-tiedonsiirto"


class BlockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deny a subject everything; its grants stay as they are."""

    subject: SubjectId
    reason: StatedReason


class LiftBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Let a subject's grants work again."""

    subject: SubjectId
    reason: Reason = ""


class BlockAnswer(msgspec.Struct, frozen=True):
    """What that did; `changed` is false where it was so already."""

    version: VersionNumber
    changed: bool
    subject: str


def _block(visit: Visit, asked: BlockBody) -> Done:
    visit.check_reaches_all()
    made = visit.administration.block(
        asked.subject, granter=visit.subject, reason=asked.reason
    )
    return _answer(visit, asked.subject, made, HTTPStatus.CREATED)


def _lift(visit: Visit, asked: LiftBody) -> Done:
    visit.check_reaches_all()
    made = visit.administration.unblock(
        asked.subject, granter=visit.subject, reason=asked.reason
    )
    return _answer(visit, asked.subject, made, HTTPStatus.OK)


def _answer(visit: Visit, subject: str, made: int | None, status: HTTPStatus) -> Done:
    if made is not None:
        return Done(BlockAnswer(made, changed=True, subject=subject), status)
    # it was so before this version at the latest
    head = visit.administration.store.head()
    return Done(BlockAnswer(head, changed=False, subject=subject))


OPERATIONS = (
    Operation(
        name="block",
        method=Method.POST,
        path=_PATH,
        summary="Deny a subject everything from now on",
        description="It takes power over one of the subject's grants, and a token that "
        "is not limited to organisations. Where the subject is blocked already, that "
        "is answered by 200.",
        scopes=_SCOPES,
        asked=BlockBody,
        answers={HTTPStatus.CREATED: BlockAnswer, HTTPStatus.OK: BlockAnswer},
        perform=_block,
        example={"subject": _SYSTEM, "reason": "its key leaked"},
    ),
    Operation(
        name="liftBlock",
        method=Method.POST,
        path=f"{_PATH}/lift",
        summary="Let the grants of a blocked subject work again",
        description="It takes to stand above every grant that the subject gets back.",
        scopes=_SCOPES,
        asked=LiftBody,
        answers={HTTPStatus.OK: BlockAnswer},
        perform=_lift,
        example={"subject": _SYSTEM, "reason": "it has a new key"},
    ),
)
