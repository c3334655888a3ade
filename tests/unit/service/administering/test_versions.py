"""The log over HTTP, for who audits."""

from __future__ import annotations

from typing import Any

import pytest

from oikeus import create_token

from .conftest import ADMINISTER, AUDIT, KEUDA, NEW, OFFICE, PAA, SCHOOL, USER, Desk

RIGHT = {"subject": NEW, "role": "ehoks-kayttaja", "organisation": SCHOOL}


def listed(desk: Desk, **query: object) -> Any:  # noqa: ANN401
    """A page of versions."""
    found = desk.ask("versions", by=USER, scopes=AUDIT, query=query)
    assert found.status == 200
    return found.json


def numbers(desk: Desk, **query: object) -> list[int]:
    """The versions that are found."""
    return [one["version"] for one in listed(desk, **query)["versions"]]


def version(desk: Desk, number: int, **query: object) -> Any:  # noqa: ANN401
    """A version, and what it did."""
    found = desk.ask(f"versions/{number}", by=USER, scopes=AUDIT, query=query)
    assert found.status == 200
    return found.json


@pytest.fixture
def acted(desk: Desk) -> Desk:
    """A desk with a grant (5), an application (6), a token (7) and a block (8)."""
    desk.ask("grants", {**RIGHT, "reason": "a new teacher"})
    desk.ask(
        "requests", {"role": "ehoks-kayttaja", "organisation": OFFICE}, by="person:x"
    )
    scopes = ["audit"]
    create_token(
        desk.store, USER, scopes=scopes, actor="os:owner", today=lambda: desk.today
    )
    desk.ask("blocks", {"subject": NEW, "reason": "left"})
    assert desk.store.head() == 8
    return desk


def test_versions_are_listed_the_newest_first(acted: Desk) -> None:
    """Each with who, on whose power, and why."""
    found = listed(acted)
    assert [one["version"] for one in found["versions"]] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert (found["earlier"], found["next"]) == (0, None)
    grant = found["versions"][3]
    made = acted.store.version(5)
    assert grant == {
        "version": 5,
        "time": made.time,
        "actor": "token:7",
        "granter": PAA,
        "power": made.power,
        "origin": "grant",
        "message": "a new teacher",
        "added": 1,
        "removed": 0,
        "git_commit": None,
        "approval": None,
        "application": None,
        "token": None,
        "previous": made.previous,
        "digest": made.digest,
    }


def test_steps_are_told(acted: Desk) -> None:
    """Of applications and tokens, which change no line."""
    step = version(acted, 6)["version"]["application"]
    assert step == {
        "id": 6,
        "state": "requested",
        "subject": "person:x",
        "role": "ehoks-kayttaja",
        "organisation": OFFICE,
        "until": "2026-04-29",
        "reason": "",
    }
    token = version(acted, 7)["version"]["token"]
    assert (token["id"], token["subject"], token["scopes"]) == (7, USER, ["audit"])
    assert (token["state"], token["organisations"]) == ("active", [])
    assert "secret" not in str(token)


def test_words_choose_versions(acted: Desk) -> None:
    """As `oikeus log` has them."""
    assert numbers(acted, origin="grant") == [5]
    assert numbers(acted, actor="token:7", granter=PAA) == [8, 5]
    assert numbers(acted, subject=NEW) == [8, 5]
    assert numbers(acted, subject=NEW, role="role:ehoks-kayttaja") == [5]
    assert numbers(acted, role="ehoks-kayttaja", organisation=SCHOOL) == [5, 4, 3]
    assert numbers(acted, organisation=SCHOOL, origin="grant") == [5]
    assert numbers(acted, organisation=KEUDA, below=True, origin="grant") == [5]
    assert numbers(acted, organisation=KEUDA, origin="grant") == []
    assert numbers(acted, since="2100-01-01") == []
    assert numbers(acted, until="2000-01-01") == []


def test_pages_go_on_where_they_ended(acted: Desk) -> None:
    """Until there is none."""
    page = listed(acted, limit=5)
    assert (page["earlier"], page["next"]) == (3, 4)
    page = listed(acted, limit=5, before=4)
    assert [one["version"] for one in page["versions"]] == [3, 2, 1]
    assert (page["earlier"], page["next"]) == (0, None)


def test_version_tells_what_it_did(acted: Desk) -> None:
    """To each line, in pages."""
    found = version(acted, 5)
    (change,) = found["changes"]
    assert (change["op"], change["kind"]) == ("+", "g")
    assert change["values"][:2] == [NEW, "role:ehoks-kayttaja"]
    assert change["line"]["text"].startswith(f"g, {NEW}, role:ehoks-kayttaja")
    assert found["next"] is None
    first = version(acted, 1, limit=10)
    assert (len(first["changes"]), first["next"]) == (10, 10)
    rest = version(acted, 1, limit=1000, offset=first["next"])
    assert len(rest["changes"]) == first["version"]["added"] - 10
    assert rest["next"] is None


@pytest.mark.parametrize("number", ["0", "9", "01", "x", "-1", "2147483648", "1" * 30])
def test_version_that_there_is_not_is_not_found(desk: Desk, number: str) -> None:
    """Whatever stands in its place."""
    found = desk.ask(f"versions/{number}", by=USER, scopes=AUDIT)
    assert found.status == 404
    assert number not in found.json["detail"]


def test_log_takes_the_scope_audit_and_a_token_without_limits(desk: Desk) -> None:
    """It tells of everybody, everywhere."""
    for path in ("versions", "versions/1"):
        assert desk.ask(path, by=PAA, scopes=ADMINISTER).status == 403
        limited = desk.ask(path, by=PAA, scopes=AUDIT, organisations=(KEUDA,))
        assert limited.status == 403


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"limit": 0}, {"before": 0}, {"actor": "a\0b"}],
    ids=str,
)
def test_words_that_cannot_be_are_refused(desk: Desk, query: Any) -> None:  # noqa: ANN401
    """Before the database is asked."""
    assert desk.ask("versions", by=USER, scopes=AUDIT, query=query).status == 400
