"""How versions and what they changed are shown, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import oikeus

from .history_views import brief_view
from .views import (
    bare_role,
    definition_view,
    grant_view,
    invariant_view,
    line_view,
    so_many,
)

_FINLAND = ZoneInfo("Europe/Helsinki")


def local_time(time: str) -> str:
    """A time of the log as people in Finland read it, with its offset.

    >>> local_time("2026-03-01T09:30:00.250000Z")
    '2026-03-01 11:30:00+02:00'
    """
    try:
        local = datetime.fromisoformat(time).astimezone(_FINLAND)
    except (ValueError, OverflowError):
        # a database that was written past the log may hold anything
        return time
    return local.isoformat(" ", "seconds")


def version_view(version: oikeus.Version) -> dict[str, Any]:
    """A version for programs, with its digests."""
    return {
        **brief_view(version),
        "added": version.added,
        "removed": version.removed,
        "git_commit": version.git_commit,
        "power": version.power,
        "approval": version.approval,
        "application": version.application and _step_view(version, version.application),
        "token": version.token and _token_step_view(version, version.token),
        "previous": version.previous,
        "digest": version.digest,
    }


def blamed_view(found: oikeus.Blamed) -> dict[str, Any]:
    """A line in force for programs, with what brought it."""
    explained = found.version is not None
    return {
        "kind": found.line.ptype,
        "values": list(found.line.values),
        "line": line_view(found.line),
        "version": found.version,
        "time": found.time if explained else None,
        "actor": found.actor if explained else None,
        "granter": found.granter,
        "origin": found.origin if explained else None,
        "message": found.message if explained else None,
    }


def version_head(details: oikeus.Details) -> Iterator[str]:
    """The fields of a version, a line a field; those that it lacks are left out."""
    version = details.version
    yield f"version {version.number}"
    for name, value in (
        ("time", local_time(version.time)),
        ("actor", version.actor),
        ("granter", version.granter),
        ("power", version.power),
        ("origin", version.origin),
        # marked, or a line of it could look like another fact
        ("message", "\n            | ".join(version.message.splitlines())),
        ("commit", version.git_commit),
        ("approval", version.approval),
        ("digest", version.digest),
        ("previous", version.previous),
        ("changes", ", ".join(_counts(details))),
    ):
        if value:
            yield f"  {name:<9} {value}"


def _counts(details: oikeus.Details) -> Iterator[str]:
    """How much a version changed, and which texts: these stand below all the lines."""
    yield f"{so_many(details.version.added, 'line')} added"
    yield f"{details.version.removed} removed"
    for name, is_changed in (
        ("model", details.model_changed),
        ("catalogue", details.catalogue_changed),
        ("invariants", details.invariants_changed),
    ):
        if is_changed:
            yield f"the {name} changed"


def recorded_line(recorded: oikeus.Recorded) -> str:
    """What was done to a line, with where and why it was written."""
    source = recorded.line.source
    text = f"{recorded.op.value} {recorded.line}"
    if source is None:
        return text
    reason = f"; {source.comment}" if source.comment else ""
    return f"{text} ({source}{reason})"


def message_with_step(version: oikeus.Version) -> str:
    """Why a version was made, after the step of an application or token it took."""
    if version.token is not None:
        number = version.token.token or version.number
        return f"token {number} {version.token.state.value}: {version.message}"
    step = version.application
    if step is None:
        return version.message
    number = step.application or version.number
    which = f"application {number} of {step.subject} {step.state.value}"
    return f"{which}: {version.message}"


def changed_view(recorded: oikeus.Recorded) -> dict[str, Any]:
    """A grant that was given or taken, for programs."""
    try:
        grant = oikeus.Grant.parse(recorded.line)
    except ValueError:
        return {"op": recorded.op.value, "line": str(recorded.line)}
    return {"op": recorded.op.value, **(grant_view(grant) or {})}


def changed_text(recorded: oikeus.Recorded) -> str:
    """The same for people."""
    try:
        grant = oikeus.Grant.parse(recorded.line)
    except ValueError:
        return f"{recorded.op.value} {recorded.line}"
    return (
        f"{recorded.op.value} {bare_role(grant.role)} of {grant.subject} at "
        f"{grant.organisation}, {grant.span.first} until {grant.span.last}"
    )


def version_rest(details: oikeus.Details) -> Iterator[str]:
    """What a version changed besides lines, and the step that it took."""
    yield from _token_rest(details.version)
    step = details.version.application
    if step is not None:
        number = step.application or details.version.number
        sign = "+" if step.application is None else "~"
        wish = f"{bare_role(step.role)} at {step.organisation}"
        open_until = f", open until {step.last_day}" if sign == "+" else ""
        yield (
            f"{sign} application {number} of {step.subject} for {wish}: "
            f"{step.state.value}{open_until}"
        )
    for each in details.renamed:
        before = "" if each.before is None else f"{_called(each.before)} -> "
        sign = "+" if each.before is None else "~"
        yield f"{sign} name of {each.organisation}: {before}{_called(each.after)}"
    for change in details.definitions:
        place = f"[{change.section}] {change.key}"
        yield f"~ {place}" if change.before else f"+ {place}"
        yield from ([f"  - {change.before}"] if change.before else [])
        yield f"  + {change.after}"
    if details.model_changed and not details.definitions:
        yield "~ the model, in no definition that can be read"
    if details.catalogue_changed:
        yield "~ the catalogue"
    if details.invariants_changed:
        yield "~ the invariants"
        yield from (f"  - {each}" for each in details.statements.gone)
        yield from (f"  + {each}" for each in details.statements.new)


def _token_rest(version: oikeus.Version) -> Iterator[str]:
    step = version.token
    if step is None:
        return
    number, state = step.token or version.number, step.state.value
    if step.token is None:
        yield f"+ token {number} of {step.subject}, {good_for(step)}: {state}"
    else:
        yield f"~ token {number} of {step.subject}: {state}"


def good_for(token: oikeus.Token | oikeus.TokenStep) -> str:
    """What a token is good for, where and until when."""
    last = token.until if isinstance(token, oikeus.Token) else token.last_day
    places = ", ".join(token.organisations)
    where = f"at {places} and below" if places else "everywhere"
    return f"to {', '.join(token.scopes)} {where}, until {last}"


def token_view(found: oikeus.Token) -> dict[str, Any]:
    """A token for programs, without its secret; times as the log has them, in UTC."""
    return {
        "id": found.id,
        "subject": found.subject,
        "scopes": list(found.scopes),
        "organisations": list(found.organisations),
        "until": found.until.isoformat(),
        "state": found.state.value,
        "label": found.label,
        "created": found.created,
        "created_by": found.created_by,
        "revoked": found.revoked,
        "revoked_by": found.revoked_by,
        "reason": found.reason,
        "version": found.version,
    }


def _called(names: oikeus.Names) -> str:
    called = _names_view(names).items()
    return ", ".join(f"{language} {name}" for language, name in called if name)


def details_view(details: oikeus.Details) -> dict[str, Any]:
    """A version for programs, whole but for its lines."""
    return version_view(details.version) | {
        "names": [
            {
                "organisation": each.organisation,
                "before": None if each.before is None else _names_view(each.before),
                "after": _names_view(each.after),
            }
            for each in details.renamed
        ],
        "model_changed": details.model_changed,
        "definitions": [definition_view(each) for each in details.definitions],
        "catalogue_changed": details.catalogue_changed,
        "invariants_changed": details.invariants_changed,
        "statements": {
            "gone": [invariant_view(each) for each in details.statements.gone],
            "new": [invariant_view(each) for each in details.statements.new],
        },
    }


def recorded_view(recorded: oikeus.Recorded) -> dict[str, Any]:
    """What was done to a line, for programs."""
    return {
        "op": recorded.op.value,
        "kind": recorded.line.ptype,
        "values": list(recorded.line.values),
        "line": line_view(recorded.line),
    }


def _step_view(version: oikeus.Version, step: oikeus.ApplicationStep) -> dict[str, Any]:
    return {
        "id": step.application or version.number,
        "state": step.state.value,
        "subject": step.subject,
        "role": bare_role(step.role),
        "organisation": step.organisation,
        "until": step.last_day.isoformat(),
        "reason": step.reason,
    }


def _token_step_view(version: oikeus.Version, step: oikeus.TokenStep) -> dict[str, Any]:
    return {
        "id": step.token or version.number,
        "state": step.state.value,
        "subject": step.subject,
        "scopes": list(step.scopes),
        "organisations": list(step.organisations),
        "until": step.last_day.isoformat(),
        "label": step.label,
    }


def _names_view(names: oikeus.Names) -> dict[str, str]:
    return {"fi": names.fi, "sv": names.sv, "en": names.en}
