"""What services ask is answered as the model is written, whatever was folded before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.interop import prepare
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError
from oikeus.policy.model import Model
from oikeus.terms import Line, Request, kind_of

from ..pretenders import FailingText, PosingText
from . import stock
from .matchers import models
from .sent import noted, sent, sent_models
from .worlds import DAYS, ORGANISATIONS, Question, World, line, worlds

MORE = settings().max_examples * 4

_ODD = (
    *("", " ", "a..b", "a@b", "a,b", "role:a", "mode:integraatio", "person:", ":a"),
    *("person:a@b", "person:a..b", "person: a", "blocked", "alien:1", "o1", "system:å"),
    *("e\N{COMBINING ACUTE ACCENT}", "x" * 256, "hoks", "read", "person", "*", "å"),
)
"""Words that no question can hold in some place, or that stand elsewhere."""

_SPAN = f"{DAYS[0].isoformat()}..{DAYS[-1].isoformat()}"


def rows(world: World) -> st.SearchStrategy[list[Line]]:
    """Denials, and rows of a database that hold such words."""
    odd = st.sampled_from([found for found in _ODD if found])
    subject = st.sampled_from(["person:0", "person:1"])
    role = st.sampled_from(world.roles)
    deed = st.sampled_from(world.deeds)
    place = st.sampled_from(ORGANISATIONS)
    denial = st.builds(lambda who, on: ("p", who, *on[::-1], "deny"), role, deed)
    forms = (
        denial,
        denial,
        st.tuples(st.just("g"), odd, role, place.map(_domain)),
        st.tuples(st.just("g"), subject, odd, place.map(_domain)),
        st.tuples(st.just("g"), subject, role, odd.map(_domain)),
        st.tuples(st.just("p"), role, odd, odd, st.just("allow")),
        st.tuples(st.just("g2"), odd, place),
        st.tuples(st.just("g4"), odd, role),
    )
    return st.lists(st.one_of(*forms).map(lambda row: line(*row)), max_size=5)


def _domain(place: str) -> str:
    return f"{place}@{_SPAN}"


def questions(world: World) -> st.SearchStrategy[Question]:
    """Questions about a world; in some of them a part is odd."""
    subjects, deeds, places, days = zip(
        *((who, (act, obj), at, day) for who, act, obj, at, day in world.accesses()),
        strict=True,
    )
    odd = st.sampled_from(_ODD)
    usual = st.tuples(
        st.sampled_from(sorted({*subjects})),
        st.sampled_from(sorted({*deeds})),
        st.sampled_from(sorted({*places})),
        st.sampled_from(sorted({*days})),
    ).map(lambda parts: (parts[0], *parts[1], *parts[2:]))
    broken = st.tuples(usual, st.integers(0, 3), odd).map(
        lambda parts: (
            *parts[0][: parts[1]],
            parts[2],
            *parts[0][parts[1] + 1 :],
        )
    )
    return st.one_of(usual, usual, broken)


def written(snapshot: Snapshot, question: Question) -> bool | None:
    """What the model says as it is written; nothing where no request can ask it."""
    *parts, day = question
    try:
        request = Request(*parts)
    except RequestError:
        return None
    if kind_of(request.subject) not in snapshot.kinds:
        return None
    return snapshot.evaluator.ask(request, day).allowed


def said(point: DecisionPoint, question: Question) -> bool | None:
    """What the decision point says, the same however it is asked."""
    who, act, obj, place, day = question
    found: bool | None = None
    many: bool | None = None
    with suppress(RequestError):
        found = point.allows(who, act, obj, place, day)
    with suppress(RequestError):
        (many,) = point.allows_many([(who, act, obj, place)], day)
    assert many is found, question
    return found


def disguised(question: Question, other: Question) -> Iterator[Question]:
    """The question in text of other types; one says that it is another question."""
    *parts, day = question
    posing: list[str] = [*map(PosingText, parts, other[:4])]
    for who, act, obj, place in (map(FailingText, parts), posing):
        yield who, act, obj, place, day


@settings(max_examples=MORE)
@given(worlds(), models(), st.data())
def test_what_is_folded_is_what_is_written(
    world: World, model: Model, data: st.DataObject
) -> None:
    """Decision point, evaluator and stock Casbin agree under any matcher."""
    lines = [*dict.fromkeys((*world.lines, *data.draw(rows(world))))]
    point = DecisionPoint(Snapshot.build(model, lines))
    found = {
        question: written(point.snapshot, question)
        for question in data.draw(st.lists(questions(world), min_size=10, max_size=25))
    }
    likely = [
        question
        for question in [*world.accesses()][::7]
        if written(point.snapshot, question)
    ]
    found |= dict.fromkeys(likely[:10], True)
    casbin = stock.enforcer(lines, model)
    prepare(casbin)
    others = [*found][::-1]
    for (question, expected), other in zip(found.items(), others, strict=True):
        assert said(point, question) is expected, question
        for same in disguised(question, other):
            assert said(point, same) is expected, question
        if expected is not None:
            assert stock.allows(casbin, question) is expected, question


@given(worlds(), sent_models(), st.data())
def test_what_is_sent_is_read_as_it_is_written(
    world: World, model: Model, data: st.DataObject
) -> None:
    """Decision point, evaluator and stock Casbin agree whatever the matcher is."""
    lines = data.draw(noted([*world.lines, *data.draw(rows(world))]))
    point = DecisionPoint(Snapshot.build(model, lines))
    casbin = stock.enforcer(lines, model)
    prepare(casbin)
    every = [
        question
        for question in world.accesses()
        if kind_of(question[0]) in point.snapshot.kinds
    ]
    given_with = data.draw(sent())
    found = {
        question: point.snapshot.evaluator.ask(
            Request(*question[:4], attributes=given_with), question[4]
        ).allowed
        for question in every[:: data.draw(st.integers(3, 9))]
    }
    likely = [question for question, allowed in found.items() if allowed]
    for question in (*[*found][::5], *likely[:12]):
        request = Request(*question[:4], attributes=given_with)
        assert point.allows_many([request], question[4]) == [found[question]], question
        asked = stock.allows_sent(casbin, model, question, given_with)
        assert asked is found[question], question


@settings(max_examples=MORE)
@given(worlds(), models(), st.data())
def test_every_question_about_a_world_is_answered_as_written(
    world: World, model: Model, data: st.DataObject
) -> None:
    """Not only those that chance brings: each subject, deed and place, on two days."""
    lines = (*world.lines, *data.draw(rows(world)))
    point = DecisionPoint(Snapshot.build(model, lines))
    for question in world.accesses():
        if question[-1] in DAYS[1::2]:
            assert said(point, question) is written(point.snapshot, question), question
