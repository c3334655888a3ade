"""Giving rights over HTTP, prolonging them, taking them away, and looking at them."""

from __future__ import annotations

import pytest

from .conftest import (
    DAY,
    ENTRY_PLACE,
    KEUDA,
    NEW,
    OFFICE,
    PAA,
    SCHOOL,
    USER,
    Desk,
)

POWER = "p2, role:ehoks-paakayttaja, role:ehoks-kayttaja, mode:integraatio, active"
RIGHT = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}
YEAR = {**RIGHT, "from": "2026-03-01", "until": "2027-02-28"}


def test_grant_is_made_on_the_power_of_the_tokens_subject(desk: Desk) -> None:
    """The log has the token as the actor, and its subject as the granter."""
    found = desk.ask("grants", {**RIGHT, "reason": "a new teacher"})
    assert (found.status, found.headers["cache-control"]) == (201, "no-store")
    assert found.json["granted"] == YEAR
    assert found.json["power"]["text"] == POWER
    assert found.json["power"]["file"] == "policies/ehoks.csv"
    assert (found.json["changed"], found.json["replaced"]) == (True, None)
    assert found.json["warnings"] == []
    made = desk.last()
    assert made.number == found.json["version"]
    assert (made.actor, made.granter, made.power) == ("token:7", PAA, POWER)
    assert made.message == "a new teacher"


def test_what_was_done_is_seen_at_once(desk: Desk) -> None:
    """The node takes its own version in before it answers."""
    found = desk.ask("grants", RIGHT)
    assert desk.point.version == found.json["version"]
    assert desk.point.allows(NEW, "read", "hoks", SCHOOL, DAY)


def test_same_grant_again_changes_nothing(desk: Desk) -> None:
    """So it can be sent again when an answer was lost."""
    first = desk.ask("grants", RIGHT)
    again = desk.ask("grants", RIGHT)
    assert (first.status, again.status) == (201, 200)
    assert again.json == {**first.json, "changed": False}
    assert desk.store.head() == first.json["version"]


def test_days_can_be_said(desk: Desk) -> None:
    """Both inclusive."""
    days = {"from": "2026-04-01", "until": "2026-04-30"}
    found = desk.ask("grants", {**RIGHT, **days})
    assert found.json["granted"] == {**RIGHT, **days}


def test_renewal_replaces_the_grant(desk: Desk) -> None:
    """The answer has both."""
    desk.ask("grants", {**RIGHT, "until": "2026-04-30"})
    found = desk.ask("grants/renew", {**RIGHT, "until": "2026-05-31"})
    assert found.status == 200
    assert found.json["granted"]["until"] == "2026-05-31"
    assert found.json["replaced"]["until"] == "2026-04-30"


def test_revocation_takes_the_grant_away_at_once(desk: Desk) -> None:
    """The answer names what is gone."""
    desk.ask("grants", RIGHT)
    found = desk.ask("grants/revoke", {**RIGHT, "reason": "left"})
    assert found.status == 200
    assert found.json["revoked"] == [YEAR]
    assert found.json["power"]["text"] == POWER
    assert not desk.held(NEW)


def test_own_right_can_be_given_up(desk: Desk) -> None:
    """That takes no power of anybody's."""
    found = desk.ask("grants/revoke", {**RIGHT, "subject": USER}, by=USER)
    assert (found.status, found.json["power"]) == (200, None)
    assert not desk.held(USER)


