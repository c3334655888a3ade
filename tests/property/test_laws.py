"""What holds in every world: deny by default, deny overrides, no trace is left."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from datetime import date
from itertools import product
from types import FunctionType, ModuleType

from hypothesis import given
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.terms import Line, PowerRequest, Request, kind_of

from .naive import Naive
from .worlds import (
    DAYS,
    LEVELS,
    MODEL,
    SHIPPED,
    Question,
    World,
    line,
    worlds,
)


def _point(lines: Iterable[Line]) -> DecisionPoint:
    return DecisionPoint(Snapshot.build(MODEL, lines))


def _answers(
    lines: Iterable[Line], accesses: list[Question], powers: list[Question]
) -> list[bool]:
    """Ask, and take a question about a kind that no line knows for denied."""
    point = _point(lines)
    kinds, ask = point.snapshot.kinds, point.snapshot.evaluator.ask
    return [
        kind_of(question[0]) in kinds and point.allows(*question)
        for question in accesses
    ] + [
        {kind_of(who), kind_of(to)} <= kinds
        and ask(PowerRequest(who, to, role, place), day).allowed
        for who, to, role, place, day in powers
    ]


def _near_yes(world: World) -> tuple[list[Question], list[Question]]:
    """Questions that are allowed, and others among which some just miss it."""
    naive = Naive(world.lines)
    accesses, powers = [*world.accesses()], [*world.powers()]
    allowed = [question for question in accesses if naive.allows(*question)]
    may = [question for question in powers if naive.may_grant(*question)]
    return [*allowed[:25], *accesses[::40]], [*may[:25], *powers[::300]]


@given(worlds())
def test_without_grants_everything_is_denied(world: World) -> None:
    """Deny by default: rules and powers alone give nobody anything."""
    lines = [found for found in world.lines if found.ptype != "g"]
    accesses, powers = _near_yes(world)
    assert not any(_answers(lines, accesses, powers))


@given(worlds(), st.data())
def test_a_deny_rule_beats_every_allow_rule(world: World, data: st.DataObject) -> None:
    """Deny overrides: a role that is denied a deed makes its holders be denied it."""
    role, deed = data.draw(st.sampled_from([*product(world.roles, world.deeds)]))
    denial = line("p", role, deed[1], deed[0], "deny")
    place = data.draw(st.integers(0, len(world.lines)))
    naive = Naive(world.lines)
    questions = [found for found in world.accesses() if naive.allows(*found)][:40]
    before = _answers(world.lines, questions, [])
    after = _answers(
        [*world.lines[:place], denial, *world.lines[place:]], questions, []
    )
    for question, was, now in zip(questions, before, after, strict=True):
        who, *asked, organisation, day = question
        denied = tuple(asked) == deed and naive.holds(who, role, organisation, day)
        assert now is (was and not denied)


@given(worlds(), st.data())
def test_order_and_duplicates_of_lines_do_not_matter(
    world: World, data: st.DataObject
) -> None:
    """The same lines in another order, some of them twice, decide the same."""
    accesses, powers = _near_yes(world)
    shuffled = data.draw(st.permutations(world.lines))
    again = data.draw(st.lists(st.sampled_from(world.lines), max_size=10))
    assert _answers([*shuffled, *again], accesses, powers) == _answers(
        world.lines, accesses, powers
    )


@given(worlds())
def test_inert_rows_decide_nothing(world: World) -> None:
    """A row that is reported as inert can be removed, and no decision changes (K)."""
    inert = {row.line for row in _point(world.lines).inert}
    rest = [found for found in world.lines if found not in inert]
    accesses, powers = _near_yes(world)
    assert _answers(rest, accesses, powers) == _answers(world.lines, accesses, powers)


@given(worlds())
def test_a_decision_with_reasons_is_the_decision_without(world: World) -> None:
    """What decide and may_grant answer, allows and the evaluator do."""
    point = _point(world.lines)
    for who, act, obj, place, day in _near_yes(world)[0][::3]:
        if kind_of(who) in point.snapshot.kinds:
            decision = point.decide(Request(who, act, obj, place), day)
            assert decision.allowed is point.allows(who, act, obj, place, day)
            assert bool(decision) is decision.allowed


_UNKNOWN = (
    ("person:nobody-{:04}", "read", "hoks", "o1"),
    ("person:0", "action-{:04}", "hoks", "o1"),
    ("person:0", "read", "resource-{:04}", "o1"),
    ("person:0", "read", "hoks", "organisation-{:04}"),
    ("person:nobody-{:04}", "action-{:04}", "resource-{:04}", "organisation-{:04}"),
)


@given(worlds(), st.sampled_from(_UNKNOWN), st.sampled_from(DAYS))
def test_the_unknown_is_denied(world: World, form: tuple[str, ...], day: date) -> None:
    """Subjects, actions, resources and places that no line names give nothing."""
    point = _point([*world.lines, line("g3", "role:known", "person")])
    who, act, obj, place = (part.format(1) for part in form)
    role = f"role:{act}"
    assert not point.allows(who, act, obj, place, day)
    assert not point.decide(Request(who, act, obj, place), day).allowed
    assert not point.may_grant(who, "person:2", role, place, day).allowed
    assert who not in point.who_can(act, obj, place, day)
    assert place not in point.where_can(who, act, obj, day)


def test_a_thousand_unknown_questions_leave_no_trace() -> None:
    """Nothing that hangs on a decision point grows, however much is asked."""
    rows = [line("g4", "o0", "level:root"), line("g2", "o1", "o0")]
    rows += [line("g4", "o1", LEVELS[1])]
    rows += [line("g", "person:0", "role:ehoks-kayttaja", "o1@2026-01-01..2026-12-31")]
    point = _point([*SHIPPED, *rows])
    day = DAYS[0]

    def ask(number: int) -> None:
        for form in _UNKNOWN:
            who, act, obj, place = (part.format(number) for part in form)
            assert not point.allows(who, act, obj, place, day)
            if number % 20 == 0:
                assert not point.decide(Request(who, act, obj, place), day)
                assert not point.may_grant(who, "person:0", act, place, day)
                assert who not in point.who_can(act, obj, place, day)
                assert place not in point.where_can(who, act, obj, day)
                assert point.what_can(who, f"nowhere-{number:04}", day) == ()

    ask(0)
    before = _size(point)
    for number in range(1, 201):
        ask(number)
    assert _size(point) == before


def _size(root: object) -> tuple[int, int]:
    """How many objects hang on one, and how many bytes they take."""
    gc.collect()
    seen = {id(root)}
    queue = [root]
    total = 0
    for found in queue:
        total += sys.getsizeof(found)
        if isinstance(found, FunctionType):
            inner: list[object] = [*(found.__closure__ or ())]
        else:
            inner = gc.get_referents(found)
        for each in inner:
            if id(each) not in seen and not isinstance(each, ModuleType | type):
                seen.add(id(each))
                queue.append(each)
    return len(queue), total
