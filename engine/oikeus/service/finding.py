"""Finds who may do something, where, and what may be done, by one version.

What a policy cannot know, an id or a type, is found nowhere: that is an empty answer.
A caller finds only what is at the organisations that it may ask about.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import UNSET

from ..attributes import check_attributes
from ..decide.decision_point import role_id
from ..decide.reverse import people, what_can, where_can, who_can, who_may_grant
from ..decide.sent import values_of
from ..policy.authzen import GRANT, REVOKE, Place
from ..terms import PowerRequest, RevocationRequest, check_parts, kind_of
from .bodies import ActionSearch, PermissionSearch, ResourceSearch, SubjectSearch
from .callers import Caller
from .judging import Judge
from .questions import Properties

_BETWEEN = "\x00"
"""What stands between the words of a permission: no word has it."""


def permission_of(text: str) -> tuple[str, str, str]:
    """The resource, the action and the organisation of a permission that was found."""
    resource, action, organisation = text.split(_BETWEEN)
    return resource, action, organisation


class Finder:
    """Finds for one caller.

    Args:
        judge: decides.
        caller: who asks.
    """

    def __init__(self, judge: Judge, caller: Caller) -> None:
        self._judge = judge
        self._snapshot = judge.snapshot
        self._questions = judge.questions
        self._caller = caller

    def subjects(self, asked: SubjectSearch) -> list[str]:
        """The ids of the subjects of a type that may do this, sorted.

        Raises:
            HttpError: 400, when the policy needs something that is not said.
            RequestError: something is said as nothing that the policy could know.
        """
        resource, action, kind = asked.resource, asked.action.name, asked.subject.type
        power = self._questions.power(action, resource.type)
        recipient = role = ""
        if power is not None:
            given = self._questions.given(resource.id, resource.properties)
            recipient, role, where = given
        else:
            where = self._place(resource.type, resource.id, resource.properties)
        if not self._reaches(where) or kind not in self._snapshot.kinds:
            return []
        if power is None:
            check_parts(action=action, resource=resource.type, organisation=where)
            sent = self._sent(
                subject=asked.subject.properties,
                action=asked.action.properties,
                resource=resource.properties,
                context=asked.context,
            )
            found: Iterable[str] = who_can(
                self._snapshot, action, resource.type, where, self._judge.day, *sent
            )
        else:
            found = self._granters(power, recipient, role, where)
        names = (name for name in found if kind_of(name) == kind)
        return sorted(name.partition(":")[2] for name in names)

    def resources(self, asked: ResourceSearch) -> list[str]:
        """The organisations whose resources of a type a subject may do this on, sorted.

        Of the resources that stand for roles, their names.

        Raises:
            HttpError: 400, when the policy needs something that is not said, or when
                that organisation is not loaded here.
            RequestError: something is said as nothing that the policy could know.
        """
        subject, resource = asked.subject, asked.resource
        if subject.type not in self._snapshot.kinds:
            return []
        asking = self._questions.asking(subject)
        power = self._questions.power(asked.action.name, resource.type)
        if power is not None:
            return self._roles(power, asking, resource.properties)
        action, kind = asked.action.name, resource.type
        check_parts(subject=asking, action=action, resource=kind)
        sent = self._sent(
            subject=subject.properties,
            action=asked.action.properties,
            resource=resource.properties,
            context=asked.context,
        )
        only = self._said(kind, resource.properties)
        if only is not None and not self._reaches(only):
            return []
        day = self._judge.day
        found = where_can(self._snapshot, asking, action, kind, day, *sent)
        return sorted(
            place
            for place in found
            if (only is None or place == only) and self._reaches(place)
        )

    def actions(self, asked: ActionSearch) -> list[str]:
        """The actions that a subject may do on a resource, sorted.

        Raises:
            HttpError: 400, when the policy needs something that is not said.
            RequestError: something is said as nothing that the policy could know.
        """
        subject, resource = asked.subject, asked.resource
        is_known = subject.type in self._snapshot.kinds
        asking = self._questions.asking(subject) if is_known else ""
        if resource.type == self._questions.mapping.powers.type:
            given = self._questions.given(resource.id, resource.properties)
            if not is_known or not self._reaches(given[-1]):
                return []
            powers = (
                (name, self._questions.power(name, resource.type))
                for name in (GRANT, REVOKE)
            )
            return [name for name, of in powers if of and self._may(of(asking, *given))]
        where = self._place(resource.type, resource.id, resource.properties)
        if not is_known or not self._reaches(where):
            return []
        check_parts(subject=asking, resource=resource.type, organisation=where)
        sent = self._sent(
            subject=subject.properties,
            resource=resource.properties,
            context=asked.context,
        )
        found = what_can(self._snapshot, asking, where, self._judge.day, *sent)
        return sorted({each.action for each in found if each.resource == resource.type})

    def permissions(self, asked: PermissionSearch) -> list[str]:
        """What a subject may do, at one organisation or at each, sorted.

        Returns:
            each as one text, for `permission_of`.

        Raises:
            HttpError: 400, when the organisation is not loaded here.
            RequestError: something is said as nothing that the policy could know.
        """
        subject, said = asked.subject, asked.resource
        if subject.type not in self._snapshot.kinds:
            return []
        properties = UNSET if said is UNSET else said.properties
        asking = self._questions.asking(subject)
        where = self._usual(properties)
        check_parts(subject=asking, **({} if where is None else {"where": where}))
        if where is not None and not self._reaches(where):
            return []
        sent = self._sent(
            subject=subject.properties, resource=properties, context=asked.context
        )
        found = what_can(self._snapshot, asking, where, self._judge.day, *sent)
        return sorted(
            _BETWEEN.join((each.resource, each.action, place))
            for each in found
            for place in each.organisations
            if self._reaches(place)
        )

    def _usual(self, properties: Properties) -> str | None:
        """The organisation that is named where most resources name theirs, if any."""
        named = self._questions.mapping.organisation.property or "organisation"
        if properties is UNSET or named not in properties:
            return None
        return self._questions.place(Place(named), "", properties)

    def _place(self, kind: str, name: str, properties: Properties) -> str:
        place = self._questions.mapping.organisation_of(kind)
        return self._questions.place(place, name, properties)

    def _said(self, kind: str, properties: Properties) -> str | None:
        """The organisation whose resources alone are asked for, where one is said."""
        place = self._questions.mapping.organisation_of(kind)
        if place.property is None or properties is UNSET:
            return None
        if place.property not in properties:
            return None
        return self._questions.place(place, "", properties)

    def _reaches(self, organisation: str) -> bool:
        """Whether the caller may find what is at an organisation.

        Raises:
            HttpError: 400, when it is not loaded here.
        """
        self._judge.check(organisation)
        return self._caller.reaches(organisation, self._snapshot.tree)

    def _sent(self, **parts: Properties) -> tuple[str, ...]:
        found = check_attributes(self._questions.sent(parts))
        return values_of(self._snapshot.model, found)

    def _may(self, request: PowerRequest) -> bool:
        return self._snapshot.evaluator.ask(request, self._judge.day).allowed

    def _granters(
        self, power: type[PowerRequest], recipient: str, role: str, where: str
    ) -> Iterable[str]:
        check_parts(recipient=recipient, role=role, organisation=where)
        if power is not RevocationRequest:
            day = self._judge.day
            return who_may_grant(self._snapshot, recipient, role, where, day)
        # whoever could give it, and whoever has it
        asked = {*people(self._snapshot, "m2", where), recipient}
        return [
            name
            for name in asked
            if self._may(RevocationRequest(name, recipient, role, where))
        ]

    def _roles(
        self, power: type[PowerRequest], asking: str, properties: Properties
    ) -> list[str]:
        recipient, _, where = self._questions.given("", properties)
        if not self._reaches(where):
            return []
        return sorted(
            role.removeprefix("role:")
            for role in self._snapshot.roles
            if self._may(power(asking, recipient, role_id(role), where))
        )
