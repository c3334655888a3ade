"""Who could what in a period: as if everybody had been asked at every breakpoint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise, product
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from oikeus import Interval, RecalledPoint, recall, what_could, who_could
from oikeus.errors import RequestError, StoreError
from oikeus.moments import begins, day_of, ends
from oikeus.store import Change, Store, recording
from oikeus.terms import Line

from .changes import Held, histories
from .matchers import models
from .worlds import DAYS, ORGANISATIONS, ROOT, SUBJECTS, World, line, worlds

_CATALOGUE = (ROOT / "policies" / "ehoks.yaml").read_text(encoding="utf-8")
_BEGIN = begins(DAYS[0]) - timedelta(hours=20)
_HOUR = timedelta(hours=1)
_PAIR = 2
_ANOTHER = 3
"""Which step may bring another model."""


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
Intervals = set[tuple[tuple[str, ...], datetime, datetime]]


def _spans(states: list[tuple[datetime, Allowed]], end: datetime) -> Intervals:
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
) -> Intervals:
    return {
        (
            (found.subject, found.action, found.resource, place),
            found.first,
            found.until,
        )
        for found in intervals
        for place in found.organisations
    }


def _who(point: RecalledPoint, deed: tuple[str, str], place: str) -> Allowed:
    return frozenset((who, *deed, place) for who in point.who_can(*deed, place))


def _what(point: RecalledPoint, subject: str, place: str | None) -> Allowed:
    try:
        found = point.what_can(subject, place)
    except RequestError:  # of a kind that this version does not know
        return frozenset()
    return frozenset(
        (subject, each.action, each.resource, organisation)
        for each in found
        for organisation in each.organisations
    )


def _known(store: Store, instant: datetime) -> RecalledPoint | None:
    """What was known then, loaded; nothing before there was a policy."""
    try:
        point = recall(store, instant)
    except StoreError:
        return None
    assert point.day == day_of(instant)
    return point


def _toggles(world: World) -> tuple[st.SearchStrategy[Line], ...]:
    """Lines to come and go: grants of a few days alone, or whatever else as well."""
    kinds = [each.values for each in world.lines if each.ptype == "g3"]
    suitable = [
        (subject, role)
        for subject in SUBJECTS
        for role, kind in (pair for pair in kinds if len(pair) == _PAIR)
        if subject.startswith(kind) and role in world.roles
    ]
    places = ORGANISATIONS[:4]
    days = st.sampled_from([DAYS[2], DAYS[3]])
    spans = st.tuples(days, st.sampled_from([DAYS[1], DAYS[2], DAYS[3], DAYS[3]]))
    held = st.builds(
        lambda who, place, span: line(
            "g", *who, f"{place}@{min(span).isoformat()}..{max(span).isoformat()}"
        ),
        st.sampled_from(suitable),
        st.sampled_from(places),
        spans,
    )
    rule = st.builds(
        lambda role, deed, effect: line("p", role, *deed[::-1], effect),
        st.sampled_from(world.roles),
        st.sampled_from(world.deeds),
        st.sampled_from(["allow", "allow", "deny"]),
    )
    block = st.sampled_from(SUBJECTS).map(lambda who: line("g3", who, "blocked"))
    link = st.tuples(st.sampled_from(places), st.sampled_from(places)).map(
        lambda pair: line("g2", *pair)
    )
    known = st.sampled_from(world.lines)
    return held, st.one_of(held, held, block, rule, link, known)


def _lively(world: World, data: st.DataObject) -> list[Held]:
    """A history in which much happens; what is there goes, what is not comes."""
    history = data.draw(histories(world))[:2]
    for number in range(data.draw(st.integers(4, 12))):
        before = history[-1]
        which = data.draw(st.sampled_from(_toggles(world)))
        for each in data.draw(st.lists(which, min_size=2, max_size=5)):
            is_there = each in before.lines
            gone, come = ([each], []) if is_there else ([], [each])
            model = None
            if number == _ANOTHER and data.draw(st.integers(0, 2)) == 0:
                model = data.draw(models())
            before = before.change(gone, come, model)
        history.append(before)
    return history


@given(worlds(), st.data())
def test_a_period_is_as_if_everybody_was_asked_at_every_breakpoint(
    world: World, data: st.DataObject
) -> None:
    """Whatever was committed, at whatever times, several at once among them."""
    history = _lively(world, data)
    late = data.draw(st.sampled_from([0, 0, 2]))
    with Store.open("sqlite://") as store:
        time, last, told = _BEGIN, None, False
        for number, held in enumerate(history):
            time += data.draw(st.sampled_from([0, 1, 4, 9, 14, 23])) * _HOUR
            is_new = last is None or held.model is not last.model or not told
            policy = is_new and number >= late
            _commit(store, time, last, held, policy=policy)
            last, told = held, told or policy
        *instants, end = _breakpoints(store)
        points = [(instant, _known(store, instant)) for instant in instants]

        def naive(ask: Callable[..., Allowed], *question: object) -> Intervals:
            return _spans(
                [
                    (instant, ask(point, *question) if point else frozenset())
                    for instant, point in points
                ],
                end,
            )

        first, last_day = DAYS[1], DAYS[3]
        for deed, place in product(world.deeds[:2], ORGANISATIONS[:3]):
            found = who_could(store, *deed, place, first=first, last=last_day)
            assert _said(found) == naive(_who, deed, place)
            assert all(a.until < b.first for a, b in _again(found))
            assert all((each.until == end) == (not each.closed) for each in found)
        for subject, where in product(SUBJECTS[::2], (None, ORGANISATIONS[1])):
            found = what_could(store, subject, where, first=first, last=last_day)
            assert _said(found) == naive(_what, subject, where)


def _again(intervals: tuple[Interval, ...]) -> list[tuple[Interval, Interval]]:
    """Pairs of intervals of the same subject, one after the other."""
    pairs = pairwise(intervals)
    return [(a, b) for a, b in pairs if a.subject == b.subject]
