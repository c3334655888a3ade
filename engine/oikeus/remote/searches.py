"""Who and where: asked by AuthZEN's searches, page by page, and by one version.

INVARIANT: what was asked of a day is answered of that day, or not at all.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ..decide.reverse import Permission
from ..errors import RequestError, ServiceError
from ..terms import PowerRequest
from .decisions import check_day
from .paging import Place, pages
from .questions import action, context, question, resource, subject
from .reading import Fields
from .session import Session

_KINDS = ("person", "system")
_SEARCH = "/access/v1/search"


class Searches:
    """Searches of a service.

    Args:
        session: with the service.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def who_can(
        self, name: str, kind: str, organisation: str, day: date | None
    ) -> tuple[str, ...]:
        """The subjects that may do this here, sorted."""
        sought = {"action": action(name), "resource": resource(kind, organisation)}
        return self._subjects(sought, day)

    def who_may_grant(self, asked: PowerRequest, day: date | None) -> tuple[str, ...]:
        """The subjects that may give this role here, sorted."""
        whole = question(asked)
        sought = {"action": whole["action"], "resource": whole["resource"]}
        return self._subjects(sought, day)

    def what_can(
        self, who: str, organisation: str | None, day: date | None
    ) -> tuple[Permission, ...]:
        """What a subject may do: this cannot be asked.

        Raises:
            RequestError: AuthZEN searches the actions on one resource only.
        """
        del who, organisation, day
        message = (
            "a service cannot list all that a subject may do, expected a question "
            "about an action and a resource, or a database"
        )
        raise RequestError(message)

    def where_can(
        self, who: str, name: str, kind: str, day: date | None
    ) -> tuple[str, ...]:
        """Where a subject may do this."""
        sought = {
            "subject": subject(who),
            "action": action(name),
            "resource": {"type": kind},
        }
        found = self._found("resource", sought, day)
        return tuple(map(_organisation, found))

    def _subjects(self, sought: dict[str, Any], day: date | None) -> tuple[str, ...]:
        found = (
            f"{kind}:{each.text('id')}"
            for kind in _KINDS
            for each in self._found(
                "subject", {**sought, "subject": {"type": kind}}, day
            )
        )
        return tuple(sorted(found))

    def _found(
        self, what: str, sought: dict[str, Any], day: date | None
    ) -> list[Fields]:
        """All results, of all pages.

        Raises:
            ServiceError: the policy changed between two pages, or an answer is odd.
        """

        def page(token: Place) -> Fields:
            said = context(day, self._session.at_least)
            body: dict[str, Any] = {**sought, "context": said}
            if token is not None:
                body["page"] = {"token": token}
            return self._session.ask(f"{_SEARCH}/{what}", body)

        results: list[Fields] = []
        versions: set[int] = set()
        for each in pages(page, _next_token):
            said = each.inner("context")
            check_day(said, day)
            versions.add(self._session.saw(said.number("version")))
            results += each.inners("results")
        if len(versions) > 1:
            message = "the policy changed while it was searched, expected another try"
            raise ServiceError(message)
        return results


def _next_token(page: Fields) -> str | None:
    return page.inner("page").text("next_token") or None if "page" in page else None


def _organisation(found: Fields) -> str:
    """Where a resource is: its property says it, or else its id."""
    if "properties" in found:
        return found.inner("properties").text("organisation")
    return found.text("id")
