"""Registering credentials over HTTP, and removing them."""

from __future__ import annotations

from .conftest import KEUDA, OFFICE, SCHOOL, USER, VASTUU, Desk

NAMED = {"name": "keuda-uusi", "organisation": KEUDA}
SYSTEM = "system:keuda-uusi"
RIGHT = {"subject": SYSTEM, "role": "palvelukayttaja", "organisation": KEUDA}


def test_credential_is_registered_by_who_may(desk: Desk) -> None:
    """It has no right yet; its name is taken from then on."""
    found = desk.ask("credentials", NAMED, by=VASTUU)
    assert found.status == 201
    assert found.json["granted"]["subject"] == SYSTEM
    assert found.json["granted"]["role"] == "tunnus"
    assert desk.last().granter == VASTUU
    again = desk.ask("credentials", {**NAMED, "name": SYSTEM}, by=VASTUU)
    assert again.status == 409
    assert "registered already" in again.json["reason"]


def test_credential_is_registered_by_nobody_else(desk: Desk) -> None:
    """The refusal names the roles that could."""
    found = desk.ask("credentials", NAMED, by=USER)
    assert found.status == 403
    assert "vastuukayttaja" in found.json["granters"]
    assert desk.ask("credentials/remove", NAMED, by=USER).status == 403


def test_credential_is_removed_after_its_rights(desk: Desk) -> None:
    """Its name can be used again then."""
    desk.ask("credentials", NAMED, by=VASTUU)
    assert desk.ask("grants", RIGHT, by=VASTUU).status == 201
    held = desk.ask("credentials/remove", NAMED, by=VASTUU)
    assert (held.status, "revoked first" in held.json["reason"]) == (409, True)
    desk.ask("grants/revoke", RIGHT, by=VASTUU)
    found = desk.ask("credentials/remove", NAMED, by=VASTUU)
    assert found.status == 200
    assert [one["role"] for one in found.json["revoked"]] == ["tunnus"]
    assert not desk.held(SYSTEM)
    assert desk.ask("credentials/remove", NAMED, by=VASTUU).status == 409


def test_token_registers_at_its_organisations_only(desk: Desk) -> None:
    """And removes there only."""
    for path in ("credentials", "credentials/remove"):
        for place in (SCHOOL, OFFICE):
            found = desk.ask(path, NAMED, by=VASTUU, organisations=(place,))
            assert found.status == 403
            assert "reason" not in found.json


def test_name_that_is_none_is_not_processed(desk: Desk) -> None:
    """A credential is no person."""
    found = desk.ask("credentials", {**NAMED, "name": "person:x"}, by=VASTUU)
    assert found.status == 422
