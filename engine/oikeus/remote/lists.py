"""What is in force at a service, as far as the token may see it: grants, organisations.

INVARIANT: a list is by one version. Where that changed between two of its pages, it is
asked for anew.
"""

from __future__ import annotations

from ..administration.listing import ListedGrant, ListedOrganisation
from ..errors import ServiceError
from .log import RemoteLog
from .paging import Place, pages
from .reading import Fields
from .session import Body
from .shapes import listed_grant_of, listed_organisation_of

_GRANTS = "/admin/v1/grants"
_ORGANISATIONS = "/admin/v1/organisations"
_PAGE = 1000
_TRIES = 3


class RemoteLists(RemoteLog):
    """Lists at a service, for a token that may administer or audit.

    Every look raises:
        RequestError: what is asked for cannot be.
        ServiceError: the service gave no answer, or does not let this token look; or
            the policy changed each time while it was asked.
    """

    def grants(
        self,
        *,
        subject: str | None = None,
        role: str | None = None,
        organisation: str | None = None,
    ) -> tuple[ListedGrant, ...]:
        """The grants that have not ended and that the token may see; sorted.

        Those are its subject's own, and those that this subject could take away; all
        within its reach where it may audit.

        Args:
            subject: only what this one holds.
            role: only grants of this one, with or without `role:` before it.
            organisation: only grants at this organisation, or below it.
        """
        query = {"subject": subject, "role": role, "organisation": organisation}
        found = self._all(_GRANTS, query, "grants")
        return tuple(sorted(map(listed_grant_of, found)))

    def organisations(self) -> tuple[ListedOrganisation, ...]:
        """The organisations that the token may see, by their ids.

        Those are where its subject holds a role today, and all below; all within its
        reach where it may audit.
        """
        found = self._all(_ORGANISATIONS, {}, "organisations")
        return tuple(map(listed_organisation_of, found))

    def _all(self, path: str, query: Body, name: str) -> list[Fields]:
        """What all pages of a list hold, by one version.

        Raises:
            ServiceError: the policy changed each time.
        """

        def page(after: Place) -> Fields:
            return self._session.look(path, {**query, "after": after, "limit": _PAGE})

        for _ in range(_TRIES):
            found = [*pages(page, _next)]
            if len({each.number("version") for each in found}) == 1:
                return [item for each in found for item in each.inners(name)]
        message = (
            "the policy changed each time while the service was asked, expected less "
            "to be asked for"
        )
        raise ServiceError(message)


def _next(page: Fields) -> str | None:
    return page.perhaps("next", page.text)
