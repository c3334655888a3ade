"""What a change strands is what judging every grant by itself, twice, would find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oikeus import Contents, Line, PowerRequest, Snapshot, State
from oikeus.administration.stranded import find_stranded
from oikeus.decide.grant_checks import GrantChecks
from oikeus.errors import RequestError
from oikeus.ids import is_id
from oikeus.terms import Grant, kind_of

from .changes import Held, histories
from .naive import Naive
from .worlds import DAYS, MODEL, PERSONS, worlds


def state_of(held: Held) -> State:
    """A version as a state."""
    snapshot = held.build()
    contents = Contents(held.version, held.model.text, None, held.lines, {})
    return State(f"version {held.version}", contents, snapshot)


def in_both(before: Held, after: Held, day: date) -> Iterator[Grant]:
    """The grants that are in force on a day or later, before and after."""
    for line in after.lines:
        if line.ptype == "g" and line in before.lines:
            try:
                found = Grant.parse(line)
            except ValueError:
                continue
            if found.span.last >= day and is_id(found.subject):
                yield found


def judged(snapshot: Snapshot, found: Grant) -> int:
    """Whether a power, policy files or nothing would allow a grant, asked anew."""
    verdict = GrantChecks(snapshot).judge(found)
    if verdict.from_files_only:
        return 1
    return 2 if verdict.refusal or verdict.warning else 0


def by_the_rules(naive: Naive, found: Grant) -> int:
    """The same as docs/rules.md has it."""
    place, role = found.organisation, found.role
    over = naive.over(place)
    suits = naive.is_for(role, found.subject) and naive.can_be_held(role, place)
    if not suits or not is_id(role):
        return 2
    kinds = {who for who, _ in naive.said["g3"]}
    powers = [line for line in naive.said["p2"] if line[1] == role and line[0] in kinds]
    if not powers:
        return 1
    could = any(
        any(naive.can_be_held(sub, above) for above in over)
        and (mode == "*" or mode in over)
        and (status == "*" or (status == "active" and "status:passive" not in over))
        for sub, _, mode, status in powers
    )
    return 0 if could else 2


@given(data=st.data(), day=st.sampled_from(DAYS))
def test_stranded_is_what_was_allowed_and_no_longer_is(
    data: st.DataObject, day: date
) -> None:
    """Whatever changes: rules, the tree, grants, or the model."""
    history = data.draw(worlds().flatmap(histories))
    for before, after in pairwise(history):
        old, new = state_of(before), state_of(after)
        found = {each.grant for each in find_stranded(old, new, day)}
        grants = {*in_both(before, after, day)}
        was, is_now = partial(judged, old.snapshot), partial(judged, new.snapshot)
        assert found == {each for each in grants if is_now(each) > was(each)}


@given(data=st.data(), day=st.sampled_from(DAYS))
def test_stranded_is_what_the_rules_say(data: st.DataObject, day: date) -> None:
    """As somebody who has only read them would find it."""
    history = data.draw(worlds().flatmap(histories))
    for before, after in pairwise(history):
        if before.model is not MODEL or after.model is not MODEL:
            return
        old, new = state_of(before), state_of(after)
        found = {each.grant for each in find_stranded(old, new, day)}
        was, is_now = Naive(before.lines), Naive(after.lines)
        assert found == {
            each
            for each in in_both(before, after, day)
            if by_the_rules(is_now, each) > by_the_rules(was, each)
        }


@given(data=st.data(), day=st.sampled_from(DAYS))
def test_granters_who_no_longer_could_are_found(data: st.DataObject, day: date) -> None:
    """Of the grants that are not stranded otherwise; each asked about by itself."""
    history = data.draw(worlds().flatmap(histories))
    before, after = history[0], history[-1]
    old, new = state_of(before), state_of(after)
    grants = {*in_both(before, after, day)}
    who: dict[Line, str] = {
        each.line: data.draw(st.sampled_from(PERSONS)) for each in sorted(grants)
    }
    found = find_stranded(old, new, day, lambda: who)
    otherwise = {each.grant for each in found if each.granter is None}
    lost = {each.grant for each in found if each.granter is not None}
    assert lost == {
        each
        for each in grants - otherwise
        if could(old.snapshot, who[each.line], each, day)
        and not could(new.snapshot, who[each.line], each, day)
    }


def could(snapshot: Snapshot, granter: str, each: Grant, day: date) -> bool:
    """Whether somebody may give this very grant."""
    try:
        request = PowerRequest(granter, each.subject, each.role, each.organisation)
    except RequestError:
        return False
    assert kind_of(granter)
    return snapshot.evaluator.ask(request, day).allowed
