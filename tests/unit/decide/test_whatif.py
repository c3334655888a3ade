"""Requirements on counterfactuals."""

from __future__ import annotations

from dataclasses import replace

from oikeus.decide.decision import Cause, Miss
from oikeus.decide.evaluator import Evaluator
from oikeus.decide.facts import Facts
from oikeus.decide.whatif import Fix, Question, allowed, least_fixes, one_day
from oikeus.terms import Grant, PowerRequest, Request

from .small_world import DAY, SHIPPED, grant, held, lines

READ = Request("person:1", "read", "plan", "north")
EVALUATOR = Evaluator(SHIPPED, Facts.from_lines(SHIPPED, []))


def question(*rows: str) -> Question[Request]:
    """Ask whether person:1 may read in the north."""
    return Question(Facts.from_lines(SHIPPED, lines(*rows)), READ, DAY)


def giving(role: str) -> Fix[Request]:
    """Let person:1 hold a role in the north."""
    given = Grant("person:1", f"role:{role}", "north", one_day(DAY))
    return Fix(
        Miss(Cause.ENDED, f"holds no {role}"), lambda asked: asked.with_grants(given)
    )


UNBLOCKED: Fix[Request] = Fix(
    Miss(Cause.BLOCKED, "blocked"), lambda asked: asked.unblocked()
)


def test_whose_right_is_asked_for_is_the_subject_or_the_granter() -> None:
    """A question knows who is in question."""
    asked = question()
    power = PowerRequest("person:7", "person:8", "role:user", "north")
    assert asked.subject == "person:1"
    assert Question(asked.facts, power, DAY).subject == "person:7"


def test_a_question_can_be_asked_of_another_place() -> None:
    """Only the organisation changes."""
    assert question().at("south").request == replace(READ, organisation="south")


def test_unblocked_takes_every_block_away_and_nothing_else() -> None:
    """What else lines say of the subject stays."""
    rows = ["g3, person:1, blocked", "g3, person:1, keen"]
    facts = question(*rows).unblocked().facts
    assert facts.linked("g3", "person:1") == ("keen",)


def test_with_a_grant_the_answer_may_be_another() -> None:
    """A what-if is answered by the model."""
    asked = question()
    assert not allowed(EVALUATOR, asked)
    assert allowed(EVALUATOR, asked, [giving("user")])
    assert allowed(EVALUATOR, asked.with_grants(grant("person:1", "user", "north")))


def test_the_least_fixes_are_all_needed() -> None:
    """What is not needed is given up, the last first; what is needed stays."""
    asked = question("g3, person:1, blocked")
    fixes = [giving("chief"), giving("user"), giving("boss"), UNBLOCKED]
    found = least_fixes(EVALUATOR, asked, fixes)
    assert found is not None
    assert [fix.miss.text for fix in found] == ["holds no user", "blocked"]


def test_where_all_fixes_together_do_not_help_there_are_none() -> None:
    """Nothing is said to have stood in the way where more did than is known."""
    assert least_fixes(EVALUATOR, question(), [UNBLOCKED]) is None


def test_a_question_that_is_allowed_needs_no_fix() -> None:
    """The least set is empty where nothing stands in the way."""
    asked = question(held("person:1", "user", "north"))
    assert least_fixes(EVALUATOR, asked, [UNBLOCKED]) == ()
