"""Requirements on decisions as values."""

from __future__ import annotations

from dataclasses import replace

from oikeus.decide.decision import Cause, Decision
from oikeus.terms import Effect, Request

from .small_world import DAY

REQUEST = Request("person:1", "read", "plan", "north")


def test_a_decision_is_true_only_when_it_allows() -> None:
    """A condition on a decision is never a yes by mistake."""
    allow = Decision(Effect.ALLOW, REQUEST, DAY, 1, "by a rule")
    deny = replace(allow, effect=Effect.DENY)
    assert allow
    assert allow.allowed
    assert not deny
    assert not deny.allowed


def test_every_cause_has_its_own_words() -> None:
    """Programs tell causes apart by their values."""
    assert len({cause.value for cause in Cause}) == len(Cause) == 12
