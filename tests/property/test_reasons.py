"""Whatever a decision says is true: its misses, made good, and its roles allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from oikeus.decide.decision import Cause, Decision, Miss
from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.facts import is_id
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.tree import Tree
from oikeus.terms import Effect, Grant, Line, PowerRequest, Request, kind_of

from .naive import Naive
from .worlds import (
    DAYS,
    MODEL,
    ORGANISATIONS,
    SUBJECTS,
    Question,
    World,
    line,
    worlds,
)

FRESH = "fresh"
_QUOTED = re.compile(r"`([^`]+)`")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


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
            assert _mended(world, decision, misses).allowed
            # to let an inert grant count is to mend more than the one
            inert = any(miss.cause is Cause.INERT for miss in misses)
            for miss in () if inert else misses:
                others = tuple(other for other in misses if other is not miss)
                assert not _mended(world, decision, others).allowed


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
            if _point((*lines, *_held(who, [role], above, day))).decide(asked, day)
        }
        grants = [(role, there) for there in above for role in decision.roles]
        assert set(decision.granters) == _granters(world, grants, who, day)


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


def _held(
    who: str, roles: list[str] | tuple[str, ...], places: tuple[str, ...], day: date
) -> Iterator[Line]:
    for role in roles:
        for place in places:
            yield line("g", who, role, f"{place}@{day}..{day}")


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
        held = [
            *_held(granter, [power], above, day),
            *_held(to, world.roles, above, day),
        ]
        ask = Snapshot.build(MODEL, (*world.lines, *held)).evaluator.ask
        for role, place in grants:
            # a broken row may put a blank above; nobody can ask about that
            if is_id(place) and ask(PowerRequest(granter, to, role, place), day):
                found.add(power)
    return found


def _mended(world: World, decision: Decision, misses: tuple[Miss, ...]) -> Decision:
    """Decide once more with everything put right that the misses tell."""
    request, day, lines = decision.request, decision.at, list(world.lines)
    for miss in misses:
        words = _QUOTED.findall(miss.text)
        match miss.cause:
            case Cause.NOT_BEGUN | Cause.ENDED:
                day = date.fromisoformat(_DAY.findall(miss.text)[-1])
            case Cause.ELSEWHERE:
                request = replace(request, organisation=words[1])
            case Cause.SELF:
                assert isinstance(request, PowerRequest)
                recipient = f"{kind_of(request.recipient)}:{FRESH}"
                request = replace(request, recipient=recipient)
            case Cause.KIND:
                assert isinstance(request, PowerRequest)
                kind = miss.text.partition(" is for a ")[2].split()[0].strip(",")
                request = replace(request, recipient=f"{kind}:{FRESH}")
                lines += _held(request.recipient, world.roles, ORGANISATIONS, day)
            case Cause.CREDENTIAL:
                assert isinstance(request, PowerRequest)
                lines += _held(request.recipient, world.roles, ORGANISATIONS, day)
            case _:
                lines = _other_lines(lines, decision, miss, words)
    point = _point(tuple(lines))
    if isinstance(request, Request):
        return point.decide(request, day)
    asked = request.granter, request.recipient, request.role, request.organisation
    return point.may_grant(*asked, day)


def _other_lines(
    lines: list[Line], decision: Decision, miss: Miss, words: list[str]
) -> list[Line]:
    """The lines as they would have had to be."""
    request = decision.request
    subject = request.subject if isinstance(request, Request) else request.granter
    place = request.organisation
    match miss.cause:
        case Cause.RULE:
            return [found for found in lines if str(found) != words[0]]
        case Cause.BLOCKED:
            return [found for found in lines if found.values != (subject, "blocked")]
        case Cause.STATUS:
            mark = (words[0], f"status:{words[1]}")
            return [found for found in lines if found.values != mark]
        case Cause.MODE:
            return [*lines, line("g2", place, f"mode:{words[-1]}")]
        case Cause.LEVEL:
            expected = _QUOTED.findall(miss.text.partition("expected")[2])
            return [*lines, *(line("g4", place, f"level:{word}") for word in expected)]
        case _:
            assert miss.cause is Cause.INERT
            return _counting(lines, subject, f"role:{words[0]}", decision)


def _counting(
    lines: list[Line], subject: str, role: str, decision: Decision
) -> list[Line]:
    """Let the inert grants of a role count: for its holder, and where they are held."""
    day, places = decision.at, [decision.request.organisation]
    mended = [line("g3", role, kind_of(subject))]
    for found in lines:
        if found.ptype == "g" and found.values[:2] == (subject, role):
            try:
                places.append(Grant.parse(found).organisation)
            except ValueError:
                mended.append(line("g", subject, role, f"{places[0]}@{day}..{day}"))
    return [*lines, *mended, *(line("g4", place, role) for place in places)]


def test_the_effect_of_a_decision_is_its_answer() -> None:
    """Only allow is a yes."""
    request = Request("person:1", "read", "hoks", "o1")
    decision = Decision(Effect.ALLOW, request, date(2026, 3, 1), 0, "")
    assert decision
    assert not replace(decision, effect=Effect.DENY)
