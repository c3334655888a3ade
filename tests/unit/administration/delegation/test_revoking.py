"""Revoking: the same power, whatever has become of the place; one's own always."""

from __future__ import annotations

from datetime import date

import pytest

from oikeus import Change, Line, ModelError, RefusedError, Source, verify

from .conftest import (
    CLOSED,
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


def test_a_revocation_acts_at_once(desk: Desk) -> None:
    """H: on days to come as well; the version says on whose power."""
    done = desk.point.revoke(USER, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert [grant.organisation for grant in done.grants] == [SCHOOL]
    assert not desk.allows(USER, "read", SCHOOL)
    last = desk.last()
    assert (last.origin, last.granter) == ("revoke", PAA)
    assert last.power == str(done.power)
    assert last.message == f"revoke ehoks-kayttaja at {SCHOOL}"
    assert done.warnings == ()
    assert verify(desk.store).clean


def test_all_equal_grants_go_but_those_that_ended(desk: Desk) -> None:
    """What has ended is evidence, and gives nothing any more."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2026, 3, 31))
    desk.day = date(2026, 4, 1)
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, last=date(2026, 4, 30))
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA, first=date(2026, 6, 1))
    desk.point.grant(NEW, "ehoks-kayttaja", OFFICE, granter=PAA)
    done = desk.point.revoke(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert len(done.grants) == 2
    assert len(desk.held(NEW)) == 2


def test_one_gives_up_ones_own_right_without_any_power(desk: Desk) -> None:
    """E: and no other's."""
    done = desk.point.revoke(USER, "ehoks-kayttaja", SCHOOL, granter=USER)
    assert done.power is None
    assert (desk.last().granter, desk.last().power) == (USER, None)
    with pytest.raises(RefusedError) as refused:
        desk.point.revoke(PAA, "ehoks-paakayttaja", KEUDA, granter=USER)
    assert refused.value.granters == ("vastuukayttaja",)
    assert refused.value.rules[0].startswith("`p2, role:vastuukayttaja, ")


def test_a_blocked_granter_revokes_nothing(desk: Desk) -> None:
    """N: not even what is their own."""
    desk.point.block(USER, granter=PAA, reason="lost phone")
    with pytest.raises(RefusedError) as refused:
        desk.point.revoke(USER, "ehoks-kayttaja", SCHOOL, granter=USER)
    assert refused.value.reason == (
        "the granter has no power over `ehoks-kayttaja` at "
        "`1.2.246.562.10.90101000000` (Keski-Uudenmaan ammattiopisto Keuda); "
        "besides, the subject is blocked"
    )
    desk.point.block(PAA, granter=VASTUU, reason="dismissed")
    with pytest.raises(RefusedError) as refused:
        desk.point.revoke(USER, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert refused.value.rules[-1] == "the matcher `m3` of the model"


def test_a_status_that_bars_granting_does_not_bar_revoking(desk: Desk) -> None:
    """E, I: what was given at a closed institution can be taken away."""
    helsinki = "person:1.2.246.562.24.90200000001"
    days = f"{CLOSED}@2026-01-01..2026-12-31"
    line = Line("g", (NEW, "role:ehoks-paakayttaja", days))
    with desk.store.writing() as writer:
        writer.commit(Change("grants", "os:tester", "old", add=(line,)))
    with pytest.raises(RefusedError):
        desk.point.renew(NEW, "ehoks-paakayttaja", CLOSED, granter=helsinki)
    desk.point.revoke(NEW, "ehoks-paakayttaja", CLOSED, granter=helsinki)
    assert desk.held(NEW) == []


@pytest.mark.parametrize(
    ("role", "place", "granter", "reason"),
    [
        (
            "ehoks-kayttaja",
            KEUDA,
            PAA,
            "there is no such grant to revoke: it is not held at this organisation",
        ),
        (
            "ehoks-kayttaja",
            "1.2.3",
            PAA,
            "organisation `1.2.3` is not in the register",
        ),
        (
            "reader",
            SCHOOL,
            PAA,
            (
                "unknown role `reader`, expected one of `opetushallitus`, "
                "`vastuukayttaja`, `ehoks-paakayttaja`, `ehoks-kayttaja`, "
                "`palvelukayttaja`, `tunnus`, `tallentajan-paakayttaja`, `tallentaja`"
            ),
        ),
        (
            "opetushallitus",
            SCHOOL,
            OPH,
            "no power gives `opetushallitus`: it comes from the policy files only",
        ),
    ],
)
def test_what_cannot_be_revoked_is_refused(
    desk: Desk, role: str, place: str, granter: str, reason: str
) -> None:
    """With what stood in the way; nothing is written."""
    with pytest.raises(RefusedError) as refused:
        desk.point.revoke(USER, role, place, granter=granter)
    assert refused.value.reason == reason
    assert desk.store.head() == 4


def test_what_files_say_goes_with_a_warning(desk: Desk) -> None:
    """An urgent revocation waits for no review, but the next load would undo it."""
    days = f"{KEUDA}@2026-01-01..2026-05-31"
    source = Source("policies/grants.csv", 9, "B: first")
    line = Line("g", (NEW, "role:vastuukayttaja", days), source)
    with desk.store.writing() as writer:
        writer.commit(Change("policy", "os:tester", "apply", add=(line,)))
    done = desk.point.revoke(NEW, "vastuukayttaja", KEUDA, granter=OPH)
    assert done.warnings == (
        (
            "the policy files say it too: take it out, or the next `oikeus apply` "
            "gives it again (policies/grants.csv:9)"
        ),
    )
    assert desk.held(NEW) == []


def test_a_model_that_does_not_say_who_may_revoke_lets_nobody(desk: Desk) -> None:
    """Models of earlier versions do not; the text says what to add."""
    text = desk.store.load().model or ""
    older = text[: text.index("m3 = ")]
    with desk.store.writing() as writer:
        writer.commit(Change("policy", "os:tester", "older", model=older))
    with pytest.raises(ModelError) as error:
        desk.point.revoke(USER, "ehoks-kayttaja", SCHOOL, granter=PAA)
    assert str(error.value) == (
        "the model has no matcher `m3`, which says who may revoke: add it below "
        "[matchers] and apply the policy"
    )
    assert desk.allows(USER, "read", SCHOOL)
