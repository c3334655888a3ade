"""Who could what in a period: as if everybody had been asked at every breakpoint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from oikeus import Interval, recall, what_could, who_could
from oikeus.errors import RequestError, StoreError
from oikeus.moments import begins, day_of, ends
from oikeus.store import Change, Store, recording
from oikeus.terms import Line

from .changes import Held, histories
from .worlds import DAYS, ORGANISATIONS, ROOT, SUBJECTS, World, worlds

_CATALOGUE = (ROOT / "policies" / "ehoks.yaml").read_text(encoding="utf-8")
_BEGIN = begins(DAYS[0]) - timedelta(hours=20)
_HOUR = timedelta(hours=1)


def _commit(
    store: Store, time: datetime, before: Held | None, after: Held, *, policy: bool
) -> None:
    """Make the next version at this time."""
    clock = f"'{time.replace(tzinfo=None).isoformat(timespec='microseconds')}Z'"
    old: tuple[Line, ...] = before.lines if before else ()
    change = Change(
        "casbin",
        "os:tester",
        "as the test wants",
        add=tuple(line for line in after.lines if line not in {*old}),
        remove=tuple({*old} - {*after.lines}),
        model=after.model.text if policy else None,
        catalogue=_CATALOGUE if policy else None,
    )
    clocks = patch.object(recording, "_CLOCKS", {"sqlite": clock})
    with clocks, store.writing() as writer:
        writer.commit(change)


def _breakpoints(store: Store) -> list[datetime]:
    """All instants of the period at which anything can change, its end the last."""
    start, end = begins(DAYS[1]), ends(DAYS[3])
    times = {datetime.fromisoformat(each.time) for each in store.versions()}
    found = {start, end, *times, *map(begins, DAYS)}
    return sorted(instant for instant in found if start <= instant <= end)


Allowed = frozenset[tuple[str, str, str, str]]


def _spans(
    states: list[tuple[datetime, Allowed]], end: datetime
) -> set[tuple[tuple[str, ...], datetime, datetime]]:
    """From when until when, out of what was allowed from instant to instant."""
    found, since = set(), dict[tuple[str, ...], datetime]()
    for instant, allowed in (*states, (end, frozenset())):
        for each in [each for each in since if each not in allowed]:
            found.add((each, since.pop(each), instant))
        for each in allowed:
            since.setdefault(each, instant)
    return found


def _said(
    intervals: tuple[Interval, ...],
) -> set[tuple[tuple[str, ...], datetime, datetime]]:
    return {
        (
            (found.subject, found.action, found.resource, place),
            found.first,
            found.until,
        )
        for found in intervals
        for place in found.organisations
    }


def _asked(
    store: Store, instant: datetime, world: World, place: str
) -> Iterator[tuple[str, str, str, str]]:
    """Everything that is allowed at an instant, by loading what was known then."""
    try:
        point = recall(store, instant)
    except StoreError:
        return
    assert point.day == day_of(instant)
    for subject in SUBJECTS:
        for action, resource in world.deeds:
            try:
                if point.allows(subject, action, resource, place):
                    yield subject, action, resource, place
            except RequestError:
                break  # of a kind that this version does not know


@given(worlds(), st.data())
def test_a_period_is_as_if_everybody_was_asked_at_every_breakpoint(
    world: World, data: st.DataObject
) -> None:
    """Whatever was committed, at whatever times, several at once among them."""
    history = data.draw(histories(world))
    late = data.draw(st.sampled_from([0, 0, 1]))
    place = data.draw(st.sampled_from(ORGANISATIONS[:4]))
    with Store.open("sqlite://") as store:
        time, last = _BEGIN, None
        for number, held in enumerate(history):
            hours = st.sampled_from([0, 0, 1, 5, 14, 23, 24, 30])
            time += data.draw(hours) * _HOUR
            changed = last is None or held.model is not last.model
            _commit(
                store,
                time,
                last,
                held,
                policy=number >= late and (changed or bool(late)),
            )
            last = held
        first, last_day = DAYS[1], DAYS[3]
        *instants, end = _breakpoints(store)
        states = [
            (instant, frozenset(_asked(store, instant, world, place)))
            for instant in instants
        ]
        expected = _spans(states, end)
        found: set[tuple[tuple[str, ...], datetime, datetime]] = set()
        for deed in world.deeds:
            intervals = who_could(store, *deed, place, first=first, last=last_day)
            assert all(a.until <= b.first for a, b in _again(intervals))
            assert all(
                (each.until == end) == (each.closed is None) for each in intervals
            )
            found |= {each for each in _said(intervals) if each[0][0] in SUBJECTS}
        assert found == expected
        told = {
            each
            for subject in SUBJECTS
            for each in _said(
                what_could(store, subject, place, first=first, last=last_day)
            )
        }
        assert told == expected
        anywhere = {
            each
            for subject in SUBJECTS
            for each in _said(what_could(store, subject, first=first, last=last_day))
            if each[0][-1] == place
        }
        assert anywhere <= expected


def _again(intervals: tuple[Interval, ...]) -> list[tuple[Interval, Interval]]:
    """Pairs of intervals of the same subject, one after the other."""
    pairs = pairwise(intervals)
    return [(a, b) for a, b in pairs if a.subject == b.subject]
