"""Who and where: asked by AuthZEN's searches, page by page, and by one version.

INVARIANT: what was asked of a day is answered of that day, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..decide.reverse import Permission
from ..terms import PowerRequest
from .decisions import version_by
from .paging import Place, pages
from .questions import Body, Conditions, action, question, resource, subject
from .reading import Fields
from .session import Session
from .versions import by_one_version

_CONFIGURATION = "/.well-known/authzen-configuration"
_SEARCH = "/access/v1/search"
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class _Page:
    """Some of the results, and the version that they were found by."""

    version: int
    fields: Fields


class Searches:
    """Searches of a service.

    Args:
        session: with the service.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def who_can(
        self, name: str, kind: str, organisation: str, conditions: Conditions
    ) -> tuple[str, ...]:
        """The subjects that may do this here, sorted."""
        sought = {"action": action(name), "resource": resource(kind, organisation)}
        return self._subjects(sought, conditions)

    def who_may_grant(
        self, asked: PowerRequest, conditions: Conditions
    ) -> tuple[str, ...]:
        """The subjects that may give this role here, sorted."""
        whole = question(asked)
        sought = {"action": whole["action"], "resource": whole["resource"]}
        return self._subjects(sought, conditions)

    def what_can(
        self, who: str, organisation: str | None, conditions: Conditions
    ) -> tuple[Permission, ...]:
        """What a subject may do, at one organisation or anywhere.

        AuthZEN has no search for that; `oikeus serve` does.
        """
        sought: dict[str, Any] = {"subject": subject(who)}
        if organisation is not None:
            sought["resource"] = {"properties": {"organisation": organisation}}
        places: dict[tuple[str, str], list[str]] = {}
        for each in self._found("permission", [sought], conditions):
            name = each.inner("action").text("name")
            found = each.inner("resource")
            where = places.setdefault((name, found.text("type")), [])
            where.append(_organisation(found))
        return tuple(Permission(*what, tuple(where)) for what, where in places.items())

    def where_can(
        self, who: str, name: str, kind: str, conditions: Conditions
    ) -> tuple[str, ...]:
        """Where a subject may do this."""
        sought = {
            "subject": subject(who),
            "action": action(name),
            "resource": {"type": kind},
        }
        found = self._found("resource", [sought], conditions)
        return tuple(map(_organisation, found))

    def _subjects(
        self, sought: dict[str, Any], conditions: Conditions
    ) -> tuple[str, ...]:
        kinds = self._session.look(_CONFIGURATION).texts("subject_types")
        of_each = [{**sought, "subject": {"type": kind}} for kind in kinds]
        found = self._found("subject", of_each, conditions)
        return tuple(sorted(f"{each.text('type')}:{each.text('id')}" for each in found))

    def _found(
        self, what: str, several: Sequence[Body], conditions: Conditions
    ) -> list[Fields]:
        """All results, of all pages of some searches.

        Raises:
            ServiceError: the policy changed each time, or an answer is odd.
        """

        def ask(conditions: Conditions) -> list[_Page]:
            return [
                _Page(version_by(each.inner("context"), conditions), each)
                for sought in several
                for each in pages(partial(self._page, what, sought, conditions), _next)
            ]

        found = by_one_version(self._session, conditions, ask)
        return [result for each in found for result in each.fields.inners("results")]

    def _page(
        self, what: str, sought: Body, conditions: Conditions, token: Place
    ) -> Fields:
        page = {"limit": _PAGE} if token is None else {"limit": _PAGE, "token": token}
        body = {**sought, **conditions.said(), "page": page}
        return self._session.ask(f"{_SEARCH}/{what}", body)


def _next(page: Fields) -> str | None:
    return page.inner("page").text("next_token") or None if "page" in page else None


def _organisation(found: Fields) -> str:
    """Where a resource is: its property says it, or else its id."""
    if "properties" in found:
        return found.inner("properties").text("organisation")
    return found.text("id")
