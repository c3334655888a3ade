"""Whatever a decision says is true: its misses, made good, and its roles allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.decide.decision import Cause, Decision
from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.ids import is_id
from oikeus.policy.tree import Tree
from oikeus.terms import Line, PowerRequest, Request, kind_of

from .mending import FRESH, held, mended
from .naive import Naive
from .worlds import (
    DAYS,
    MODEL,
    ORGANISATIONS,
    SUBJECTS,
    Question,
    World,
    worlds,
)

# each example of these makes dozens of worlds
FEWER = settings().max_examples // 2


def _point(lines: tuple[Line, ...]) -> DecisionPoint:
    return DecisionPoint(Snapshot.build(MODEL, lines))


def _decisions(world: World, data: st.DataObject) -> Iterator[Decision]:
    """A few decisions on access and on powers, most of them nearly allowed."""
    point = _point(world.lines)
    kinds = point.snapshot.kinds
    for question in _drawn(world, data, [*world.accesses()], _accesses_of_holders):
        if kind_of(question[0]) in kinds:
            yield point.decide(Request(*question[:4]), question[4])
    for question in _drawn(world, data, [*world.powers()], _powers_of_holders):
        if {kind_of(question[0]), kind_of(question[1])} <= kinds:
            yield point.may_grant(*question)


def _drawn(
    world: World,
    data: st.DataObject,
    questions: list[Question],
    of_holders: Callable[[World], Iterator[Question]],
) -> list[Question]:
    drawn = data.draw(st.lists(st.sampled_from(questions), max_size=3))
    near = list(dict.fromkeys(of_holders(world)))
    if near:
        drawn += data.draw(st.lists(st.sampled_from(near), min_size=6, max_size=9))
    return drawn


def _accesses_of_holders(world: World) -> Iterator[Question]:
    """What rules say about roles, of those who hold them, anywhere and any day."""
    for who, role in _holders(world):
        for rule in world.lines:
            if rule.ptype == "p" and rule.values[0] == role and len(rule.values) == 4:
                for place, day in product(ORGANISATIONS, DAYS):
                    yield who, rule.values[2], rule.values[1], place, day


def _powers_of_holders(world: World) -> Iterator[Question]:
    """What powers say about roles, of those who hold them, anywhere and any day."""
    for who, role in _holders(world):
        for rule in world.lines:
            if rule.ptype == "p2" and rule.values[0] == role:
                for to, place, day in product(SUBJECTS, ORGANISATIONS, DAYS[::2]):
                    yield who, to, rule.values[1], place, day


def _holders(world: World) -> Iterator[tuple[str, str]]:
    for found in world.lines:
        if found.ptype == "g" and found.values[0] in SUBJECTS:
            yield found.values[0], found.values[1]


@given(worlds(), st.data())
def test_an_allow_names_a_rule_and_a_grant_that_gave_it(
    world: World, data: st.DataObject
) -> None:
    """The determining rule allows, and the grant covers the place on the day."""
    naive, point = Naive(world.lines), _point(world.lines)
    allowed = [found for found in world.accesses() if naive.allows(*found)]
    if not allowed:
        return
    for who, act, obj, place, day in data.draw(
        st.lists(st.sampled_from(allowed), min_size=5, max_size=10)
    ):
        decision = point.decide(Request(who, act, obj, place), day)
        rule, grant = decision.rule, decision.grant
        assert rule in world.lines
        assert rule is not None
        assert grant is not None
        assert rule.values == (grant.role, obj, act, "allow")
        assert grant.line in world.lines
        alone = [found for found in world.lines if found.ptype != "g"]
        assert Naive([*alone, grant.line]).holds(who, grant.role, place, day)
        assert str(rule) in decision.reason
        assert not decision.misses
        assert not decision.roles
        assert not decision.granters


@given(worlds(), st.data())
def test_misses_made_good_give_an_allow_and_none_is_said_in_vain(
    world: World, data: st.DataObject
) -> None:
    """All that stood in the way is told, and nothing that did not."""
    for decision in _decisions(world, data):
        misses = decision.misses
        if misses:
            assert not decision.allowed
            assert decision.reason == " and ".join(miss.text for miss in misses)
            assert mended(world, decision, misses).allowed
            # to let an inert grant count is to mend more than the one
            inert = any(miss.cause is Cause.INERT for miss in misses)
            for miss in () if inert else misses:
                others = tuple(other for other in misses if other is not miss)
                assert not mended(world, decision, others).allowed


@settings(max_examples=FEWER)
@given(worlds(), st.data())
def test_the_roles_of_a_denial_would_give_it_and_no_others(
    world: World, data: st.DataObject
) -> None:
    """`roles` and `granters` are what somebody new with such a role is allowed."""
    for decision in _decisions(world, data):
        request = decision.request
        if decision.allowed or not isinstance(request, Request):
            continue
        who = f"{kind_of(request.subject)}:{FRESH}"
        lines, roles = world.lines, world.roles
        place, day = request.organisation, decision.at
        above = Tree.from_lines(lines).above(place)
        asked = replace(request, subject=who)
        assert set(decision.roles) == {
            role
            for role in roles
            if _point((*lines, *held(who, [role], above, day))).decide(asked, day)
        }
        # a row may put a blank above a place; nobody can ask there
        named = [there for there in above if there]
        grants = [(role, there) for there in named for role in decision.roles]
        assert set(decision.granters) == _granters(world, grants, who, day)


@settings(max_examples=FEWER)
@given(worlds(), st.data())
def test_the_granters_of_a_denied_power_may_grant_here(
    world: World, data: st.DataObject
) -> None:
    """Of a denied power, `granters` are those who may give the role to somebody new."""
    for decision in _decisions(world, data):
        request = decision.request
        if decision.allowed or not isinstance(request, PowerRequest):
            continue
        who = f"{kind_of(request.recipient)}:{FRESH}"
        grant = (request.role, request.organisation)
        expected = _granters(world, [grant], who, decision.at)
        assert set(decision.granters) == expected
        assert expected <= set(decision.roles)


@given(worlds(), st.data())
def test_reasons_name_nobody(world: World, data: st.DataObject) -> None:
    """A reason is for services: it names roles and places, never a subject."""
    for decision in _decisions(world, data):
        texts = [decision.reason, *(miss.text for miss in decision.misses)]
        for text in texts:
            assert not re.search(r"\b(person|system):|\bnobody`", text)
            assert text == text.strip().removesuffix(".")
            assert "\n" not in text
            assert text[0] == text[0].lower()


def _granters(
    world: World, grants: list[tuple[str, str]], to: str, day: date
) -> set[str]:
    """The roles with which somebody new may give somebody new one of these grants.

    Both hold what they hold at the first place of the grants and everywhere above.
    """
    places = [place for _, place in grants]
    above = Tree.from_lines(world.lines).above(places[0]) if places else ()
    found = set()
    for power, kind in product(world.roles, ("person", "system")):
        granter = f"{kind}:{FRESH}-granter"
        rows = [
            *held(granter, [power], above, day),
            *held(to, world.roles, above, day),
        ]
        ask = Snapshot.build(MODEL, (*world.lines, *rows)).evaluator.ask
        for role, place in grants:
            # a broken row may put a blank above; nobody can ask about that
            if is_id(place) and ask(PowerRequest(granter, to, role, place), day):
                found.add(power)
    return found
