"""What is said of a deny that a rule determines."""

from datetime import date

from oikeus import DecisionPoint, Line, Request, Snapshot
from oikeus.service.judging import Judge
from oikeus.service.questions import Questions

FORBIDDING = Line("p", ("role:ehoks-kayttaja", "hoks", "read", "deny"))


def test_rule_that_forbids_is_named(
    ehoks: DecisionPoint, lines: tuple[Line, ...]
) -> None:
    """Whoever holds another role than the rule's has none that permits it."""
    snapshot = Snapshot.build(ehoks.snapshot.model, [*lines, FORBIDDING])
    judge = Judge(Questions(snapshot), date(2026, 3, 1), "en")
    verdict = judge.verdict(Request("person:user", "read", "hoks", "1.2"))
    assert (verdict.allowed, verdict.reason) == (False, "a rule forbids it")
    assert verdict.rule == FORBIDDING
    verdict = judge.verdict(Request("person:new", "read", "hoks", "1.2"))
    assert verdict.reason == "no role held here today permits it"
    verdict = judge.verdict(Request("person:boss", "read", "hoks", "1.2"))
    assert verdict.reason == "allowed by the role ehoks-paakayttaja"
