"""Who, what and where: asked by AuthZEN's searches, page by page."""

from __future__ import annotations

from datetime import date

from ..decide.reverse import Permission
from ..terms import PowerRequest
from .session import Session


class Searches:
    """Searches of a service.

    Args:
        session: with the service.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def who_can(
        self, action: str, resource: str, organisation: str, day: date | None
    ) -> tuple[str, ...]:
        """The subjects that may do this here, sorted."""
        raise NotImplementedError

    def who_may_grant(self, asked: PowerRequest, day: date | None) -> tuple[str, ...]:
        """The subjects that may give this role here, sorted."""
        raise NotImplementedError

    def what_can(
        self, subject: str, organisation: str | None, day: date | None
    ) -> tuple[Permission, ...]:
        """What a subject may do."""
        raise NotImplementedError

    def where_can(
        self, subject: str, action: str, resource: str, day: date | None
    ) -> tuple[str, ...]:
        """Where a subject may do this."""
        raise NotImplementedError
