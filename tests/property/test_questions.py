"""A change of lines turns those answers that asking everything anew finds turned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oikeus.analysis.testing.line_change import LineChange
from oikeus.analysis.testing.questions import Questions
from oikeus.decide.evaluator import Evaluator, Posed
from oikeus.decide.facts import Facts
from oikeus.terms import Line, PowerRequest, Request

from .worlds import DAYS, LEVELS, MODEL, MODES, World, line, worlds

DAY = DAYS[1]


@st.composite
def changes(draw: st.DrawFn, world: World) -> LineChange:
    """Some lines of the policy that go, and some that nobody has written."""
    facts = Facts.from_lines(MODEL, world.lines)
    there = [
        found
        for found in facts.lines()
        if found.ptype in ("p", "p2", "g3", "g4") and found not in facts.idle
    ]
    role = st.sampled_from(world.roles)
    level = st.sampled_from(["level:root", *LEVELS])
    deed = st.sampled_from(world.deeds)
    new = st.one_of(
        st.builds(
            lambda who, what, eft: line("p", who, *reversed(what), eft),
            *(role, deed, st.sampled_from(["allow", "deny"])),
        ),
        st.builds(
            lambda who, what, mode, status: line("p2", who, what, mode, status),
            *(role, role, st.sampled_from(["*", *MODES])),
            st.sampled_from(["*", "active"]),
        ),
        st.builds(
            lambda who, kind: line("g3", who, kind),
            *(role, st.sampled_from(["person", "system"])),
        ),
        st.builds(lambda where, who: line("g4", where, who), level, role),
    )
    removed = draw(st.lists(st.sampled_from(there), max_size=2, unique=True))
    return LineChange(tuple(removed), tuple(draw(st.lists(new, max_size=2))))


def posed(world: World, evaluator: Evaluator) -> list[Posed]:
    """Every question of one day that the words of a world make."""
    found = []
    for subject, action, resource, place, day in world.accesses():
        if day == DAY:
            asked = Request(subject, action, resource, place)
            found.append(evaluator.pose(asked, day))
    for granter, recipient, role, place, day in world.powers():
        if day == DAY:
            power = PowerRequest(granter, recipient, role, place)
            found.append(evaluator.pose(power, day))
    return found


@given(worlds(), st.data())
def test_a_change_turns_what_asking_everything_anew_finds_turned(
    world: World, data: st.DataObject
) -> None:
    """Whatever is written in the lines, chains and denials among them."""
    change = data.draw(changes(world))
    evaluator = Evaluator(MODEL, Facts.from_lines(MODEL, world.lines))
    questions = Questions(evaluator, posed(world, evaluator))
    before = [evaluator.answer(each).allowed for each in questions.posed]
    assert questions.answers == before
    lines: list[Line] = [each for each in world.lines if each not in change.removed]
    facts = Facts.from_lines(MODEL, dict.fromkeys((*lines, *change.added)))
    anew = Evaluator(MODEL, facts)
    turned = [
        number
        for number, question in enumerate(questions.posed)
        if anew.answer(question).allowed is not before[number]
    ]
    assert [*questions.all_changed_by(change)] == turned