def test_refusal_says_why_what_is_allowed_and_who_could(desk: Desk) -> None:
    """As the command says it, but for the sentence that heads it."""
    wish = {**RIGHT, "role": "vastuukayttaja", "organisation": KEUDA}
    found = desk.ask("grants", wish)
    assert found.status == 403
    assert found.headers["content-type"] == "application/problem+json"
    told = found.json
    assert (told["status"], told["title"]) == (403, "Forbidden")
    assert "vastuukayttaja" in told["reason"]
    assert told["granters"] == ["opetushallitus"]
    assert {"role": "ehoks-kayttaja", "organisations": [KEUDA]}.items() <= told[
        "allowed"
    ][0].items()
    assert all(" (policies/" in rule for rule in told["rules"])
    assert "person:" not in told["detail"]


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        ((), [KEUDA]),
        ((KEUDA,), [KEUDA]),
        ((SCHOOL,), [SCHOOL]),
        ((OFFICE, SCHOOL), [OFFICE, SCHOOL]),
        ((SCHOOL, ENTRY_PLACE), [SCHOOL]),
    ],
)
def test_refusal_allows_what_the_token_reaches(
    desk: Desk, reach: tuple[str, ...], told: list[str]
) -> None:
    """Its subject may have powers elsewhere, which are nobody's to be told of."""
    asked = {**RIGHT, "role": "ehoks-paakayttaja"}
    found = desk.ask("grants", asked, organisations=reach)
    assert found.status == 403
    (allowed,) = found.json["allowed"]
    assert allowed["organisations"] == told
    if reach == (SCHOOL,):
        assert KEUDA not in found.body.decode()


def test_refusal_allows_nothing_where_the_token_reaches_no_power(desk: Desk) -> None:
    """The reason alone may name where its subject holds a role."""
    asked = {**RIGHT, "organisation": ENTRY_PLACE}
    found = desk.ask("grants", asked, organisations=(ENTRY_PLACE,))
    assert (found.status, found.json["allowed"]) == (403, [])


def test_power_of_another_cannot_be_used(desk: Desk) -> None:
    """Whatever is sent: the granter is no member of a body."""
    for member in ("granter", "as", "actor", "by"):
        found = desk.ask("grants", {**RIGHT, member: PAA}, by=USER)
        assert found.status == 400
        assert "the token's subject" in found.json["detail"]
        assert desk.ask("grants", RIGHT, by=USER, query={member: PAA}).status == 400
    assert desk.ask("grants", RIGHT, by=USER).status == 403
    assert not desk.held(NEW)


def test_nobody_gives_rights_to_themselves(desk: Desk) -> None:
    """Not even those who have the power over them."""
    found = desk.ask("grants", {**RIGHT, "subject": PAA})
    assert found.status == 403
    assert len(desk.held(PAA)) == 1


def test_what_is_there_already_is_a_conflict(desk: Desk) -> None:
    """Other days overlap an equal grant; and what is gone is gone."""
    desk.ask("grants", {**RIGHT, "from": "2026-04-01"})
    overlapping = desk.ask("grants", {**RIGHT, "from": "2026-05-01"})
    assert overlapping.status == 409
    assert overlapping.json["reason"].startswith("overlaps the same right")
    desk.ask("grants/revoke", RIGHT)
    for act in ("revoke", "renew"):
        gone = desk.ask(f"grants/{act}", RIGHT)
        assert (gone.status, gone.json["granters"]) == (409, [])
        assert gone.json["reason"].startswith("there is no such grant")


def test_token_acts_at_its_organisations_only(desk: Desk) -> None:
    """They take away from what the subject may."""
    limited = desk.ask("grants", RIGHT, organisations=(OFFICE,))
    assert limited.status == 403
    assert desk.ask("grants", RIGHT, organisations=(ENTRY_PLACE,)).status == 403
    assert not desk.held(NEW)
    desk.ask("grants", RIGHT)
    for act in ("renew", "revoke"):
        found = desk.ask(f"grants/{act}", RIGHT, organisations=(OFFICE,))
        assert "reason" not in found.json
        assert found.status == 403
    assert desk.ask("grants/revoke", RIGHT, organisations=(KEUDA,)).status == 200


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("subject", "nobody", "has no kind"),
        ("subject", "robot:x", "kind"),
        ("role", "a b,c", "role"),
        ("organisation", "x@y", "organisation"),
    ],
)
def test_what_no_question_can_have_is_not_processed(
    desk: Desk, member: str, value: str, told: str
) -> None:
    """It is said what was expected."""
    found = desk.ask("grants", {**RIGHT, member: value})
    assert found.status == 422
    assert told in found.json["detail"]
