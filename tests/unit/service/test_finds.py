"""What searches found is kept for the next pages, and for nobody else's."""

import gc
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.types import ASGIApp

from oikeus import DecisionPoint
from oikeus.service.application import application
from oikeus.service.callers import Caller
from oikeus.service.finding import Finder
from oikeus.service.finds import Finds, Key, key_of
from oikeus.service.settings import Settings

from .asking import ALL, ask, node

DAY = date(2026, 3, 1)
BODY: dict[str, Any] = {
    "subject": {"type": "person"},
    "action": {"name": "read"},
    "resource": {"type": "hoks", "id": "1", "properties": {"organisation": "1.2"}},
    "page": {"limit": 1},
}


def key(question: bytes, *organisations: str, day: date = DAY) -> Key:
    """Of a caller that may ask about these."""
    return key_of(question, day, Caller("token:1", None, ALL, organisations))


def test_found_again_by_the_same_question_alone(ehoks: DecisionPoint) -> None:
    """For the same day, about the same organisations, by the same version."""
    finds, snapshot = Finds(), ehoks.snapshot
    assert finds.get(snapshot, key(b"a")) is None
    finds.keep(snapshot, key(b"a"), ["x"])
    assert finds.get(snapshot, key(b"a")) == ["x"]
    assert finds.get(snapshot, key(b"b")) is None
    assert finds.get(snapshot, key(b"a", "1.2")) is None
    assert finds.get(snapshot, key(b"a", day=DAY + timedelta(1))) is None
    assert finds.get(replace(snapshot), key(b"a")) is None


def test_what_another_version_found_goes(ehoks: DecisionPoint) -> None:
    """Even where that one came back; and nothing keeps a version alive."""
    finds, later = Finds(), replace(ehoks.snapshot, version=1)
    finds.keep(ehoks.snapshot, key(b"a"), ["x"])
    finds.keep(later, key(b"b"), ["y"])
    assert finds.get(later, key(b"a")) is None
    assert finds.get(later, key(b"b")) == ["y"]
    assert finds.get(ehoks.snapshot, key(b"a")) is None
    del later
    gc.collect()
    assert finds.get(replace(ehoks.snapshot, version=1), key(b"b")) is None


def test_bounds(ehoks: DecisionPoint) -> None:
    """In number and in size; what was not asked for longest goes first."""
    finds, snapshot = Finds(searches=2, results=5), ehoks.snapshot
    finds.keep(snapshot, key(b"a"), ["1", "2"])
    finds.keep(snapshot, key(b"b"), ["1"])
    assert finds.get(snapshot, key(b"a")) is not None
    finds.keep(snapshot, key(b"c"), ["1"])
    assert finds.get(snapshot, key(b"b")) is None
    finds.keep(snapshot, key(b"c"), ["1", "2", "3", "4"])
    assert finds.get(snapshot, key(b"a")) is None
    finds.keep(snapshot, key(b"d"), ["1"] * 6)
    assert finds.get(snapshot, key(b"d")) is None
    assert finds.get(snapshot, key(b"c")) is not None


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The searches that were made."""
    made: list[object] = []
    find = Finder.subjects

    def counted(finder: Finder, asked: Any) -> list[str]:  # noqa: ANN401
        made.append(asked)
        return find(finder, asked)

    monkeypatch.setattr(Finder, "subjects", counted)
    return made


def page(app: ASGIApp, token: str = "") -> tuple[list[str], str]:
    """A page of one, and the token of the next."""
    body = BODY | {"page": {"limit": 1, "token": token}}
    found = ask(app, "/access/v1/search/subject", body).json
    return [each["id"] for each in found["results"]], found["page"]["next_token"]


def test_next_page_needs_no_search(app: ASGIApp, searches: list[object]) -> None:
    """It is cut from what the first one found."""
    first, token = page(app)
    assert (first, page(app, token)) == (["boss"], (["user"], ""))
    assert len(searches) == 1


def test_what_has_one_page_is_not_kept(app: ASGIApp, searches: list[object]) -> None:
    """Nothing would come after it."""
    for _ in range(2):
        ask(app, "/access/v1/search/subject", BODY | {"page": {"limit": 9}})
    assert len(searches) == 2


def test_callers_with_other_organisations_search_anew(
    ehoks: DecisionPoint, searches: list[object]
) -> None:
    """What one may find, another one may not."""
    here = node(ehoks)
    app = application(here, Settings())
    first, _ = page(app)
    authenticator: Any = here.authenticator
    authenticator.known = Caller("token:2", None, ALL, ("1.3",))
    assert (first, page(app)) == (["boss"], ([], ""))
    assert len(searches) == 2


def test_next_page_after_a_version_says_that_one(
    ehoks: DecisionPoint, searches: list[object]
) -> None:
    """And is found by it."""
    point = DecisionPoint(ehoks.snapshot, today=ehoks.today)
    app = application(node(point), Settings())
    _, token = page(app)
    gone = ("person:user", "role:ehoks-kayttaja", "1.2@2026-01-01..2026-12-31")
    point._publish(  # noqa: SLF001 # as a new version would
        ehoks.snapshot.following(7, removed=[gone])
    )
    body = BODY | {"page": {"limit": 1, "token": token}}
    found = ask(app, "/access/v1/search/subject", body).json
    assert (found["results"], found["context"]) == ([], {"version": 7})
    assert len(searches) == 2
