"""What answers questions: a decision point here, or one at a service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from ..attributes import Attributes
from ..terms import Request
from .asked import Asked
from .decision import Decision
from .reverse import Permission


class Decides(Protocol):
    """The interface of `DecisionPoint`, whose methods say what each of these does."""

    @property
    def version(self) -> int:
        """The version that is decided by; at a service, that of the last answer."""

    def allows(
        self,
        subject: str,
        action: str,
        resource: str,
        organisation: str,
        at: date | None = None,
    ) -> bool:
        """Decide a request, yes or no."""

    def decide(self, request: Request, at: date | None = None) -> Decision:
        """Decide a request, with the reason."""

    def allows_many(
        self, requests: Iterable[Request | Asked], at: date | None = None
    ) -> list[bool]:
        """Decide many requests by one version, on one day."""

    def may_grant(
        self,
        granter: str,
        recipient: str,
        role: str,
        organisation: str,
        at: date | None = None,
    ) -> Decision:
        """Decide whether a granter may give a recipient a role."""

    def may_revoke(
        self,
        granter: str,
        recipient: str,
        role: str,
        organisation: str,
        at: date | None = None,
    ) -> Decision:
        """Decide whether a granter may take a role from a recipient."""

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

    def who_may_grant(
        self, recipient: str, role: str, organisation: str, at: date | None = None
    ) -> tuple[str, ...]:
        """List the subjects that may give this role to this recipient here, sorted."""

    def what_can(
        self,
        subject: str,
        organisation: str | None = None,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[Permission, ...]:
        """List what a subject may do, at one organisation or anywhere."""

    def where_can(
        self,
        subject: str,
        action: str,
        resource: str,
        at: date | None = None,
        *,
        attributes: Mapping[str, str] | Attributes = (),
    ) -> tuple[str, ...]:
        """List the organisations at which a subject may do this."""
