"""A version that was made from the one before is the version that is loaded whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.errors import RequestError
from oikeus.runtime import LivePoint
from oikeus.store import Change, Store
from oikeus.terms import Line, Request

from .changes import Held, follow, histories
from .worlds import DAYS, ORGANISATIONS, ROOT, SUBJECTS, World, worlds

DAY = DAYS[2]
_STEP = 37
"""Which questions are asked with reasons, which takes long: one among so many."""


def _tried(ask: Callable[..., object], *question: object) -> object:
    """An answer, or the words of the refusal."""
    try:
        return ask(*question)
    except RequestError as error:
        return str(error)


def _answers(point: DecisionPoint, world: World) -> Iterator[tuple[object, object]]:
    """Everything that a version says, as far as a world can be asked."""
    snapshot = point.snapshot
    yield "roles", snapshot.roles
    yield "kinds", snapshot.kinds
    yield "lines", sorted(map(str, snapshot.facts.lines()))
    yield "inert", point.inert
    yield "tree", [*snapshot.tree]
    for question in world.accesses():
        if question[-1] == DAY:
            yield question, _tried(point.allows, *question)
    for *parts, day in [*world.accesses()][::_STEP]:
        yield ("decide", *parts), _tried(point.decide, Request(*parts), day)
    for question in [*world.powers()][:: _STEP * 5]:
        yield question, _tried(point.may_grant, *question)
    for deed, place in product(world.deeds, ORGANISATIONS[:4]):
        yield ("who", *deed, place), point.who_can(*deed, place, DAY)
    for role, place in product(world.roles, ORGANISATIONS[1:3]):
        power = "person:0", role, place, DAY
        yield ("who grants", *power), _tried(point.who_may_grant, *power)
    for subject in SUBJECTS:
        yield ("what", subject), _tried(point.what_can, subject, None, DAY)
        deed = world.deeds[0]
        yield ("where", subject), _tried(point.where_can, subject, *deed, DAY)


def _said(snapshot: Snapshot, world: World) -> dict[object, object]:
    return dict(_answers(DecisionPoint(snapshot), world))


@given(worlds(), st.data())
def test_a_version_that_follows_says_what_one_that_is_loaded_says(
    world: World, data: st.DataObject
) -> None:
    """Whatever changed; and the versions before go on saying what they said."""
    history = data.draw(histories(world))
    snapshots = [history[0].build()]
    expected = [_said(snapshots[0], world)]
    for before, after in pairwise(history):
        made = follow(snapshots[-1], before, after)
        snapshots.append(made)
        expected.append(_said(after.build(), world))
        found = _said(made, world)
        for question, answer in expected[-1].items():
            assert found[question] == answer, question
    for snapshot, answers in zip(snapshots, expected, strict=True):
        assert _said(snapshot, world) == answers


@given(worlds(), st.data())
def test_a_function_that_was_kept_answers_by_the_current_version(
    world: World, data: st.DataObject
) -> None:
    """Also when the model changes its form, and back."""
    history = data.draw(histories(world))
    point = DecisionPoint(history[0].build())
    kept = [point.allows]
    for before, after in pairwise([*history, *history[-2::-1]]):
        point._publish(follow(point.snapshot, before, after))  # noqa: SLF001 # as a point that follows does
        kept.append(point.allows)
        for question in [*world.accesses()][::_STEP]:
            expected = _tried(DecisionPoint(point.snapshot).allows, *question)
            for allows in {id(each): each for each in kept}.values():
                assert _tried(allows, *question) == expected, question


FEWER = settings().max_examples // 2
_CATALOGUE = (ROOT / "policies" / "ehoks.yaml").read_text(encoding="utf-8")


def _commit(
    store: Store, after: Held, remove: set[Line], add: tuple[Line, ...]
) -> None:
    change = Change(
        "casbin",
        "os:tester",
        "as the test wants",
        add=add,
        remove=tuple(remove),
        model=after.model.text,
        catalogue=_CATALOGUE,
    )
    with store.writing() as writer:
        writer.commit(change)


@settings(max_examples=FEWER)
@given(worlds(), st.data())
def test_a_database_that_is_followed_is_the_database_that_is_loaded(
    world: World, data: st.DataObject
) -> None:
    """Whatever was committed, and however many versions are taken in at once."""
    history = data.draw(histories(world))
    under = data.draw(st.sampled_from([None, None, *ORGANISATIONS[1:3]]))
    with Store.open("sqlite://") as store:
        _commit(store, history[0], set(), history[0].lines)
        followed, part = LivePoint(store), LivePoint(store, under=under)
        for before, after in pairwise(history):
            gone = {*before.lines} - {*after.lines}
            moved = data.draw(st.sets(st.sampled_from(after.lines), max_size=2))
            _commit(store, after, gone | (moved & {*before.lines}), ())
            if data.draw(st.booleans()):
                followed.refresh()
            _commit(store, after, set(), after.lines)
            followed.refresh()
            part.refresh()
            loaded = LivePoint(store)
            found = dict(_answers(followed, world))
            for question, answer in _answers(loaded, world):
                assert found[question] == answer, question
            _check_part(part, loaded, world)


def _check_part(part: LivePoint, whole: LivePoint, world: World) -> None:
    """A part answers as the whole does, and only about itself."""
    scope = part.snapshot.scope
    for question in world.accesses():
        if question[-1] == DAY:
            expected = _tried(whole.allows, *question)
            found = _tried(part.allows, *question)
            within = scope is None or question[3] in scope.within
            if within:
                assert found == expected, question
            else:
                assert isinstance(found, str), question
