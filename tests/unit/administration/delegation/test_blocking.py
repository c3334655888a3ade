"""Blocking on a power: over one of what is held to block, over each to lift (N)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oikeus import DelegationError, RefusedError, block

from .conftest import HELSINKI, KEUDA, NEW, OPH, PAA, SCHOOL, USER, VASTUU, Desk

HELSINKI_VASTUU = "person:1.2.246.562.24.90200000001"
HELSINKI_PAA = "person:1.2.246.562.24.90200000002"
STRANGER = "person:1.2.246.562.24.90100000099"


def test_power_over_one_grant_is_enough_to_block(desk: Desk) -> None:
    """The grants stay as they are, and work again."""
    assert desk.point.block(USER, granter=PAA, reason="lost phone") == 5
    assert not desk.allows(USER, "read", SCHOOL)
    assert desk.point.block(USER, granter=PAA, reason="lost phone") is None
    assert (desk.last().origin, desk.last().granter) == ("block", PAA)
    assert desk.point.unblock(USER, granter=PAA) == 6
    assert desk.allows(USER, "read", SCHOOL)
    assert desk.last().message == "lift the block"
    assert desk.point.unblock(USER, granter=PAA) is None


def test_lifting_takes_power_over_all_that_it_gives_back(desk: Desk) -> None:
    """Else one provider could undo what another had to do."""
    desk.point.grant(NEW, "ehoks-kayttaja", SCHOOL, granter=PAA)
    desk.point.grant(NEW, "ehoks-paakayttaja", HELSINKI, granter=HELSINKI_VASTUU)
    assert desk.point.block(NEW, granter=HELSINKI_VASTUU, reason="dismissed")
    with pytest.raises(RefusedError):
        desk.point.unblock(NEW, granter=PAA)
    with pytest.raises(RefusedError):
        desk.point.unblock(NEW, granter=HELSINKI_VASTUU)
    assert desk.last().number == 7


def test_without_power_nobody_is_blocked(desk: Desk) -> None:
    """Nor oneself, nor whoever holds nothing."""
    with pytest.raises(RefusedError, match="it takes power over a right"):
        desk.point.block(VASTUU, granter=PAA, reason="why not")
    with pytest.raises(RefusedError, match="nobody can block or unblock themselves"):
        desk.point.block(PAA, granter=PAA, reason="why not")
    with pytest.raises(RefusedError, match="it takes power over a right"):
        desk.point.block(NEW, granter=OPH, reason="why not")
    with pytest.raises(DelegationError, match="no reason given"):
        desk.point.block(USER, granter=PAA, reason=" ")
    assert desk.store.head() == 4


def test_what_the_owner_blocked_is_lifted_by_power_over_all(desk: Desk) -> None:
    """A block has no owner of its own; what is given back decides."""
    block(desk.store, USER, reason="leaked", actor="os:owner")
    assert desk.point.unblock(USER, granter=PAA) == 6
    block(desk.store, PAA, reason="leaked", actor="os:owner")
    with pytest.raises(RefusedError):
        desk.point.unblock(PAA, granter=USER)
    assert KEUDA in desk.held(PAA)[0]


def test_a_refusal_does_not_tell_what_the_subject_holds(desk: Desk) -> None:
    """Whether it holds anything, which role and where: all strangers hear the same."""
    acts: tuple[Callable[[str], object], ...] = (
        lambda who: desk.point.block(who, granter=STRANGER, reason="why not"),
        lambda who: desk.point.unblock(who, granter=STRANGER),
    )
    for act in acts:
        told = set()
        for who in (OPH, VASTUU, USER, NEW):
            with pytest.raises(RefusedError) as refused:
                act(who)
            error = refused.value
            assert (error.rules, error.granters, error.allowed) == ((), (), ())
            told.add(error.reason.replace(who.partition(":")[2], "SUBJECT"))
        assert len(told) == 1


def test_whoever_is_blocked_hears_that(desk: Desk) -> None:
    """It is not the power that is missing then."""
    block(desk.store, PAA, reason="leaked", actor="os:owner")
    with pytest.raises(RefusedError, match="the granter is blocked"):
        desk.point.block(USER, granter=PAA, reason="why not")


def test_the_block_of_a_credential_is_lifted_by_power_over_its_rights(
    desk: Desk,
) -> None:
    """That it is registered gives nothing, and no power is over that."""
    desk.point.create_credential("keuda-siirto", KEUDA, granter=VASTUU)
    with pytest.raises(RefusedError):
        desk.point.block("system:keuda-siirto", granter=VASTUU, reason="leaked")
    desk.point.grant("system:keuda-siirto", "palvelukayttaja", KEUDA, granter=VASTUU)
    assert desk.point.block("system:keuda-siirto", granter=VASTUU, reason="leaked")
    with pytest.raises(RefusedError):
        desk.point.unblock("system:keuda-siirto", granter=HELSINKI_VASTUU)
    assert desk.point.unblock("system:keuda-siirto", granter=VASTUU, reason="new key")
    assert desk.allows("system:keuda-siirto", "transfer", KEUDA)


def test_nobody_switches_off_who_holds_a_power_above_or_beside(desk: Desk) -> None:
    """A small right that one can give is no hold over whoever has greater ones."""
    for superior in (OPH, VASTUU, HELSINKI_VASTUU, HELSINKI_PAA):
        desk.point.grant(superior, "ehoks-kayttaja", SCHOOL, granter=PAA)
        with pytest.raises(RefusedError) as refused:
            desk.point.block(superior, granter=PAA, reason="why not")
        assert refused.value.reason == (
            f"it takes power over a right that `{superior.removeprefix('person:')}` "
            "holds, and to stand above each power among them, or the owner"
        )
    assert desk.point.block(USER, granter=PAA, reason="lost phone")


def test_who_stands_above_through_others_blocks_and_lifts(desk: Desk) -> None:
    """B, E: Opetushallitus appoints who appoints; it passes no right on by that."""
    desk.point.grant(VASTUU, "ehoks-paakayttaja", KEUDA, granter=another_vastuu(desk))
    assert desk.point.block(VASTUU, granter=OPH, reason="dismissed")
    assert desk.point.unblock(VASTUU, granter=OPH)
    block(desk.store, USER, reason="leaked", actor="os:owner")
    version = desk.point.unblock(USER, granter=OPH)
    assert version is not None
    assert desk.store.version(version).power is None


def another_vastuu(desk: Desk) -> str:
    """A second one at the provider."""
    desk.point.grant(NEW, "vastuukayttaja", KEUDA, granter=OPH)
    return NEW
