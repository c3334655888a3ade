"""Applying for roles at a service, and deciding that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..administration.applications import Approved, Requested
from ..store import Application, ApplicationState
from .lists import RemoteLists
from .paging import Place, next_number, pages
from .reading import Fields
from .shapes import application_of, granted_of

_REQUESTS = "/admin/v1/requests"
_PAGE = 1000


class RemoteApplications(RemoteLists):
    """Applications at a service; `RemoteAdministration` says what each raises."""

    def request(self, role: str, organisation: str, *, reason: str = "") -> Requested:
        """Apply for a role, for the token's subject.

        Args:
            role: with or without `role:` before it.
            organisation: where; it covers all below it.
            reason: why, for who decides and for the history.
        """
        body = {"role": role, "organisation": organisation, "reason": reason}
        return self._session.act(_REQUESTS, body, _requested)

    def applications(
        self,
        *,
        to: str | None = None,
        by: str | None = None,
        states: Iterable[ApplicationState] | None = None,
    ) -> tuple[Application, ...]:
        """The applications that the token's subject may see, by their ids.

        Args:
            to: only those open that this approver has the power to decide.
            by: only those of this subject.
            states: only those in one of these.
        """
        query = {
            "to": to,
            "by": by,
            "state": None if states is None else [each.value for each in states],
            "limit": _PAGE,
        }

        def page(after: Place) -> Fields:
            return self._session.look(_REQUESTS, {**query, "after": after})

        return tuple(
            application_of(each)
            for found in pages(page, next_number)
            for each in found.inners("requests")
        )

    def approve(
        self,
        application: int,
        *,
        first: date | None = None,
        last: date | None = None,
        reason: str = "",
    ) -> Approved:
        """Grant what is applied for.

        Args:
            application: its id.
            first: the first day of the grant; today unless told.
            last: its last day; as the catalogue has it unless told.
            reason: why, for the history.
        """
        body = {"from": first, "until": last, "reason": reason}
        return self._session.act(_path(application, "approve"), body, _approved)

    def reject(self, application: int, *, reason: str) -> Application:
        """Refuse what is applied for; no level, mode or status stands in the way."""
        path = _path(application, "reject")
        return self._session.act(path, {"reason": reason}, _decided)

    def withdraw(self, application: int, *, reason: str = "") -> Application:
        """Take back one's own application."""
        path = _path(application, "withdraw")
        return self._session.act(path, {"reason": reason}, _decided)


def _path(application: int, act: str) -> str:
    return f"{_REQUESTS}/{int(application)}/{act}"


def _decided(fields: Fields) -> Application:
    return application_of(fields.inner("request"))


def _approved(fields: Fields) -> Approved:
    return Approved(_decided(fields), granted_of(fields))


def _requested(fields: Fields) -> Requested:
    contact = fields.perhaps("apply_to", fields.text)
    return Requested(_decided(fields), contact, fields.texts("granters"))
