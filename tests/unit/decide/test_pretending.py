"""Requirements on values that say of themselves that they are others.

What is decided is what a value holds; no equality, hash or text of its own is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from oikeus.decide.decision_point import DecisionPoint
from oikeus.errors import RequestError
from oikeus.policy.model import Model
from oikeus.terms import Request

from ...pretenders import (
    FailingObject,
    FailingText,
    Moment,
    Plain,
    PosingDay,
    PosingObject,
    PosingText,
    Word,
)
from .small_world import DAY, SHIPPED, TERMS, held, point, without, written

ROWS = (
    held("person:1", "user", "north"),
    held("person:2", "boss", "north"),
    held("person:3", "user", "north"),
    "g3, person:3, blocked",
    held("system:1", "robot", "north"),
    "p, role:robot, *, read, allow",
)
GOOD = ("person:1", "read", "plan", "north")
OTHERS = ("person:4", "send", "report", "south")
"""Words of the same places that the good question would be denied with."""
NAMES = ("subject", "action", "resource", "organisation")
OVERRIDE = "some(where (p.eft == allow))"
FORMS: dict[str, Model] = {
    "denying": SHIPPED,
    "allowing": written(*TERMS, e=OVERRIDE),
    "trying": written(*without("r.act == p.act"), "keyMatch(r.act, p.act)"),
    "without a key": written(*without("r.act == p.act", "r.obj == p.obj")),
    "as written": written(*TERMS, "regexMatch(r.act, p.act)"),
}
each_form = pytest.mark.parametrize("model", FORMS.values(), ids=FORMS)
each_part = pytest.mark.parametrize("place", range(4), ids=NAMES)


Parts = tuple[Any, Any, Any, Any]


def ways(asked: DecisionPoint) -> dict[str, Callable[[Parts], bool]]:
    """Each way to ask whether something is allowed on DAY."""
    return {
        "allows": lambda parts: asked.allows(*parts, DAY),
        "today": lambda parts: asked.allows(*parts),
        "method": lambda parts: DecisionPoint.allows(asked, *parts, DAY),
        "tuple": lambda parts: asked.allows_many([parts], DAY)[0],
        "list": lambda parts: asked.allows_many([[*parts]], DAY)[0],  # type: ignore[list-item] # as json has it
        "request": lambda parts: asked.allows_many([Request(*parts)], DAY)[0],
        "parts of a request": lambda parts: asked.allows(*Request(*parts), DAY),  # type: ignore[call-arg] # four
        "decide": lambda parts: asked.decide(Request(*parts), DAY).allowed,
    }


def put(place: int, part: object) -> Parts:
    """The good question with another part."""
    who, act, obj, at = (part if at == place else GOOD[at] for at in range(4))
    return who, act, obj, at


def real(parts: Parts) -> Parts:
    """The same in plain text."""
    who, act, obj, at = map(str.__str__, parts)
    return who, act, obj, at


def refusal(ask: Callable[[Parts], bool], parts: Parts) -> str:
    """How a question is refused."""
    with pytest.raises(RequestError) as refused:
        ask(parts)
    return str(refused.value)


@each_part
@each_form
def test_text_is_decided_as_what_it_holds(model: Model, place: int) -> None:
    """Not as what it says, to those who compare, hash, show or cut it."""
    asked = point(*ROWS, model=model)
    other = put(place, OTHERS[place])
    expected = asked.snapshot.evaluator.ask(Request(*other), DAY).allowed
    assert asked.allows(*GOOD, DAY)
    for name, ask in ways(asked).items():
        assert ask(put(place, PosingText(GOOD[place], OTHERS[place]))), name
        posing = put(place, PosingText(OTHERS[place], GOOD[place]))
        assert ask(posing) is expected, name
        assert ask(put(place, FailingText(GOOD[place]))), name
        assert ask(put(place, FailingText(OTHERS[place]))) is expected, name
        assert ask(put(place, Plain(GOOD[place]))), name


def test_a_blocked_subject_cannot_pass_for_another() -> None:
    """Nor anybody for the one who holds the grant."""
    for ask in ways(point(*ROWS)).values():
        assert not ask(put(0, PosingText("person:3", "person:1")))
        assert not ask(put(0, PosingText("system:1", "person:1")))


@each_part
@each_form
def test_text_that_no_id_can_be_is_refused_whatever_it_says(
    model: Model, place: int
) -> None:
    """In the words for the text that it holds."""
    asked = point(*ROWS, model=model)
    for flawed in ("", " ", "a@b", "a..b", "a'b", "x" * 256):
        expected = refusal(lambda parts: asked.allows(*parts, DAY), put(place, flawed))
        for name, ask in ways(asked).items():
            posing = put(place, PosingText(flawed, GOOD[place]))
            assert refusal(ask, posing) == expected, name


@each_part
@each_form
def test_what_is_no_text_is_refused_whatever_it_says(model: Model, place: int) -> None:
    """Nothing is asked of it."""
    asked = point(*ROWS, model=model)
    posing = PosingObject(GOOD[place])
    values: list[object] = [posing, FailingObject(), b"read", None, 5, [], str]
    for value in values:
        for name, ask in ways(asked).items():
            assert refusal(ask, put(place, value)) == (
                f"the {NAMES[place]} is not text, expected an id"
            ), name


@each_form
def test_members_of_an_enumeration_are_their_text(model: Model) -> None:
    """However the enumeration shows them."""
    asked = point(*ROWS, model=model)
    who, act, obj, at = Word.PERSON, Word.READ, Word.PLAN, Word.NORTH
    for name, ask in ways(asked).items():
        assert ask((who, act, obj, at)), name
        for denied in (
            (who, Word.SEND, obj, at),
            (who, act, obj, Word.MARS),
            ("person:4", act, obj, at),
        ):
            assert ask(denied) is ask(real(denied)), name
    for place, part in enumerate((who, act, obj, at)):
        assert asked.allows(*put(place, part), DAY)


def test_other_questions_take_text_as_what_it_holds() -> None:
    """Of an enumeration, of a type of its own, and of one that says something else."""
    asked = point(*ROWS)
    for text in (
        Plain,
        FailingText,
        Word,
        lambda word: PosingText(word, "system:1"),
        lambda word: PosingText(word, "a..b"),
    ):
        who, act, obj, at = map(text, GOOD)
        boss, role, south = map(text, ("person:2", "user", "south"))
        assert asked.who_can(act, obj, at) == ("person:1", "person:2")
        assert asked.who_can(act, obj, south) == ()
        assert asked.where_can(who, act, obj) == (
            *("north", "north-school", "north-office"),
        )
        (can,) = asked.what_can(who)
        assert (can.action, can.resource) == ("read", "plan")
        assert asked.what_can(who, at)[0].organisations == ("north",)
        assert asked.what_can(who, south) == ()
        assert asked.may_grant(boss, who, role, at)
        assert not asked.may_grant(who, boss, role, at)
        assert not asked.may_grant(boss, who, role, south)
        assert asked.who_may_grant(who, role, at) == ("person:2",)
        assert asked.decide(Request(who, act, obj, south)).reason == (
            "`user` is held at `north`, not at or above `south`"
        )


def test_other_questions_refuse_what_is_no_text() -> None:
    """In whatever place it stands."""
    asked = point(*ROWS)
    ask: list[tuple[Callable[..., object], tuple[str, ...]]] = [
        (asked.who_can, ("read", "plan", "north")),
        (asked.where_can, ("person:1", "read", "plan")),
        (asked.what_can, ("person:1", "north")),
        (asked.may_grant, ("person:2", "person:1", "user", "north")),
        (asked.who_may_grant, ("person:1", "user", "north")),
    ]
    values: tuple[Any, ...] = PosingObject("person:1"), FailingObject(), 5
    for question, parts in ask:
        for place, value in product(range(len(parts)), values):
            with pytest.raises(RequestError, match="is not text, expected an id"):
                question(*parts[:place], value, *parts[place + 1 :])


@each_form
def test_a_day_is_the_day_that_it_is(model: Model) -> None:
    """Whatever a subclass says of it; a grant has ended or it has not."""
    asked = point(*ROWS, model=model)
    for day, allowed in ((PosingDay(2026, 6, 1), True), (PosingDay(2027, 1, 1), False)):
        assert asked.allows(*GOOD, day) is allowed
        assert asked.allows_many([GOOD], day) == [allowed]
        decision = asked.decide(Request(*GOOD), day)
        assert decision.allowed is allowed
        assert type(decision.at) is date
        assert decision.at.year == (2026 if allowed else 2027)
        assert ("person:1" in asked.who_can(*GOOD[1:], day)) is allowed
        assert bool(asked.where_can(*GOOD[:3], day)) is allowed
        assert bool(asked.what_can("person:1", at=day)) is allowed
        power = ("person:2", "person:1", "user", "north")
        assert asked.may_grant(*power, day).allowed is allowed
        assert bool(asked.who_may_grant(*power[1:], day)) is allowed
        clock = DecisionPoint(asked.snapshot, today=[day].pop)
        assert clock.allows(*GOOD) is allowed


@each_form
def test_what_is_no_day_is_refused_whatever_it_says(model: Model) -> None:
    """A time too."""
    asked = point(*ROWS, model=model)
    ask: tuple[Callable[[Any], object], ...] = (
        lambda day: asked.allows(*GOOD, day),
        lambda day: asked.allows_many([GOOD], day),
        lambda day: asked.decide(Request(*GOOD), day),
        lambda day: asked.who_can(*GOOD[1:], day),
        lambda day: DecisionPoint(asked.snapshot, today=lambda: day).allows(*GOOD),
    )
    moments = Moment(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    others = PosingObject(DAY), FailingObject(), "2026-03-01", date
    for question, day in product(ask, (*moments, *others)):
        with pytest.raises(RequestError, match="day decided for is no day, expected"):
            question(day)


def test_a_request_keeps_plain_text() -> None:
    """So that nothing that is asked later depends on a type of somebody's own."""
    for text in (Plain, FailingText, Word, lambda word: PosingText(word, "a:b")):
        request = Request(*map(text, GOOD))
        assert [type(part) for part in request] == [str] * 4
        assert request == Request(*GOOD)
        assert hash(request) == hash(Request(*GOOD))
        assert repr(request) == repr(Request(*GOOD))
