"""Denying a subject everything over HTTP, and lifting that."""

from __future__ import annotations

from oikeus import Scope

from .conftest import DAY, KEUDA, NEW, PAA, SCHOOL, USER, VASTUU, Desk

BLOCK = {"subject": USER, "reason": "left the house"}
LIFT = {"subject": USER}


def test_block_works_at_once(desk: Desk) -> None:
    """And says the version that it is in force from."""
    found = desk.ask("blocks", BLOCK)
    head = desk.store.head()
    assert found.status == 201
    assert found.json == {"version": head, "changed": True, "subject": USER}
    assert not desk.point.allows(USER, "read", "hoks", SCHOOL, DAY)
    assert (desk.last().actor, desk.last().granter) == ("token:7", PAA)


def test_blocked_subject_is_blocked_once(desk: Desk) -> None:
    """The answer says so, and a version that it was so in."""
    desk.ask("blocks", BLOCK)
    head = desk.store.head()
    again = desk.ask("blocks", BLOCK)
    assert again.status == 200
    assert again.json == {"version": head, "changed": False, "subject": USER}


def test_block_is_lifted(desk: Desk) -> None:
    """By who stands above all that the subject gets back."""
    desk.ask("blocks", BLOCK)
    found = desk.ask("blocks/lift", LIFT)
    assert (found.status, found.json["changed"]) == (200, True)
    assert desk.point.allows(USER, "read", "hoks", SCHOOL, DAY)
    assert desk.ask("blocks/lift", LIFT).json["changed"] is False


def test_block_takes_power(desk: Desk) -> None:
    """Nobody blocks who stands above them, or themselves."""
    for subject in (VASTUU, PAA):
        found = desk.ask("blocks", {**BLOCK, "subject": subject})
        assert found.status == 403
        assert found.json["reason"]
    assert desk.ask("blocks", BLOCK, by=NEW).status == 403


def test_block_takes_a_reason(desk: Desk) -> None:
    """One that says something."""
    assert desk.ask("blocks", {"subject": USER}).status == 400
    assert desk.ask("blocks", {**BLOCK, "reason": ""}).status == 400
    assert desk.ask("blocks", {**BLOCK, "reason": "  "}).status == 422


def test_limited_token_blocks_nobody(desk: Desk) -> None:
    """A block works everywhere, and nothing tells where a subject holds rights."""
    for path, body in (("blocks", BLOCK), ("blocks/lift", LIFT)):
        for place in (KEUDA, SCHOOL):
            found = desk.ask(path, body, organisations=(place,))
            assert (found.status, "reason" in found.json) == (403, False)


def test_who_is_blocked_administers_nothing(desk: Desk) -> None:
    """Nor looks at anything: the token still says whose it is."""
    desk.ask("blocks", BLOCK)
    for path in ("grants", "requests", "versions"):
        found = desk.ask(path, by=USER, scopes=frozenset(Scope))
        assert found.status == 403
        assert found.json["detail"].startswith("the subject is blocked")
