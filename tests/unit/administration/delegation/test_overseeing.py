"""Which grants somebody could take away, and where they hold a role."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from oikeus import Change, DecisionPoint, Grant, Line, RefusedError, Snapshot, Span
from oikeus.administration.delegation.overseeing import Overseer
from oikeus.loading import snapshot_of

from .conftest import DAY, ENTRY, KEUDA, NEW, OFFICE, OPH, PAA, SCHOOL, USER, VASTUU
from .conftest import Desk as Administered

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
SYSTEM = "system:keuda-tiedonsiirto"
REGISTERED = Grant(SYSTEM, "role:tunnus", KEUDA, YEAR)


def snapshot_now(desk: Administered) -> Snapshot:
    """What is in force."""
    return snapshot_of(desk.store.load())


@pytest.mark.parametrize("subject", [OPH, VASTUU, PAA, USER, ENTRY, NEW])
def test_what_is_overseen_could_be_taken_away(desk: Administered, subject: str) -> None:
    """As the model says of each holder; a credential by whoever may remove it."""
    snapshot = snapshot_now(desk)
    point, overseer = DecisionPoint(snapshot), Overseer(snapshot, subject, DAY)
    for held in snapshot.facts.grants.values():
        for grant in held:
            asked = (subject, grant.subject, grant.role, grant.organisation)
            may = point.may_revoke(*asked, DAY).allowed
            if grant.role == "role:tunnus":
                credential = (subject, "create", "tiedonsiirtotunnus")
                may = point.allows(*credential, grant.organisation, DAY)
            assert overseer.oversees(grant) is may
            assert not may or grant.organisation in overseer.places()


def test_credential_is_overseen_by_who_may_remove_it(desk: Administered) -> None:
    """It is in nobody's power to revoke."""
    snapshot = snapshot_now(desk)
    assert Overseer(snapshot, VASTUU, DAY).oversees(REGISTERED)
    desk.point.revoke(SYSTEM, "palvelukayttaja", KEUDA, granter=VASTUU)
    assert not Overseer(snapshot, PAA, DAY).oversees(REGISTERED)
    with pytest.raises(RefusedError):
        desk.point.remove_credential("keuda-tiedonsiirto", KEUDA, granter=PAA)
    desk.point.remove_credential("keuda-tiedonsiirto", KEUDA, granter=VASTUU)


def test_nobody_oversees_credentials_that_nobody_may_register(
    desk: Administered,
) -> None:
    """Where the catalogue does not say what it takes, or there is none."""
    snapshot = snapshot_now(desk)
    assert snapshot.catalogue is not None
    said = replace(snapshot.catalogue, registration=None)
    for catalogue in (said, None):
        other = replace(snapshot, catalogue=catalogue)
        assert not Overseer(other, VASTUU, DAY).oversees(REGISTERED)


@pytest.mark.parametrize("subject", [OPH, VASTUU, PAA, USER, ENTRY, NEW])
def test_where_any_grant_could_be_taken_is_known(
    desk: Administered, subject: str
) -> None:
    """Wherever somebody oversees a grant of others, and nowhere without a power."""
    snapshot = snapshot_now(desk)
    overseer = Overseer(snapshot, subject, DAY)
    for held in snapshot.facts.grants.values():
        for grant in held:
            if grant.subject != subject and overseer.oversees(grant):
                assert overseer.takes_any(grant.organisation)
    has_power = subject not in {USER, NEW}
    assert any(map(overseer.takes_any, snapshot.tree)) is has_power


@pytest.mark.parametrize("role", ["role:ehoks-paakayttaja", "role:tunnus"])
@pytest.mark.parametrize("place", ["", "a@b", "1..2"])
def test_row_that_no_question_can_name_is_overseen_by_its_holder(
    desk: Administered, role: str, place: str
) -> None:
    """However it came into the database."""
    snapshot = snapshot_now(desk)
    odd = Grant(USER, role, place, YEAR)
    assert not Overseer(snapshot, VASTUU, DAY).oversees(odd)
    assert Overseer(snapshot, USER, DAY).oversees(odd)


def test_older_model_lets_nobody_oversee_others(desk: Administered) -> None:
    """It does not say who may revoke."""
    text = desk.store.load().model or ""
    with desk.store.writing() as writer:
        older = text[: text.index("m3 = ")]
        writer.commit(Change("policy", "os:tester", "older", model=older))
    snapshot = snapshot_now(desk)
    (own,) = snapshot.facts.of(USER)
    assert not Overseer(snapshot, PAA, DAY).oversees(own)
    assert Overseer(snapshot, USER, DAY).oversees(own)


def test_organisations_are_those_of_roles_held_and_below(desk: Administered) -> None:
    """On that day; what decides nothing opens nothing."""
    tree = snapshot_now(desk).tree
    whole = frozenset(tree.below(KEUDA))
    for subject, seen in ((PAA, whole), (USER, frozenset(tree.below(SCHOOL)))):
        assert Overseer(snapshot_now(desk), subject, DAY).organisations() == seen
    lines = [
        Line("g", (NEW, role, f"{place}@{days}"))
        for role, place, days in (
            # inert: of another kind, at a level that it has not; and ended
            ("role:palvelukayttaja", KEUDA, "2026-01-01..2026-12-31"),
            ("role:vastuukayttaja", SCHOOL, "2026-01-01..2026-12-31"),
            ("role:ehoks-kayttaja", KEUDA, "2025-01-01..2025-12-31"),
            ("role:ehoks-kayttaja", OFFICE, "2026-01-01..2026-12-31"),
        )
    ]
    with desk.store.writing() as writer:
        writer.commit(Change("grants", "os:tester", "odd", add=tuple(lines)))
    seen = Overseer(snapshot_now(desk), NEW, DAY).organisations()
    assert seen == frozenset(tree.below(OFFICE))
