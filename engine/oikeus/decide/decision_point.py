"""The decision point (PDP): answers questions about one version of the policy.

Questions that cannot be decided as they are put are refused at the door, since Casbin
would not refuse them. Everything else is answered by the model; deny is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Self, TypeVar

from ..attributes import Attributes, check_attributes
from ..policy.model import load_model
from ..terms import PowerRequest, Request, RevocationRequest, check_parts
from .access import check_kind
from .allowing import Allowing, checked_day, today_in_finland
from .asked import PARTS, Asked, check_request, each_of, parts_of, sent_with
from .decision import Decision
from .evaluator import Answer
from .explain_access import explain_access
from .explain_power import explain_power
from .explain_revoking import explain_revoking
from .files import load_snapshot
from .inert import InertRow
from .reverse import Permission, what_can, where_can, who_can, who_may_grant
from .sent import values_of
from .snapshot import Snapshot

Power = TypeVar("Power", bound=PowerRequest)


class DecisionPoint:
    """Decides requests against a snapshot; safe to ask from many threads.

    >>> point = DecisionPoint.from_files("model.conf", "policies/")
    >>> point.allows("person:anna", "read", "hoks", "1.2.246.562.10.00000000001")
    False
    """

    def __init__(
        self, snapshot: Snapshot, *, today: Callable[[], date] = today_in_finland
    ) -> None:
        self._allowing = Allowing(snapshot, today)
        self._take_its_function()

    def _publish(self, snapshot: Snapshot) -> None:
        """Decide by another version from now on."""
        self._allowing.publish(snapshot)
        self._take_its_function()

    def _take_its_function(self) -> None:
        if type(self).allows is DecisionPoint.allows:
            # the function itself takes the method's place: a call less
            function = self._allowing.allows
            function.__doc__ = DecisionPoint.allows.__doc__
            self.__dict__["allows"] = function

    def allows(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
    ) -> bool:
        """Decide a request, yes or no: the same answer as `decide`, without reasons.

        No attribute is sent with it; `allows_many` takes requests that have some.

        Args:
            subject: `person:ID` or `system:ID`.
            action: what is to be done.
            resource: on what.
            organisation: where.
            at: the day to decide for; today in Europe/Helsinki by default.

        Raises:
            RequestError: a part that no request can have.
            ModelError: the matcher failed; nothing was decided.
        """
        return self._allowing.allows(subject, action, resource, organisation, at)

    @classmethod
    def from_files(
        cls,
        model: str | Path,
        policies: str | Path,
        *,
        csv: Sequence[str | Path] = (),
        today: Callable[[], date] = today_in_finland,
    ) -> Self:
        """Decide by files alone, without a database.

        Args:
            model: a model.conf.
            policies: a folder of policies.
            csv: further files of Casbin lines: organisations, grants.
            today: the clock for questions that name no day.

        Raises:
            ModelError: the model cannot be used.
            PolicyError: with everything that is wrong in the files.
        """
        parsed = load_model(Path(model))
        more = [*map(Path, csv)]
        _, snapshot = load_snapshot(Path(policies), parsed, more=more)
        return cls(snapshot, today=today)

    @property
    def snapshot(self) -> Snapshot:
        """The version that is decided by, whole."""
        return self._allowing.snapshot

    @property
    def version(self) -> int:
        """The number of the version that is decided by; 0 for files alone."""
        return self.snapshot.version

    def today(self) -> date:
        """The day for which a question that names none is decided."""
        return self._allowing.today()

    @property
    def inert(self) -> tuple[InertRow, ...]:
        """The rows in force that decide nothing, with reasons (ruling K)."""
        return self.snapshot.inert

    def decide(self, request: Request, at: date | None = None) -> Decision:
        """Decide a request, with the reason.

        Args:
            request: the question.
            at: the day to decide for; today in Europe/Helsinki by default.

        Raises:
            RequestError: the subject is of a kind that the policy does not know, an
                attribute is none of the model's, or the day is none.
            ModelError: the matcher failed; nothing was decided.
        """
        check_request(request)
        self._check_place(request.organisation)
        snapshot, day = self.snapshot, self._day(at)
        check_kind(snapshot.kinds, request.subject)
        return explain_access(
            snapshot, request, day, snapshot.evaluator.ask(request, day)
        )

    def allows_many(
        self, requests: Iterable[Request | Asked], at: date | None = None
    ) -> list[bool]:
        """Decide many requests by one version, on one day; quicker than one by one.

        Args:
            requests: each a `Request`, or a tuple of subject, action, resource and
                organisation, with which no attribute is sent.
            at: the day to decide for; today in Europe/Helsinki by default.

        Returns:
            for each request, in their order, what `decide` says.

        Raises:
            RequestError: a part that no request can have, a tuple of another length, an
                attribute that is none of the model's, or nothing that can be gone
                through; nothing is decided then.
            ModelError: the matcher failed.
        """
        snapshot, day = self.snapshot, self._day(at).toordinal()
        decide, model = snapshot.decide, snapshot.model
        return [
            decide(subject, action, resource, organisation, day)
            if is_plain
            else decide(
                *(subject, action, resource, organisation, day),
                *sent_with(request, model),
            )
            for request in each_of(requests)
            for is_plain in (type(request) is tuple and len(request) == PARTS,)
            # what is no tuple has a way of its own to be gone through
            for subject, action, resource, organisation in (
                request if is_plain else parts_of(request),
            )
        ]

    def may_grant(
        self,
        granter: str,
        recipient: str,
        role: str,
        organisation: str,
        at: date | None = None,
    ) -> Decision:
        """Decide whether a granter may give a recipient a role at an organisation.

        Args:
            granter: who would grant.
            recipient: who would hold the role.
            role: with or without `role:` before it.
            organisation: where.
            at: the day to decide for; today in Europe/Helsinki by default.

        Raises:
            RequestError: a part that no request can have.
            ModelError: the matcher failed; nothing was decided.
        """
        (role,) = check_parts(role=role)
        request = PowerRequest(granter, recipient, role_id(role), organisation)
        return self._power(request, explain_power, at)

    def may_revoke(
        self,
        granter: str,
        recipient: str,
        role: str,
        organisation: str,
        at: date | None = None,
    ) -> Decision:
        """Decide whether a granter may take a role from a recipient (ruling E).

        Args:
            granter: who would revoke; the recipient, to give it up.
            recipient: who holds the role; whether they do is not asked.
            role: with or without `role:` before it.
            organisation: where.
            at: the day to decide for; today in Europe/Helsinki by default.

        Raises:
            RequestError: a part that no request can have.
            ModelError: the matcher failed, or the model has none for this.
        """
        (role,) = check_parts(role=role)
        request = RevocationRequest(granter, recipient, role_id(role), organisation)
        return self._power(request, explain_revoking, at)

    def who_can(
        self,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[str, ...]:
        """List the subjects that may do this here, sorted.

        Args:
            action: what is to be done.
            resource: on what.
            organisation: where.
            at: the day to decide for; today in Europe/Helsinki by default.
            attributes: sent with each question that this comes to.

        Raises:
            RequestError: a part that no request can have, or an attribute that is none
                of the model's.
        """
        action, resource, organisation = check_parts(
            action=action, resource=resource, organisation=organisation
        )
        self._check_place(organisation)
        snapshot, day = self.snapshot, self._day(at)
        sent = values_of(snapshot.model, check_attributes(attributes))
        return who_can(snapshot, action, resource, organisation, day, *sent)

    def who_may_grant(
        self, recipient: str, role: str, organisation: str, at: date | None = None
    ) -> tuple[str, ...]:
        """List the subjects that may give this role to this recipient here, sorted.

        Raises:
            RequestError: a part that no request can have.
        """
        snapshot, day = self.snapshot, self._day(at)
        (role,) = check_parts(role=role)
        asked = PowerRequest(recipient, recipient, role_id(role), organisation)
        self._check_place(asked.organisation)
        check_kind(snapshot.kinds, asked.recipient)
        return who_may_grant(
            snapshot, asked.recipient, asked.role, asked.organisation, day
        )

    def what_can(
        self,
        subject: str,
        organisation: str | None = None,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[Permission, ...]:
        """List what a subject may do, at one organisation or anywhere.

        The actions and resources are those that rules name. Where a model compares
        patterns, the pattern is listed as it is written.

        Args:
            subject: `person:ID` or `system:ID`.
            organisation: where; anywhere by default.
            at: the day to decide for; today in Europe/Helsinki by default.
            attributes: sent with each question that this comes to.

        Raises:
            RequestError: a part that no request can have, or an attribute that is none
                of the model's.
        """
        snapshot, day = self.snapshot, self._day(at)
        (subject,) = check_parts(subject=subject)
        if organisation is not None:
            (organisation,) = check_parts(organisation=organisation)
            self._check_place(organisation)
        check_kind(snapshot.kinds, subject)
        sent = values_of(snapshot.model, check_attributes(attributes))
        return what_can(snapshot, subject, organisation, day, *sent)

    def where_can(
        self,
        subject: str,
        action: str,
        resource: str,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[str, ...]:
        """List the organisations at which a subject may do this, in the tree's order.

        Args:
            subject: `person:ID` or `system:ID`.
            action: what is to be done.
            resource: on what.
            at: the day to decide for; today in Europe/Helsinki by default.
            attributes: sent with each question that this comes to.

        Raises:
            RequestError: a part that no request can have, or an attribute that is none
                of the model's.
        """
        snapshot, day = self.snapshot, self._day(at)
        subject, action, resource = check_parts(
            subject=subject, action=action, resource=resource
        )
        check_kind(snapshot.kinds, subject)
        sent = values_of(snapshot.model, check_attributes(attributes))
        return where_can(snapshot, subject, action, resource, day, *sent)

    def _power(
        self,
        request: Power,
        explain: Callable[[Snapshot, Power, date, Answer], Decision],
        at: date | None,
    ) -> Decision:
        """Decide a question about a power, by the version of this moment."""
        snapshot, day = self.snapshot, self._day(at)
        self._check_place(request.organisation)
        for subject in (request.granter, request.recipient):
            check_kind(snapshot.kinds, subject)
        return explain(snapshot, request, day, snapshot.evaluator.ask(request, day))

    def _check_place(self, organisation: str) -> None:
        """Refuse a question about an organisation that was not loaded."""
        if self.snapshot.scope is not None:
            self.snapshot.scope.check(organisation)

    def _day(self, at: date | None) -> date:
        return self._allowing.today() if at is None else checked_day(at)


def role_id(role: str) -> str:
    """Give a role its type where people leave it out.

    >>> role_id("ehoks-kayttaja")
    'role:ehoks-kayttaja'
    """
    return role if role.startswith("role:") else f"role:{role}"
