"""What a question of AuthZEN asks of the policy, as its catalogue says.

INVARIANT: nothing is guessed. What the policy needs and the question does not say is an
error, and never an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from msgspec import UNSET, UnsetType

from ..decide.decision_point import role_id
from ..decide.snapshot import Snapshot
from ..errors import RequestError
from ..ids import flaw_in_id
from ..policy.authzen import GRANT, REVOKE, AuthZen, Place
from ..policy.wording import choice
from ..terms import PowerRequest, Request, RevocationRequest
from .bodies import Action, Entity, Evaluation
from .problems import HttpError
from .requests import Requests

Question = Request | PowerRequest
Properties = dict[str, Any] | UnsetType

ATTRIBUTES = "attributes"
"""The member of a context that says attributes of the policy by their own names."""

_POWERS = {GRANT: PowerRequest, REVOKE: RevocationRequest}


class Questions:
    """Reads questions for one version of the policy.

    Attributes:
        snapshot: the version.
        mapping: what questions mean, as its catalogue says.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._kinds = snapshot.kinds
        catalogue = snapshot.catalogue
        self.mapping = AuthZen() if catalogue is None else catalogue.authzen
        self._requests = Requests()
        self._origins = self.mapping.attributes
        self._gives_back = "m3" in snapshot.evaluator.matchers

    def read(self, asked: Evaluation) -> Question:
        """What is asked.

        Raises:
            HttpError: 400, when the policy needs something that is not said, or when
                it is said as nothing that the policy could know.
        """
        subject, action, resource = asked.subject, asked.action, asked.resource
        if subject.type not in self._kinds:
            expected = choice(sorted(self._kinds))
            detail = f"the subject's type is unknown, expected {expected}"
            raise refused(detail)
        asking = self.asking(subject)
        try:
            power = self.power(action.name, resource.type)
            if power is not None:
                return power(asking, *self.given(resource.id, resource.properties))
            place = self.mapping.organisation_of(resource.type)
            where = self.place(place, resource.id, resource.properties)
            parts = asking, action.name, resource.type, where
            if not self._origins and (
                asked.context is UNSET or ATTRIBUTES not in asked.context
            ):
                return self._requests.of(*parts)
            sent = {
                "subject": subject.properties,
                "action": action.properties,
                "resource": resource.properties,
                "context": asked.context,
            }
            return Request(*parts, attributes=self.sent(sent))
        except RequestError:
            raise refused(self._unfit(subject, action, resource)) from None

    def asking(self, subject: Entity) -> str:
        """The id here of a subject of a known type.

        Raises:
            HttpError: 400, when it says its type twice, or begins with a blank.
        """
        kind, name = subject.type, subject.id
        return self._named("the subject's id", kind, name)

    def _named(self, what: str, kind: str, name: str) -> str:
        """The id of a type and an id, each as it stands in a question.

        An id may hold a colon, so that one with its type before it could be a subject
        of its own: where it holds something it is that one. Else it is a mistake, which
        a deny would hide.
        """
        whole = f"{kind}:{name}"
        if not is_odd(kind, name):
            return whole
        flaw = flaw_in_id(name)
        if flaw is None and not self.snapshot.facts.of(whole):
            flaw = f"says its type once more, expected it without `{kind}:`"
        if flaw:
            detail = f"{what} {flaw}"
            raise refused(detail)
        return whole

    def power(self, action: str, resource: str) -> type[PowerRequest] | None:
        """The question about a power that this is, if it is one."""
        if resource != self.mapping.powers.type:
            return None
        if action == REVOKE and not self._gives_back:
            return None
        return _POWERS.get(action)

    def given(self, role: str, properties: Properties) -> tuple[str, str, str]:
        """The recipient, the role and the organisation of a question about a power.

        Raises:
            HttpError: 400, when one is not said.
        """
        powers = self.mapping.powers
        where = self.place(powers.organisation, role, properties)
        recipient = self.recipient(properties)
        return recipient, role_id(role), where

    def recipient(self, properties: Properties) -> str:
        """To whom a role would be given.

        Raises:
            HttpError: 400, when it is not said.
        """
        name = self.mapping.powers.recipient
        found = None if properties is UNSET else properties.get(name)
        if type(found) is dict and {*map(type, found.values())} <= {str}:
            kind = found.get("type", "")
            # of the type alone: an id may hold a colon
            if kind in self._kinds:
                what = f"the id of resource.properties.{name}"
                return self._named(what, kind, found.get("id", ""))
        if type(found) is not str or found.partition(":")[0] not in self._kinds:
            expected = choice([f"{kind}:ID" for kind in sorted(self._kinds)])
            detail = (
                f"resource.properties.{name} names nobody, expected an object of type "
                f"and id, or a text such as {expected}"
            )
            raise refused(detail)
        return found

    def sent(self, parts: Mapping[str, Properties]) -> Mapping[str, str]:
        """The attributes that a question is sent with, by their names.

        Args:
            parts: the properties of its subject, action and resource, and its context.

        Raises:
            HttpError: 400, when one is neither text, nor a number, nor true or false,
                is said twice, or is none of the policy's.
        """
        found = self._said(parts.get("context", UNSET))
        for name, origin in self._origins.items():
            properties = parts.get(origin.entity, UNSET)
            value = None if properties is UNSET else properties.get(origin.property)
            if value is None:
                continue
            if name in found:
                detail = f"the attribute `{name}` is said twice, expected it once"
                raise refused(detail)
            found[name] = _attribute(name, value)
        return found

    def _said(self, context: Properties) -> dict[str, str]:
        """The attributes that a context says by their own names.

        Raises:
            HttpError: 400.
        """
        said = None if context is UNSET else context.get(ATTRIBUTES)
        if said is None:
            return {}
        known = self.snapshot.model.attributes
        if type(said) is not dict or not said.keys() <= {*known}:
            expected = choice(known) if known else "none: the policy knows none"
            what = "is no object" if type(said) is not dict else "has an unknown name"
            detail = f"context.{ATTRIBUTES} {what}, expected {expected}"
            raise refused(detail)
        return {name: _attribute(name, value) for name, value in said.items()}

    def place(self, place: Place, name: str, properties: Properties) -> str:
        """The organisation that a resource belongs to.

        Raises:
            HttpError: 400, when it is not said.
        """
        if place.property is None:
            return name
        said = {} if properties is UNSET else properties
        found = said.get(place.property)
        if type(found) is not str:
            flaw = "is no text" if place.property in said else "is missing"
            detail = f"resource.{place} {flaw}, expected the id of an organisation"
            raise refused(detail)
        return found

    def _unfit(self, subject: Entity, action: Action, resource: Entity) -> str:
        """Say what keeps a part of a question from being an id, without the part."""
        parts = {
            "subject's id": subject.id,
            "action's name": action.name,
            "resource's type": resource.type,
        }
        if resource.type == self.mapping.powers.type:
            parts["resource's id"] = resource.id
        for name, value in parts.items():
            flaw = flaw_in_id(value)
            if flaw:
                return f"the {name} {flaw}"
        return "the organisation, the recipient or an attribute cannot be read"


def is_odd(kind: str, name: str) -> bool:
    """Whether an id needs a second look that would pass as a part of a longer one."""
    return name[:1] == " " or name.startswith(f"{kind}:")


def _attribute(name: str, value: object) -> str:
    """The value of an attribute.

    Raises:
        HttpError: 400, when it is neither text, nor a number, nor true or false.
    """
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is str or type(value) is int:
        return str(value)
    detail = (
        f"the attribute `{name}` cannot be read, expected text, a whole number, or "
        "true or false"
    )
    raise refused(detail)


def refused(detail: str) -> HttpError:
    """The error for a question that cannot be decided as it is put."""
    return HttpError(HTTPStatus.BAD_REQUEST, detail)
