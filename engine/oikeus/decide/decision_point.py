"""The decision point (PDP): answers questions about one version of the policy.

Questions that cannot be decided as they are put are refused at the door, since Casbin
would not refuse them. Everything else is answered by the model; deny is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from ..errors import RequestError
from ..policy.model import load_model
from ..terms import PowerRequest, Request, check_parts, check_subject, kind_of
from .decision import Decision
from .explain_access import explain_access
from .explain_power import explain_power
from .files import load_snapshot
from .inert import InertRow
from .reverse import Permission, what_can, where_can, who_can, who_may_grant
from .snapshot import Snapshot


def today_in_finland() -> date:
    """The day on which a question without a day is decided: Europe/Helsinki's."""
    return datetime.now(ZoneInfo("Europe/Helsinki")).date()


class DecisionPoint:
    """Decides requests against a snapshot; safe to ask from many threads.

    >>> point = DecisionPoint.from_files("model.conf", "policies/")
    >>> point.allows("person:anna", "read", "hoks", "1.2.246.562.10.00000000001")
    False
    """

    def __init__(
        self, snapshot: Snapshot, *, today: Callable[[], date] = today_in_finland
    ) -> None:
        self._snapshot = snapshot
        self._today = today

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
        return self._snapshot

    @property
    def version(self) -> int:
        """The number of the version that is decided by; 0 for files alone."""
        return self._snapshot.version

    @property
    def inert(self) -> tuple[InertRow, ...]:
        """The rows in force that decide nothing, with reasons (ruling K)."""
        return self._snapshot.inert

    def decide(self, request: Request, at: date | None = None) -> Decision:
        """Decide a request, with the reason.

        Args:
            request: the question.
            at: the day to decide for; today in Europe/Helsinki by default.

        Raises:
            RequestError: the subject is of a kind that the policy does not know, or
                the day is none.
            ModelError: the matcher failed; nothing was decided.
        """
        _check_request(request)
        snapshot, day = self._snapshot, self._day(at)
        _check_kind(snapshot, request.subject)
        return explain_access(
            snapshot, request, day, snapshot.evaluator.ask(request, day)
        )

    def allows(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
    ) -> bool:
        """Decide a request, yes or no: the same answer as `decide`, without reasons.

        Raises:
            RequestError: a part that no request can have.
            ModelError: the matcher failed; nothing was decided.
        """
        snapshot, day = self._snapshot, self._day(at)
        request = Request(subject, action, resource, organisation)
        _check_kind(snapshot, subject)
        return snapshot.evaluator.ask(request, day).allowed

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
        snapshot, day = self._snapshot, self._day(at)
        check_parts(role=role)
        request = PowerRequest(granter, recipient, role_id(role), organisation)
        for subject in (granter, recipient):
            _check_kind(snapshot, subject)
        return explain_power(
            snapshot, request, day, snapshot.evaluator.ask(request, day)
        )

    def who_can(
        self, action: str, resource: str, organisation: str, at: date | None = None
    ) -> tuple[str, ...]:
        """List the subjects that may do this here, sorted.

        Raises:
            RequestError: a part that no request can have.
        """
        check_parts(action=action, resource=resource, organisation=organisation)
        day = self._day(at)
        return who_can(self._snapshot, action, resource, organisation, day)

    def who_may_grant(
        self, recipient: str, role: str, organisation: str, at: date | None = None
    ) -> tuple[str, ...]:
        """List the subjects that may give this role to this recipient here, sorted.

        Raises:
            RequestError: a part that no request can have.
        """
        snapshot, day = self._snapshot, self._day(at)
        check_parts(role=role)
        asked = PowerRequest(recipient, recipient, role_id(role), organisation)
        _check_kind(snapshot, recipient)
        return who_may_grant(snapshot, recipient, asked.role, organisation, day)

    def what_can(
        self, subject: str, organisation: str | None = None, at: date | None = None
    ) -> tuple[Permission, ...]:
        """List what a subject may do, at one organisation or anywhere.

        The actions and resources are those that rules name. Where a model compares
        patterns, the pattern is listed as it is written.

        Raises:
            RequestError: a part that no request can have.
        """
        snapshot, day = self._snapshot, self._day(at)
        check_parts(subject=subject)
        if organisation is not None:
            check_parts(organisation=organisation)
        _check_kind(snapshot, subject)
        return what_can(snapshot, subject, organisation, day)

    def where_can(
        self, subject: str, action: str, resource: str, at: date | None = None
    ) -> tuple[str, ...]:
        """List the organisations at which a subject may do this, in the tree's order.

        Raises:
            RequestError: a part that no request can have.
        """
        snapshot, day = self._snapshot, self._day(at)
        check_parts(subject=subject, action=action, resource=resource)
        _check_kind(snapshot, subject)
        return where_can(snapshot, subject, action, resource, day)

    def _day(self, at: date | None) -> date:
        return _checked_day(self._today() if at is None else at)


def role_id(role: str) -> str:
    """Give a role its type where people leave it out.

    >>> role_id("ehoks-kayttaja")
    'role:ehoks-kayttaja'
    """
    return role if role.startswith("role:") else f"role:{role}"


def _check_kind(snapshot: Snapshot, subject: str) -> None:
    check_subject("subject", subject)
    if kind_of(subject) not in snapshot.kinds:
        known = " or ".join(f"{kind}:ID" for kind in sorted(snapshot.kinds))
        message = f"`{subject}` is of no known kind, expected {known or 'a policy'}"
        raise RequestError(message)


def _check_request(request: object) -> None:
    if not isinstance(request, Request):
        message = "what is to be decided is no request, expected a `Request`"
        raise RequestError(message)


def _checked_day(day: object) -> date:
    # a datetime is a date too, but its text does not compare with a day's
    if not isinstance(day, date) or isinstance(day, datetime):
        message = "the day decided for is none, expected a date without a time"
        raise RequestError(message)
    return day
