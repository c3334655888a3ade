"""Facts that are watched answer alike, and note by which links."""

from __future__ import annotations

from oikeus.decide.evaluator import Evaluator
from oikeus.decide.facts import Facts
from oikeus.decide.watched import Lead, WatchedFacts
from oikeus.policy.lines import read_lines
from oikeus.terms import Request

from .small_world import DAY, POLICY, SHIPPED, TREE

GRANT = "g, person:u, role:user, north@2026-01-01..2026-12-31\n"


def test_what_answered_a_question_is_noted() -> None:
    """All links that the answer rests on, whether they lead there or not."""
    lines = read_lines(POLICY + TREE + GRANT, "a.csv").lines
    facts = Facts.from_lines(SHIPPED, lines)
    watched = WatchedFacts.watching(facts)
    evaluator = Evaluator(SHIPPED, watched)
    asked = Request("person:u", "read", "plan", "north-school")
    assert evaluator.ask(asked, DAY).allowed
    assert {str(lead.ptype) for lead in watched.leads_asked} == {"g2", "g3", "g4"}
    assert Lead("g4", "north", "role:user") in watched.leads_asked
    assert Lead("g3", "person:u", "blocked") in watched.leads_asked
    assert {lead.word: lead.holds(facts) for lead in watched.leads_asked} == {
        "north": True,
        "role:user": True,
        "person": True,
        "blocked": False,
    }
    assert watched == WatchedFacts.watching(facts)
