"""Looking at organisations over HTTP: who sees which, and in what pages."""

from __future__ import annotations

import pytest

from .conftest import (
    ADMINISTER,
    AUDIT,
    ENTRY_PLACE,
    KEUDA,
    NEW,
    OFFICE,
    OPH,
    PAA,
    SCHOOL,
    USER,
    Desk,
)

CLOSED = "1.2.246.562.10.90202000000"
CLOSED_OFFICE = "1.2.246.562.10.90202010000"


def seen(desk: Desk, **asked: object) -> list[str]:
    """The organisations that somebody sees."""
    found = desk.ask("organisations", query={"limit": 1000}, **asked)  # type: ignore[arg-type] # as a test says
    assert (found.status, found.json["next"]) == (200, None)
    return [each["organisation"] for each in found.json["organisations"]]


def test_organisations_are_those_that_one_holds_a_role_at(desk: Desk) -> None:
    """And all below; no other is told of, by whatever name it comes."""
    tree = desk.point.snapshot.tree
    assert seen(desk, by=USER) == sorted(tree.below(SCHOOL))
    assert seen(desk, by=PAA) == sorted(tree.below(KEUDA))
    assert seen(desk, by=OPH) == sorted(tree)
    assert seen(desk, by=NEW) == []
    found = desk.ask("organisations", by=USER).body.decode()
    assert KEUDA not in found
    assert ENTRY_PLACE not in found


def test_organisation_is_told_with_what_it_inherits(desk: Desk) -> None:
    """As the command shows it; what is above is told where it is seen."""
    (whole,) = (
        each
        for each in desk.ask(
            "organisations", by=NEW, scopes=AUDIT, query={"limit": 1000}
        ).json["organisations"]
        if each["organisation"] == CLOSED_OFFICE
    )
    expected = {
        "organisation": CLOSED_OFFICE,
        "name": "Helsingin tekniikan alan oppilaitos, Kallio",
        "parents": [CLOSED],
        "levels": ["toimipiste"],
        "modes": ["integraatio"],
        "statuses": ["passive"],
    }
    assert whole == expected
    found = desk.ask("organisations", scopes=AUDIT, organisations=(CLOSED_OFFICE,))
    (alone,) = found.json["organisations"]
    assert alone == {**expected, "parents": []}


def test_token_for_some_organisations_is_told_of_no_other(desk: Desk) -> None:
    """Whatever its subject holds elsewhere; an auditor's as well."""
    below = sorted(desk.point.snapshot.tree.below(OFFICE))
    for scopes in (ADMINISTER, AUDIT):
        assert seen(desk, by=PAA, scopes=scopes, organisations=(OFFICE,)) == below
    assert seen(desk, by=PAA, organisations=(ENTRY_PLACE,)) == []
    every = sorted(desk.point.snapshot.tree)
    assert seen(desk, by=NEW, scopes=AUDIT) == every


@pytest.mark.parametrize("limit", [1, 4])
def test_pages_make_the_whole(desk: Desk, limit: int) -> None:
    """Each organisation once, by their ids."""
    found, after = [], None
    while True:
        more = () if after is None else (("after", after),)
        page = desk.ask("organisations", query=(*more, ("limit", limit))).json
        found += [each["organisation"] for each in page["organisations"]]
        after = page["next"]
        if after is None:
            break
        assert len(page["organisations"]) == limit
    assert found == seen(desk, by=PAA)
