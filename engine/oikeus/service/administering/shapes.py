"""The values that bodies of administration share, by the names that JSON has for them.

They are named as in the command's JSON: a role without `role:`, a grant's days as
`from` and `until`, both inclusive.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from ...administration.blocks import MOST_LETTERS
from ...administration.delegation.acting import Granted, Revoked
from ...decide.wording import bare
from ...ids import MAX_VALUE_LENGTH
from ...store import LAST_NUMBER
from ...terms import Grant, Line

# no database keeps a NUL
_TEXT = r"^[^\u0000]*$"
_ID = Meta(min_length=1, max_length=MAX_VALUE_LENGTH, pattern=_TEXT)

SubjectId: TypeAlias = Annotated[
    str, _ID, Meta(description="A typed id: `person:ID` or `system:ID`.")
]
RoleName: TypeAlias = Annotated[
    str, _ID, Meta(description="A role, with or without `role:` before it.")
]
OrganisationId: TypeAlias = Annotated[
    str, _ID, Meta(description="An organisation; what is granted covers all below it.")
]
CredentialName: TypeAlias = Annotated[
    str, _ID, Meta(description="A credential, with or without `system:` before it.")
]
Reason: TypeAlias = Annotated[
    str,
    Meta(
        max_length=MOST_LETTERS,
        pattern=_TEXT,
        description="Why; it stays in the log for ever, so it names no people.",
    ),
]
StatedReason: TypeAlias = Annotated[Reason, Meta(min_length=1)]
VersionNumber: TypeAlias = Annotated[
    int,
    Meta(
        ge=0,
        description="What was done is seen from this version on: an evaluation that "
        "asks for `at_least_version` sees it.",
    ),
]
RecordNumber: TypeAlias = Annotated[int, Meta(ge=1, le=LAST_NUMBER)]
Word: TypeAlias = Annotated[str, _ID]


class PolicyLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of policy, and where and why it was written, where that is known."""

    text: str
    file: str | None = None
    line: int | None = None
    comment: str | None = None
    rules: tuple[str, ...] = ()


class GrantShape(
    msgspec.Struct, frozen=True, rename={"first": "from", "last": "until"}
):
    """A subject holds a role at an organisation, and at all below it."""

    subject: str
    role: str
    organisation: str
    first: date
    last: date


class GrantedAnswer(msgspec.Struct, frozen=True):
    """What granting, renewing or registering did.

    `changed` is false where it was so already; `replaced` is the equal grant whose
    place it took; `power` is the line of the policy that it rests on; `warnings` say
    what keeps it from taking effect.
    """

    version: VersionNumber
    changed: bool
    granted: GrantShape
    replaced: GrantShape | None
    power: PolicyLine
    warnings: tuple[str, ...]


class RevokedAnswer(msgspec.Struct, frozen=True):
    """What is gone; `power` is null where it was the subject's own right."""

    version: VersionNumber
    revoked: tuple[GrantShape, ...]
    power: PolicyLine | None
    warnings: tuple[str, ...]


def line_shape(line: Line) -> PolicyLine:
    """A line of policy for programs."""
    if line.source is None:
        return PolicyLine(str(line))
    source = line.source
    return PolicyLine(str(line), source.file, source.line, source.comment, source.rules)


def grant_shape(grant: Grant) -> GrantShape:
    """A grant for programs."""
    return GrantShape(
        grant.subject,
        bare(grant.role),
        grant.organisation,
        grant.span.first,
        grant.span.last,
    )


def granted_answer(done: Granted) -> GrantedAnswer:
    """What an act of granting did, for programs."""
    return GrantedAnswer(
        done.version,
        done.changed,
        grant_shape(done.grant),
        None if done.replaced is None else grant_shape(done.replaced),
        line_shape(done.power),
        done.warnings,
    )


def revoked_answer(done: Revoked) -> RevokedAnswer:
    """What taking a right away did, for programs."""
    return RevokedAnswer(
        done.version,
        tuple(map(grant_shape, done.grants)),
        None if done.power is None else line_shape(done.power),
        done.warnings,
    )
