"""Our questions as AuthZEN puts them (Authorization API 1.0).

A subject `person:17` is of the type `person` with the id `17`. A resource is of the
type that our rules name, and says its organisation as its id and as the property
`organisation`: a catalogue may have either. A role that is to be granted is a resource
of the type `role`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from ..attributes import Attributes
from ..decide.wording import bare
from ..terms import PowerRequest, Request, RevocationRequest

Body: TypeAlias = Mapping[str, Any]

ROLE = "role"
"""The type of a resource that stands for a role."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a question is to be decided; an answer to it says that it was.

    Attributes:
        day: to decide for; the service's today where there is none.
        at_least: the version that must have been taken in; 0 for any.
        attributes: to be decided with.
    """

    day: date | None = None
    at_least: int = 0
    attributes: Attributes = ()

    def said(self, *, explain: bool = False) -> dict[str, Any]:
        """What is said of a question besides; nothing where there is nothing to say.

        Args:
            explain: whether the whole explanation is asked for.
        """
        said: dict[str, Any] = {}
        if self.day is not None:
            said["day"] = self.day.isoformat()
        if self.at_least:
            said["at_least_version"] = self.at_least
        if self.attributes:
            said["attributes"] = dict(self.attributes)
        if explain:
            said["explain"] = True
        return {"context": said} if said else {}


def subject(subject: str) -> dict[str, str]:
    """A subject, whose id was checked."""
    kind, _, name = subject.partition(":")
    return {"type": kind, "id": name}


def action(name: str) -> dict[str, str]:
    """An action."""
    return {"name": name}


def resource(kind: str, organisation: str) -> dict[str, Any]:
    """A resource of an organisation: any of that type, so that one stands for all."""
    properties = {"organisation": organisation}
    return {"type": kind, "id": organisation, "properties": properties}


def role(name: str, organisation: str, recipient: str) -> dict[str, Any]:
    """A role, as something that can be granted to somebody."""
    properties = {"organisation": organisation, "to": recipient}
    return {"type": ROLE, "id": bare(name), "properties": properties}


def question(asked: Request | PowerRequest) -> dict[str, Any]:
    """A question about access, or about a power."""
    if isinstance(asked, Request):
        return {
            "subject": subject(asked.subject),
            "action": action(asked.action),
            "resource": resource(asked.resource, asked.organisation),
        }
    act = "revoke" if isinstance(asked, RevocationRequest) else "grant"
    return {
        "subject": subject(asked.granter),
        "action": action(act),
        "resource": role(asked.role, asked.organisation, asked.recipient),
    }
