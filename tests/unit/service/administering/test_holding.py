"""Looking at grants over HTTP: who sees which, and in what pages."""

from __future__ import annotations

from typing import Any

import pytest

from oikeus import Change, Line

from .conftest import (
    ADMINISTER,
    AUDIT,
    DAY,
    ENTRY_PLACE,
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

SYSTEM = "system:keuda-tiedonsiirto"


def seen(desk: Desk, by: str, **asked: Any) -> list[Any]:  # noqa: ANN401
    """The grants that somebody sees, as subject, role and place."""
    query = asked.pop("query", {})
    found = desk.ask("grants", by=by, query=query, **asked)
    assert found.status == 200
    return [
        (one["subject"], one["role"], one["organisation"])
        for one in found.json["grants"]
    ]


def of(desk: Desk, subject: str, **asked: Any) -> list[Any]:  # noqa: ANN401
    """The grants of a subject that somebody sees, as role and place."""
    return [each[1:] for each in seen(desk, query={"subject": subject}, **asked)]


def test_own_grants_are_seen(desk: Desk) -> None:
    """By whoever has no power over others; what has ended is not among them."""
    found = desk.ask("grants", by=USER)
    assert (found.status, found.headers["cache-control"]) == (200, "no-store")
    assert found.json == {
        "version": 4,
        "grants": [
            {
                "subject": USER,
                "role": "ehoks-kayttaja",
                "organisation": SCHOOL,
                "from": "2026-01-01",
                "until": "2099-12-31",
                "blocked": False,
                "inert": None,
            }
        ],
        "next": None,
    }
    desk.today = DAY.replace(year=2100)
    assert desk.ask("grants", by=USER).json["grants"] == []


def test_grants_of_others_are_seen_by_who_could_take_them_away(desk: Desk) -> None:
    """And nobody else learns whether there are any."""
    right = ("ehoks-kayttaja", SCHOOL)
    assert of(desk, USER, by=PAA) == [right]
    assert of(desk, PAA, by=USER) == []
    assert of(desk, USER, by=NEW) == []
    assert of(desk, PAA, by=VASTUU) == [("ehoks-paakayttaja", KEUDA)]
    assert of(desk, VASTUU, by=PAA) == []
    assert of(desk, "person:unknown", by=PAA) == []


@pytest.mark.parametrize("by", [OPH, VASTUU, PAA, USER, NEW])
def test_who_asks_for_nobodys_sees_all_that_they_oversee(desk: Desk, by: str) -> None:
    """Their own, and what they could take away, in the order of organisations."""
    found = seen(desk, by, query={"limit": 1000})
    grants = [
        (grant.subject, grant.role.removeprefix("role:"), grant.organisation)
        for held in desk.point.snapshot.facts.grants.values()
        for grant in held
        if grant.span.last >= DAY
    ]
    expected = [each for each in grants if _is_overseen(desk, by, *each)]
    assert found == sorted(expected, key=lambda each: (each[2], *each[:2]))
    assert bool(found) is (by != NEW)


def _is_overseen(desk: Desk, by: str, holder: str, role: str, place: str) -> bool:
    if role == "tunnus":
        return desk.point.allows(by, "create", "tiedonsiirtotunnus", place, DAY)
    return desk.point.may_revoke(by, holder, role, place, DAY).allowed


def test_auditor_sees_all_grants(desk: Desk) -> None:
    """Where their token reaches."""
    right = ("ehoks-kayttaja", SCHOOL)
    assert of(desk, USER, by=NEW, scopes=AUDIT) == [right]
    assert of(desk, USER, by=NEW, scopes=AUDIT, organisations=(KEUDA,)) == [right]
    assert of(desk, USER, by=NEW, scopes=AUDIT, organisations=(OFFICE,)) == []
    assert of(desk, USER, by=USER, organisations=(OFFICE,)) == []
    whole = seen(desk, NEW, scopes=AUDIT, query={"limit": 1000})
    assert len(whole) == 39
    here = seen(desk, NEW, scopes=AUDIT, organisations=(OFFICE, ENTRY_PLACE))
    tree = desk.point.snapshot.tree
    reached = {*tree.below(OFFICE), *tree.below(ENTRY_PLACE)}
    assert here == [each for each in whole if each[2] in reached]
    assert {each[2] for each in here} >= {OFFICE, ENTRY_PLACE}


def test_token_for_some_organisations_is_told_of_no_other(desk: Desk) -> None:
    """Whatever its subject could take away elsewhere; an unknown one is as empty."""
    for scopes in (ADMINISTER, AUDIT):
        for place in (SCHOOL, KEUDA, OFFICE, ENTRY_PLACE, "1.9"):
            found = desk.ask(
                "grants",
                by=PAA,
                scopes=scopes,
                organisations=(OFFICE,),
                query={"organisation": place},
            )
            told = {one["organisation"] for one in found.json["grants"]}
            assert told == ({OFFICE} if place in (SCHOOL, KEUDA, OFFICE) else set())
            assert found.json["next"] is None


def test_grants_can_be_narrowed(desk: Desk) -> None:
    """By subject, role, and organisation with all below it; and by all of them."""
    whole = seen(desk, VASTUU)
    assert {each[1] for each in whole} == {
        *("vastuukayttaja", "ehoks-paakayttaja", "palvelukayttaja", "tunnus")
    }
    for role in ("tunnus", "role:tunnus"):
        found = seen(desk, VASTUU, query={"role": role})
        assert found == [(SYSTEM, "tunnus", KEUDA)]
    query = {"subject": SYSTEM, "role": "palvelukayttaja", "organisation": KEUDA}
    assert seen(desk, VASTUU, query=query) == [(SYSTEM, "palvelukayttaja", KEUDA)]
    assert seen(desk, VASTUU, query={**query, "organisation": SCHOOL}) == []
    at = seen(desk, PAA, query={"organisation": OFFICE})
    assert at == [each for each in seen(desk, PAA) if each[2] == OFFICE]
    assert at


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("query", [{}, {"role": "ehoks-kayttaja"}, {"subject": USER}])
def test_pages_make_the_whole(desk: Desk, limit: int, query: dict[str, str]) -> None:
    """Each grant once, in one order; no page says more than what it holds."""
    whole = seen(desk, PAA, query={**query, "limit": 1000})
    found, after = [], None
    for _ in range(len(whole) + 1):
        more = () if after is None else (("after", after),)
        asked = (*query.items(), *more, ("limit", limit))
        page = desk.ask("grants", query=asked).json
        found += page["grants"]
        after = page["next"]
        if after is None:
            break
        assert len(page["grants"]) == limit
        # an address names no people
        assert "person" not in after
    assert [(one["subject"], one["role"], one["organisation"]) for one in found] == (
        whole
    )


@pytest.mark.parametrize("after", ["x", "", f"{SCHOOL}:", f"{SCHOOL}:-1", "1:\u0661"])
def test_page_after_none_is_refused(desk: Desk, after: str) -> None:
    """What goes on is what the page before said."""
    found = desk.ask("grants", query={"after": after})
    assert found.status == 400
    assert "`$.after`" in found.json["detail"]


def test_page_after_one_that_is_gone_goes_on(desk: Desk) -> None:
    """Whatever the place holds now."""
    for after in (f"{SCHOOL}:99", "1.2.246.562.10.90100999999:1"):
        found = seen(desk, PAA, query={"after": after})
        place = after.partition(":")[0]
        assert found == [each for each in seen(desk, PAA) if each[2] > place]
        assert found


def test_what_keeps_a_grant_from_deciding_is_told(desk: Desk) -> None:
    """A block of its holder, and what is wrong with the row."""
    lines = (
        Line("g", (USER, "role:vastuukayttaja", f"{SCHOOL}@2026-01-01..2026-12-31")),
        Line("g3", (USER, "blocked")),
    )
    with desk.store.writing() as writer:
        writer.commit(Change("grants", "os:tester", "odd", add=lines))
    found = desk.ask("grants", scopes=AUDIT, query={"subject": USER}).json["grants"]
    told = [(one["role"], one["blocked"], one["inert"]) for one in found]
    why = (
        f"`role:vastuukayttaja` cannot be held at `{SCHOOL}`, whose levels are: "
        "level:oppilaitos"
    )
    assert told == [
        ("ehoks-kayttaja", True, None),
        ("vastuukayttaja", True, why),
    ]


@pytest.mark.parametrize("subject", ["nobody", "role:ehoks-kayttaja", " person:x"])
def test_whose_grants_must_be_a_subject(desk: Desk, subject: str) -> None:
    """What is none is refused, rather than answered by none."""
    assert desk.ask("grants", query={"subject": subject}).status == 422
