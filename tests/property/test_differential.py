"""Three evaluators that know nothing of each other agree on random worlds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.enforcer import Enforcer
from oikeus.decide.interop import prepare
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError
from oikeus.terms import Request

from . import stock
from .naive import Naive
from .sent import Asked, SentWorld, sent, sent_worlds
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


@given(sent_worlds(), st.data())
def test_decisions_with_attributes_are_those_of_stock_casbin_and_of_the_rules(
    made: SentWorld, data: st.DataObject
) -> None:
    """Decision point, two enforcers with the one function, and the rules agree."""
    world, model, naive = made.world, made.model, made.naive
    point = DecisionPoint(Snapshot.build(model, world.lines))
    prepared, bare = (stock.enforcer(world.lines, model) for _ in range(2))
    ours = Enforcer(prepared.model, stock.Lines(world.lines, model))
    prepare(prepared)
    prepare(ours)
    questions = [*world.accesses()]
    for given_with in data.draw(st.lists(sent(), min_size=2, max_size=3)):
        likely = [
            question
            for question in questions[::3]
            if naive.decides(Asked(*question, given_with))
        ]
        for question in _chosen(data, questions, likely):
            expected = naive.decides(Asked(*question, given_with))
            if question[0].split(":")[0] not in point.snapshot.kinds:
                assert not expected
                continue
            request = Request(*question[:4], attributes=given_with)
            assert point.decide(request, question[4]).allowed is expected, question
            assert point.allows_many([request], question[4]) == [expected]
            if not any(given_with.values()):
                assert point.allows(*question) is expected
            for enforcer in (prepared, ours):
                asked = stock.allows_sent(enforcer, model, question, given_with)
                assert asked is expected, question
            assert not stock.allows_sent(bare, model, question, given_with)


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
