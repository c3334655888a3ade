"""Three evaluators that know nothing of each other agree on random worlds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.interop import prepare
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError

from . import stock
from .naive import Naive
from .worlds import MODEL, Question, World, worlds

MORE = settings().max_examples * 3


def _chosen(
    data: st.DataObject, questions: list[Question], likely: list[Question]
) -> list[Question]:
    """A few of all questions, and a few of those that are answered with yes."""
    found = data.draw(st.lists(st.sampled_from(questions), min_size=8, max_size=8))
    if likely:
        found += data.draw(st.lists(st.sampled_from(likely), min_size=8, max_size=8))
    return found


@settings(max_examples=MORE)
@given(worlds(), st.data())
def test_decisions_are_those_of_stock_casbin_and_of_the_rules(
    world: World, data: st.DataObject
) -> None:
    """Decision point, stock Casbin with the one function, and the rules agree on m."""
    naive, point = Naive(world.lines), DecisionPoint(Snapshot.build(MODEL, world.lines))
    prepared = stock.enforcer(world.lines)
    prepare(prepared)
    bare = stock.enforcer(world.lines)
    questions = [*world.accesses()]
    likely = [question for question in questions if naive.allows(*question)]
    for question in _chosen(data, questions, likely):
        expected = naive.allows(*question)
        if question[0].split(":")[0] not in point.snapshot.kinds:
            assert not expected
            continue
        assert point.allows(*question) is expected, question
        assert stock.allows(prepared, question) is expected, question
        assert not stock.allows(bare, question)


@settings(max_examples=MORE)
@given(worlds(), st.data())
def test_powers_are_those_of_stock_casbin_and_of_the_rules(
    world: World, data: st.DataObject
) -> None:
    """Decision point, stock Casbin with the one function, and the rules agree on both.

    On who may grant (m2), and on who may revoke (m3).
    """
    naive, point = Naive(world.lines), DecisionPoint(Snapshot.build(MODEL, world.lines))
    prepared = stock.enforcer(world.lines)
    prepare(prepared)
    bare = stock.enforcer(world.lines)
    questions = [*world.powers()]
    likely = [question for question in questions if naive.may_grant(*question)]
    for question in _chosen(data, questions, likely):
        expected = naive.may_grant(*question)
        try:
            found = point.may_grant(*question).allowed
        except RequestError:
            assert not expected
            continue
        assert found is expected, question
        assert stock.may_grant(prepared, question) is expected, question
        assert not stock.may_grant(bare, question)
        revokes = naive.may_revoke(*question)
        assert point.may_revoke(*question).allowed is revokes, question
        assert stock.may_revoke(prepared, question) is revokes, question
        assert not stock.may_revoke(bare, question) or question[0] == question[1]
