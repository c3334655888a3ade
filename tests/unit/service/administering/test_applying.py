"""Applying for roles over HTTP, and deciding that, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ....asgi import Answered
from .conftest import (
    ENTRY,
    KEUDA,
    NEW,
    OFFICE,
    OPH,
    PAA,
    SCHOOL,
    USER,
    VASTUU,
    Desk,
)

WISH = {"role": "ehoks-kayttaja", "organisation": SCHOOL, "reason": "a new teacher"}


def wish(desk: Desk) -> int:
    """The id of an application of NEW, which PAA can decide."""
    found = desk.ask("requests", WISH, by=NEW)
    assert found.status == 201
    return int(found.json["request"]["id"])


def test_application_is_made_for_the_tokens_subject(desk: Desk) -> None:
    """The answer says where it is, and which roles could grant it."""
    found = desk.ask("requests", WISH, by=NEW)
    number = found.json["version"]
    assert found.status == 201
    assert found.headers["location"] == f"/admin/v1/requests/{number}"
    assert found.json["request"] == {
        "id": number,
        "subject": NEW,
        **WISH,
        "state": "requested",
        "requested": desk.last().time,
        "until": "2026-04-29",
        "decided": None,
        "decided_by": None,
        "decision": "",
        "version": None,
    }
    assert found.json["granters"] == ["ehoks-paakayttaja"]
    assert "apply_to" in found.json
    assert desk.last().actor == "token:7"


def test_nobody_applies_in_the_name_of_another(desk: Desk) -> None:
    """The applicant is no member of the body."""
    for member in ("subject", "as", "by"):
        found = desk.ask("requests", {**WISH, member: USER}, by=NEW)
        assert found.status == 400


def test_same_application_is_open_once(desk: Desk) -> None:
    """The second one names the first."""
    number = wish(desk)
    again = desk.ask("requests", WISH, by=NEW)
    assert again.status == 409
    assert f"application {number} is the same" in again.json["reason"]


def test_application_that_nobody_could_grant_is_refused(desk: Desk) -> None:
    """As things are; and the token must reach its place."""
    found = desk.ask("requests", {**WISH, "role": "opetushallitus"}, by=NEW)
    assert found.status == 403
    limited = desk.ask("requests", WISH, by=NEW, organisations=(OFFICE,))
    assert (limited.status, "reason" in limited.json) == (403, False)


def test_approval_grants(desk: Desk) -> None:
    """The answer has the grant, the power, and the application."""
    number = wish(desk)
    body = {"until": "2026-12-31", "reason": "welcome"}
    found = desk.ask(f"requests/{number}/approve", body)
    told = found.json
    assert found.status == 200
    assert told["granted"]["subject"] == NEW
    assert told["granted"]["until"] == "2026-12-31"
    assert told["power"]["text"].startswith("p2, role:ehoks-paakayttaja")
    assert told["request"]["state"] == "granted"
    assert told["request"]["decided_by"] == PAA
    assert told["request"]["decision"] == "welcome"
    assert told["request"]["version"] == told["version"] == desk.store.head()
    assert (desk.last().actor, desk.last().granter) == ("token:7", PAA)


def test_rejection_is_for_a_reason(desk: Desk) -> None:
    """The applicant reads it."""
    number = wish(desk)
    assert desk.ask(f"requests/{number}/reject", {}).status == 400
    assert desk.ask(f"requests/{number}/reject", {"reason": " "}).status == 422
    found = desk.ask(f"requests/{number}/reject", {"reason": "not here"})
    assert (found.status, found.json["request"]["state"]) == (200, "rejected")
    seen = desk.ask(f"requests/{number}", by=NEW)
    assert seen.json["request"]["decision"] == "not here"
    assert found.json["version"] == desk.store.head()


def test_applicant_withdraws(desk: Desk) -> None:
    """Nobody else does, be they one who could decide."""
    number = wish(desk)
    assert desk.ask(f"requests/{number}/withdraw", {}).status == 403
    found = desk.ask(f"requests/{number}/withdraw", {}, by=NEW)
    assert (found.status, found.json["request"]["state"]) == (200, "withdrawn")


def test_own_application_is_not_decided(desk: Desk) -> None:
    """Whatever power the applicant holds."""
    number = wish(desk)
    for act in ("approve", "reject"):
        found = desk.ask(f"requests/{number}/{act}", {"reason": "mine"}, by=NEW)
        assert found.status == 403
        assert "of their own" in found.json["reason"]


@pytest.mark.parametrize("by", [USER, ENTRY, OPH, "person:unknown"])
def test_application_that_may_not_be_seen_is_none(desk: Desk, by: str) -> None:
    """Nothing tells it from one that there never was."""
    number = wish(desk)
    answers: set[Any] = set()
    for which in (number, number + 1, 4):
        for act in ("approve", "reject", "withdraw"):
            body = {"reason": "mine"}
            found = desk.ask(f"requests/{which}/{act}", body, by=by)
            answers.add((found.status, found.body))
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1


def test_token_decides_at_its_organisations_only(desk: Desk) -> None:
    """To it there is no application elsewhere."""
    number = wish(desk)
    for act in ("approve", "reject", "withdraw"):
        path, body = f"requests/{number}/{act}", {"reason": "mine"}
        assert desk.ask(path, body, organisations=(OFFICE,)).status == 404
        assert desk.ask(path, body, by=NEW, organisations=(OFFICE,)).status == 404
    path = f"requests/{number}/approve"
    assert desk.ask(path, {}, organisations=(KEUDA,)).status == 200


def test_decided_application_is_a_conflict(desk: Desk) -> None:
    """It is told by whom to those who could have, and to the applicant."""
    number = wish(desk)
    desk.ask(f"requests/{number}/approve", {})
    for act in ("approve", "reject"):
        found = desk.ask(f"requests/{number}/{act}", {"reason": "late"})
        assert found.status == 409
        assert f"granted already, by {PAA}" in found.json["reason"]
        assert PAA not in found.json["detail"]
    assert desk.ask(f"requests/{number}/withdraw", {}, by=NEW).status == 409
    assert desk.ask(f"requests/{number}/reject", {"reason": "x"}, by=USER).status == 404


def test_of_two_who_approve_at_once_one_does(desk: Desk) -> None:
    """The other is told so."""
    second = "person:second"
    role = {"subject": second, "role": "ehoks-paakayttaja", "organisation": KEUDA}
    assert desk.ask("grants", role, by=VASTUU).status == 201
    number = wish(desk)

    def approve(by: str) -> Answered:
        return desk.ask(f"requests/{number}/approve", {}, by=by)

    with ThreadPoolExecutor(2) as both:
        answers = [*both.map(approve, (PAA, second))]
    assert sorted(each.status for each in answers) == [200, 409]
    assert len(desk.held(NEW)) == 1
