"""The values of an answer: lines, grants, applications and versions, as ours.

They are named as in the command's JSON. Each reading raises a `ServiceError` where the
answer says something else than it must.
"""

from __future__ import annotations

from ..administration.administration import Granted, Revoked
from ..administration.listing import ListedGrant, ListedOrganisation
from ..decide.decision_point import role_id
from ..errors import Allowance
from ..store import (
    Application,
    ApplicationState,
    ApplicationStep,
    Op,
    Recorded,
    Scope,
    TokenState,
    TokenStep,
    Version,
)
from ..terms import Grant, Line, Source, Span
from .reading import Fields


def line_of(fields: Fields) -> Line:
    """A line of policy, with where it was written."""
    ptype, *values = fields.text("text").split(", ")
    source = None
    if "file" in fields:
        comment = fields.perhaps("comment", fields.text) or ""
        source = Source(fields.text("file"), fields.number("line"), comment)
    return Line(ptype, tuple(values), source)


def grant_of(fields: Fields) -> Grant:
    """A grant."""
    first, last = fields.day("from"), fields.day("until")
    if last < first:
        fields.odd("until", "a day from the first on")
    return Grant(
        fields.text("subject"),
        role_id(fields.text("role")),
        fields.text("organisation"),
        Span(first, last),
    )


def listed_grant_of(fields: Fields) -> ListedGrant:
    """A grant, and what keeps it from deciding."""
    inert = fields.perhaps("inert", fields.sentence)
    return ListedGrant(grant_of(fields), fields.truth("blocked"), inert)


def listed_organisation_of(fields: Fields) -> ListedOrganisation:
    """An organisation, with what it inherits."""
    return ListedOrganisation(
        fields.text("organisation"),
        fields.sentence("name"),
        fields.texts("parents"),
        fields.texts("levels"),
        fields.texts("modes"),
        fields.texts("statuses"),
    )


def granted_of(fields: Fields) -> Granted:
    """What granting did."""
    replaced = fields.perhaps("replaced", fields.inner)
    return Granted(
        fields.number("version"),
        fields.truth("changed"),
        grant_of(fields.inner("granted")),
        None if replaced is None else grant_of(replaced),
        line_of(fields.inner("power")),
        fields.sentences("warnings"),
    )


def revoked_of(fields: Fields) -> Revoked:
    """What a revocation did."""
    power = fields.perhaps("power", fields.inner)
    return Revoked(
        fields.number("version"),
        tuple(map(grant_of, fields.inners("revoked"))),
        None if power is None else line_of(power),
        fields.sentences("warnings"),
    )


def allowance_of(fields: Fields) -> Allowance:
    """What a granter may do instead."""
    return Allowance(
        fields.sentence("role"),
        fields.sentences("levels"),
        fields.sentences("organisations"),
    )


def application_of(fields: Fields) -> Application:
    """An application as it stands."""
    return Application(
        fields.number("id"),
        fields.text("subject"),
        role_id(fields.text("role")),
        fields.text("organisation"),
        fields.choice("state", ApplicationState),
        fields.text("requested"),
        fields.day("until"),
        fields.text("reason"),
        fields.perhaps("version", fields.number),
        fields.perhaps("decided", fields.text),
        fields.perhaps("decided_by", fields.text),
        fields.text("decision"),
    )


def version_of(fields: Fields) -> Version:
    """A version, without its lines."""
    number = fields.number("version")
    step = fields.perhaps("application", fields.inner)
    token = fields.perhaps("token", fields.inner)
    return Version(
        number=number,
        time=fields.text("time"),
        actor=fields.text("actor"),
        origin=fields.text("origin"),
        message=fields.text("message"),
        granter=fields.perhaps("granter", fields.text),
        power=fields.perhaps("power", fields.text),
        git_commit=fields.perhaps("git_commit", fields.text),
        approval=fields.perhaps("approval", fields.text),
        previous=fields.text("previous"),
        digest=fields.text("digest"),
        added=fields.number("added"),
        removed=fields.number("removed"),
        application=None if step is None else _step_of(step, number),
        token=None if token is None else _token_step_of(token, number),
    )


def recorded_of(fields: Fields) -> Recorded:
    """What a version did to a line."""
    line = Line(
        fields.text("kind"),
        fields.texts("values"),
        line_of(fields.inner("line")).source,
    )
    return Recorded(fields.choice("op", Op), line)


def _step_of(fields: Fields, number: int) -> ApplicationStep:
    """The step of an application; the first one has the number of its version."""
    id_ = fields.number("id")
    return ApplicationStep(
        fields.choice("state", ApplicationState),
        fields.text("subject"),
        role_id(fields.text("role")),
        fields.text("organisation"),
        fields.day("until"),
        fields.text("reason"),
        None if id_ == number else id_,
    )


def _token_step_of(fields: Fields, number: int) -> TokenStep:
    """The step of a token; the first one has the number of its version."""
    id_ = fields.number("id")
    return TokenStep(
        fields.choice("state", TokenState),
        fields.text("subject"),
        fields.choices("scopes", Scope),
        fields.texts("organisations"),
        fields.day("until"),
        fields.text("label"),
        None if id_ == number else id_,
    )
