"""Questions are asked again only where a change can concern them."""

from __future__ import annotations

from pathlib import Path

import pytest

from oikeus.analysis.testing.line_change import LineChange
from oikeus.analysis.testing.questions import Questions
from oikeus.analysis.testing.suite import CaseSuite
from oikeus.decide.evaluator import Evaluator, Posed
from oikeus.terms import Line

from .small_suite import load

LEND = Line("p", ("role:clerk", "book", "lend", "allow"))
READ = Line("p", ("role:clerk", "book", "read", "allow"))
GATE_LENDS = Line("p", ("role:gate", "book", "lend", "allow"))
DESK = Line("g4", ("level:desk", "role:clerk"))
BRANCH_GATE = Line("g4", ("level:branch", "role:gate"))


def questions_of(suite: CaseSuite) -> Questions:
    """The questions of the cases of the one world."""
    (world,) = suite.worlds
    return Questions(world.snapshot.evaluator, world.posed)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (LineChange(removed=(LEND,)), "north-desk"),
        (LineChange(removed=(READ,)), None),
        (LineChange(added=(GATE_LENDS,)), None),
        (LineChange(removed=(DESK,)), "north-desk"),
        (LineChange(removed=(BRANCH_GATE,)), None),
    ],
)
def test_the_first_question_that_a_change_turns_is_found(
    change: LineChange, told: str | None, tmp_path: Path
) -> None:
    """Where it turns none, there is nothing."""
    questions = questions_of(load(tmp_path))
    assert questions.answers == [True, False, True]
    found = questions.changed_by(change)
    assert told is None if found is None else told in found.values


def test_only_what_a_change_concerns_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that nobody asks about, or that is about nobody here, costs nothing."""
    questions = questions_of(load(tmp_path))
    asked: list[Posed] = []
    answer = Evaluator.answer

    def noting(evaluator: Evaluator, question: Posed) -> object:
        asked.append(question)
        return answer(evaluator, question)

    monkeypatch.setattr(Evaluator, "answer", noting)
    for change in (
        LineChange(removed=(READ,)),
        LineChange(added=(GATE_LENDS,)),
        LineChange(removed=(BRANCH_GATE,)),
    ):
        assert questions.changed_by(change) is None
    assert asked == []
    assert [*questions.all_changed_by(LineChange(removed=(LEND,)))] == [0]
    assert len(asked) == 2  # the one that is refused is asked about lending, too


def test_questions_are_found_by_rule_and_by_role(tmp_path: Path) -> None:
    """For coverage: what is about a rule, and who has its role."""
    questions = questions_of(load(tmp_path))
    assert [*questions.about(LEND)] == [0, 1]
    assert [*questions.about(READ)] == []
    assert questions.has(questions.posed[0], "role:clerk")
    assert not questions.has(questions.posed[0], "role:chief")
