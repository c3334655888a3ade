"""Acts at a service, each on the power of the token's subject.

They are those of `Administration`, without a granter: the token says who acts. An act
is sent once. Where no answer comes it may have been done, and the error says so.
"""

from __future__ import annotations

from datetime import date

from ..administration.administration import Granted, Revoked
from .applications import RemoteApplications
from .reading import Fields
from .shapes import granted_of, revoked_of

_ADMIN = "/admin/v1"


class RemoteAdministration(RemoteApplications):
    """Acts at a service; safe to use from many threads.

    `RemotePoint.administration` makes one. Every act raises, besides what it says:
        RefusedError: the policy does not allow it; nothing was done.
        RequestError: a part that no question can have.
        ServiceError: the service did not do it; `is_unsure` where it may have.
    """

    def grant(  # noqa: PLR0913 # what a grant is made of
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        first: date | None = None,
        last: date | None = None,
        reason: str = "",
    ) -> Granted:
        """Give a subject a role at an organisation; an equal grant is renewed.

        Args:
            subject: who is to hold it.
            role: with or without `role:` before it.
            organisation: where; it covers all below it.
            first: the first day; today unless told.
            last: the last day; as the catalogue has it unless told.
            reason: why, for the history.
        """
        days = {"from": first, "until": last}
        body = {**_right(subject, role, organisation), **days, "reason": reason}
        return self._session.act(f"{_ADMIN}/grants", body, granted_of)

    def renew(
        self,
        subject: str,
        role: str,
        organisation: str,
        *,
        last: date | None = None,
        reason: str = "",
    ) -> Granted:
        """Give a grant in force another last day; judged as a new grant from today."""
        right = _right(subject, role, organisation)
        body = {**right, "until": last, "reason": reason}
        return self._session.act(f"{_ADMIN}/grants/renew", body, granted_of)

    def revoke(
        self, subject: str, role: str, organisation: str, *, reason: str = ""
    ) -> Revoked:
        """Take a right away at once, or give up one's own."""
        body = {**_right(subject, role, organisation), "reason": reason}
        return self._session.act(f"{_ADMIN}/grants/revoke", body, revoked_of)

    def create_credential(
        self, name: str, organisation: str, *, reason: str = ""
    ) -> Granted:
        """Register a credential at an organisation; its rights are granted apart."""
        body = {"name": name, "organisation": organisation, "reason": reason}
        return self._session.act(f"{_ADMIN}/credentials", body, granted_of)

    def remove_credential(
        self, name: str, organisation: str, *, reason: str = ""
    ) -> Revoked:
        """Take a credential off an organisation; its name can be used again."""
        body = {"name": name, "organisation": organisation, "reason": reason}
        return self._session.act(f"{_ADMIN}/credentials/remove", body, revoked_of)

    def block(self, subject: str, *, reason: str) -> int | None:
        """Deny a subject everything, on a power over one of its grants.

        Returns:
            the version made, or nothing where the subject is blocked already.
        """
        body = {"subject": subject, "reason": reason}
        return self._session.act(f"{_ADMIN}/blocks", body, _version_made)

    def unblock(self, subject: str, *, reason: str = "") -> int | None:
        """Let a subject's grants work again, on a power over each of them.

        Returns:
            the version made, or nothing where the subject is not blocked.
        """
        body = {"subject": subject, "reason": reason}
        return self._session.act(f"{_ADMIN}/blocks/lift", body, _version_made)


def _right(subject: str, role: str, organisation: str) -> dict[str, str]:
    return {"subject": subject, "role": role, "organisation": organisation}


def _version_made(fields: Fields) -> int | None:
    return fields.number("version") if fields.truth("changed") else None
