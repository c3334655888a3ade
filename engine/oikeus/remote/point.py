"""A decision point that is somewhere else: asks a service by AuthZEN.

INVARIANT: only an allow of the service is an allow. Whatever else happens is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import TracebackType
from typing import Self

from ..attributes import Attributes, check_attributes
from ..decide.allowing import checked_day
from ..decide.asked import Asked, check_request, each_of, parts_of
from ..decide.decision_point import role_id
from ..decide.reverse import Permission
from ..terms import PowerRequest, Request, RevocationRequest, check_parts, check_subject
from .administration import RemoteAdministration
from .batches import allowed_by_one_version
from .decisions import RemoteDecision, decision, said
from .questions import Conditions, question
from .reading import Fields
from .searches import Searches
from .session import Session

_EVALUATION = "/access/v1/evaluation"


class RemotePoint:
    """Decides by a service; safe to ask from many threads.

    It has the interface of `DecisionPoint`, and `oikeus.connect("https://…", token=…)`
    makes one. Close it, or use it in a `with` statement. Every question raises:
        RequestError: it cannot be decided as it is put.
        ServiceError: the service gave no answer, or none that can be used.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._searches = Searches(session)

    @property
    def version(self) -> int:
        """The version of the policy that made the last answer; 0 before the first."""
        return self._session.version

    @property
    def administration(self) -> RemoteAdministration:
        """Acts at the same service; what is asked here afterwards sees them."""
        return RemoteAdministration(self._session)

    def wait_for(self, version: int, timeout: float = 0.0) -> bool:
        """Have answers from now on know a version, which was made elsewhere.

        Questions are then decided by that version or a later one; a node of the service
        that has not taken it in before long gives no answer.

        Args:
            version: its number.
            timeout: not waited for: as each question waits, this need not.

        Returns:
            true, for whoever asks a point that has to wait.
        """
        del timeout
        self._session.wait_for(version)
        return True

    def allows(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
    ) -> bool:
        """Decide a request, yes or no.

        Args:
            subject: `person:ID` or `system:ID`.
            action: what is to be done.
            resource: on what.
            organisation: where.
            at: the day to decide for; the service's today by default.
        """
        asked = Request(subject, action, resource, organisation)
        conditions = self._conditions(at)
        found = said(self._asked(asked, conditions), conditions)
        self._session.saw(found.version)
        return found.allowed

    def decide(self, request: Request, at: date | None = None) -> RemoteDecision:
        """Decide a request, with the reason.

        Args:
            request: the question.
            at: the day to decide for; the service's today by default.
        """
        check_request(request)
        return self._decided(request, at, request.attributes)

    def allows_many(
        self, requests: Iterable[Request | Asked], at: date | None = None
    ) -> list[bool]:
        """Decide many requests by one version, on one day; quicker than one by one.

        Args:
            requests: each a `Request`, or a tuple of subject, action, resource and
                organisation.
            at: the day to decide for; the service's today by default.

        Returns:
            for each request, in their order, what `allows` says.
        """
        asked = [
            each if type(each) is Request else Request(*parts_of(each))
            for each in each_of(requests)
        ]
        return allowed_by_one_version(self._session, asked, _day(at))

    def may_grant(
        self,
        granter: str,
        recipient: str,
        role: str,
        organisation: str,
        at: date | None = None,
    ) -> RemoteDecision:
        """Decide whether a granter may give a recipient a role at an organisation.

        Args:
            granter: who would grant.
            recipient: who would hold the role.
            role: with or without `role:` before it.
            organisation: where.
            at: the day to decide for; the service's today by default.
        """
        (role,) = check_parts(role=role)
        asked = PowerRequest(granter, recipient, role_id(role), organisation)
        return self._decided(asked, at)

    def may_revoke(
        self,
        granter: str,
        recipient: str,
        role: str,
        organisation: str,
        at: date | None = None,
    ) -> RemoteDecision:
        """Decide whether a granter may take a role from a recipient.

        Args:
            granter: who would revoke; the recipient, to give it up.
            recipient: who holds the role; whether they do is not asked.
            role: with or without `role:` before it.
            organisation: where.
            at: the day to decide for; the service's today by default.
        """
        (role,) = check_parts(role=role)
        asked = RevocationRequest(granter, recipient, role_id(role), organisation)
        return self._decided(asked, at)

    def who_can(
        self,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[str, ...]:
        """List the subjects that may do this here, sorted."""
        action, resource, organisation = check_parts(
            action=action, resource=resource, organisation=organisation
        )
        conditions = self._conditions(at, attributes)
        return self._searches.who_can(action, resource, organisation, conditions)

    def who_may_grant(
        self, recipient: str, role: str, organisation: str, at: date | None = None
    ) -> tuple[str, ...]:
        """List the subjects that may give this role to this recipient here, sorted."""
        (role,) = check_parts(role=role)
        asked = PowerRequest(recipient, recipient, role_id(role), organisation)
        return self._searches.who_may_grant(asked, self._conditions(at))

    def what_can(
        self,
        subject: str,
        organisation: str | None = None,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[Permission, ...]:
        """List what a subject may do, at one organisation or anywhere; sorted."""
        (subject,) = check_parts(subject=subject)
        check_subject("subject", subject)
        if organisation is not None:
            (organisation,) = check_parts(organisation=organisation)
        conditions = self._conditions(at, attributes)
        return self._searches.what_can(subject, organisation, conditions)

    def where_can(
        self,
        subject: str,
        action: str,
        resource: str,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[str, ...]:
        """List the organisations at which a subject may do this, sorted."""
        subject, action, resource = check_parts(
            subject=subject, action=action, resource=resource
        )
        check_subject("subject", subject)
        conditions = self._conditions(at, attributes)
        return self._searches.where_can(subject, action, resource, conditions)

    def close(self) -> None:
        """Let go of the service; nothing can be asked after that."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _conditions(
        self, at: date | None, attributes: Mapping[str, str] | Attributes = ()
    ) -> Conditions:
        return self._session.conditions(_day(at), check_attributes(attributes))

    def _decided(
        self,
        asked: Request | PowerRequest,
        at: date | None,
        attributes: Attributes = (),
    ) -> RemoteDecision:
        conditions = self._session.conditions(_day(at), attributes)
        answered = self._asked(asked, conditions, explain=True)
        found = decision(answered, asked, conditions)
        self._session.saw(found.version)
        return found

    def _asked(
        self,
        asked: Request | PowerRequest,
        conditions: Conditions,
        *,
        explain: bool = False,
    ) -> Fields:
        said = conditions.said(explain=explain)
        return self._session.ask(_EVALUATION, {**question(asked), **said})


def _day(at: date | None) -> date | None:
    return None if at is None else checked_day(at)
