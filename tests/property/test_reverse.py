"""The reverse questions are the same evaluation, asked the other way round."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.terms import PowerRequest, Request, kind_of

from .sent import SentWorld, sent, sent_worlds
from .worlds import (
    DAYS,
    MODEL,
    ORGANISATIONS,
    SUBJECTS,
    UNKNOWN,
    World,
    worlds,
)

PLACES = (*ORGANISATIONS, UNKNOWN)

days = st.sampled_from(DAYS)


def _asked(world: World) -> tuple[DecisionPoint, tuple[str, ...]]:
    point = DecisionPoint(Snapshot.build(MODEL, world.lines))
    known = point.snapshot.kinds
    return point, tuple(found for found in SUBJECTS if kind_of(found) in known)


@given(worlds(), days)
def test_who_what_and_where_agree_with_each_single_decision(
    world: World, day: date
) -> None:
    """What brute force over subjects, organisations and actions finds, all three do."""
    point, subjects = _asked(world)
    allowed = {
        (subject, deed, place)
        for subject in subjects
        for deed in world.deeds
        for place in PLACES
        if point.allows(subject, *deed, place, day)
    }
    for deed in world.deeds:
        for place in PLACES:
            assert point.who_can(*deed, place, day) == tuple(
                who for who in sorted(subjects) if (who, deed, place) in allowed
            )
    for subject in subjects:
        everywhere = {
            (found.action, found.resource): set(found.organisations)
            for found in point.what_can(subject, at=day)
        }
        for deed in world.deeds:
            places = {place for place in PLACES if (subject, deed, place) in allowed}
            assert set(point.where_can(subject, *deed, day)) == places
            assert everywhere.get(deed, set()) == places
        for place in PLACES:
            here = point.what_can(subject, place, day)
            assert {(found.action, found.resource) for found in here} == {
                deed for deed in world.deeds if (subject, deed, place) in allowed
            }


@given(sent_worlds(), days, sent())
def test_reverse_questions_agree_with_decisions_on_what_is_sent(
    made: SentWorld, day: date, given_with: dict[str, str]
) -> None:
    """The same with attributes, which all of them take alike."""
    world = made.world
    point = DecisionPoint(Snapshot.build(made.model, world.lines))
    known = point.snapshot.kinds
    subjects = sorted(found for found in SUBJECTS if kind_of(found) in known)
    questions = [
        (subject, deed, place)
        for subject in subjects
        for deed in world.deeds
        for place in PLACES
    ]
    allowed = {
        (subject, deed, place)
        for subject, deed, place in questions
        if point.decide(
            Request(subject, *deed, place, attributes=given_with), day
        ).allowed
    }
    for deed in world.deeds:
        for place in PLACES:
            who = point.who_can(*deed, place, day, attributes=given_with)
            assert [*who] == [
                found for found in subjects if (found, deed, place) in allowed
            ]
    for subject in subjects:
        found = point.what_can(subject, at=day, attributes=given_with)
        everywhere = {
            ((each.action, each.resource), place)
            for each in found
            for place in each.organisations
        }
        assert everywhere == {
            (deed, place) for who, deed, place in allowed if who == subject
        }
        for deed in world.deeds:
            where = point.where_can(subject, *deed, day, attributes=given_with)
            assert {*where} == {place for on, place in everywhere if on == deed}
        for place in PLACES:
            here = point.what_can(subject, place, day, attributes=given_with)
            assert {(each.action, each.resource) for each in here} == {
                deed for deed, at in everywhere if at == place
            }


@given(worlds(), days, st.sampled_from(PLACES))
def test_who_may_grant_agrees_with_each_single_decision(
    world: World, day: date, place: str
) -> None:
    """What brute force over granters finds, who_may_grant does."""
    point, subjects = _asked(world)
    ask = point.snapshot.evaluator.ask
    for recipient in subjects[::3]:
        for role in world.roles:
            assert point.who_may_grant(recipient, role, place, day) == tuple(
                who
                for who in sorted(subjects)
                if ask(PowerRequest(who, recipient, role, place), day)
            )


@given(worlds(), days)
def test_where_is_in_the_order_of_the_tree(world: World, day: date) -> None:
    """Organisations are listed as the tree lists them, and each once."""
    point, subjects = _asked(world)
    order = [*point.snapshot.tree, UNKNOWN]
    for subject in subjects:
        for found in point.what_can(subject, at=day):
            places = found.organisations
            assert list(places) == [place for place in order if place in set(places)]
