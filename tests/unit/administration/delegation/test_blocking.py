"""Blocking on a power: over one of what is held to block, over each to lift (N)."""

from __future__ import annotations

import pytest

from oikeus import DelegationError, RefusedError, block

from .conftest import HELSINKI, KEUDA, NEW, OPH, PAA, SCHOOL, USER, VASTUU, Desk

HELSINKI_VASTUU = "person:1.2.246.562.24.90200000001"
HELSINKI_PAA = "person:1.2.246.562.24.90200000002"


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
    with pytest.raises(RefusedError) as refused:
        desk.point.block(VASTUU, granter=PAA, reason="why not")
    assert refused.value.granters == ("opetushallitus",)
    with pytest.raises(RefusedError, match="nobody can block or unblock themselves"):
        desk.point.block(PAA, granter=PAA, reason="why not")
    with pytest.raises(RefusedError, match="holds nothing that anybody has power over"):
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
