"""Lists at a service: all pages, by one version."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from oikeus import (
    Grant,
    ListedGrant,
    ListedOrganisation,
    RemoteAdministration,
    ServiceError,
    Span,
)
from oikeus.remote.session import Session

from .conftest import Scripted

HELD = {
    "subject": "person:anna",
    "role": "user",
    "organisation": "1.2",
    "from": "2026-03-01",
    "until": "2026-12-31",
    "blocked": False,
    "inert": None,
}
GRANT = Grant(
    "person:anna", "role:user", "1.2", Span(date(2026, 3, 1), date(2026, 12, 31))
)
PLACE = {
    "organisation": "1.2",
    "name": "a school",
    "parents": ["1"],
    "levels": ["school"],
    "modes": ["paper"],
    "statuses": [],
}


@pytest.fixture
def administration(session: Session) -> RemoteAdministration:
    """Somebody who looks."""
    return RemoteAdministration(session)


def page(version: int, following: str | None, *grants: object) -> dict[str, Any]:
    """A page of grants."""
    return {"version": version, "grants": grants, "next": following}


def test_grants_are_those_of_all_pages_sorted(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """Each as it is, with what keeps it from deciding; asked for as said."""
    odd = {**HELD, "subject": "person:abe", "blocked": True, "inert": "no such\nrole"}
    service.will(page(7, "1.2:1", HELD))
    service.will(page(7, None, odd))
    found = administration.grants(subject="person:anna", role="user", organisation="1")
    other = Grant("person:abe", *(GRANT.role, GRANT.organisation, GRANT.span))
    assert found == (
        ListedGrant(other, is_blocked=True, inert="no such role"),
        ListedGrant(GRANT),
    )
    asked = "subject=person%3Aanna&role=user&organisation=1"
    assert [call.path for call in service.calls] == [
        f"/admin/v1/grants?{asked}&limit=1000",
        f"/admin/v1/grants?{asked}&after=1.2%3A1&limit=1000",
    ]
    assert all(call.reads for call in service.calls)


def test_organisations_are_those_of_all_pages(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """Each with what it inherits."""
    second = {**PLACE, "organisation": "1.3", "parents": [], "statuses": ["passive"]}
    for places, following in (([PLACE], "1.2"), ([second], None)):
        service.will({"version": 7, "organisations": places, "next": following})
    assert administration.organisations() == (
        ListedOrganisation("1.2", "a school", ("1",), ("school",), ("paper",)),
        ListedOrganisation(
            "1.3", "a school", (), ("school",), ("paper",), ("passive",)
        ),
    )
    assert [call.path for call in service.calls] == [
        "/admin/v1/organisations?limit=1000",
        "/admin/v1/organisations?after=1.2&limit=1000",
    ]


def test_list_that_changed_meanwhile_is_asked_for_anew(
    administration: RemoteAdministration, service: Scripted
) -> None:
    """A grant could be missing, or stand there twice; not for ever."""
    service.will(page(7, "1.2:1", HELD))
    service.will(page(8, None, HELD))
    service.will(page(8, None, HELD))
    assert administration.grants() == (ListedGrant(GRANT),)
    for version in (7, 8, 9):
        service.will(page(version, "1.2:1", HELD))
        service.will(page(version + 1, None))
    with pytest.raises(ServiceError, match="the policy changed each time"):
        administration.grants()


@pytest.mark.parametrize("member", [*HELD])
def test_grant_that_is_not_whole_is_none(
    administration: RemoteAdministration, service: Scripted, member: str
) -> None:
    """It is not taken for one that says less; but what is sound need not say so."""
    service.will(page(7, None, {**HELD, member: 7}))
    with pytest.raises(ServiceError, match=rf"\[0\]\.{member}` is not"):
        administration.grants()


@pytest.mark.parametrize("member", [*PLACE])
def test_organisation_that_is_not_whole_is_none(
    administration: RemoteAdministration, service: Scripted, member: str
) -> None:
    """Likewise."""
    service.will({"version": 7, "organisations": [{**PLACE, member: 7}], "next": None})
    with pytest.raises(ServiceError, match=rf"\[0\]\.{member}` is not"):
        administration.organisations()
