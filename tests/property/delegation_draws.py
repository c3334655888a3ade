"""What is tried next: mostly what could be allowed, now and then anything at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from .delegation_world import (
    CLOSED,
    FIRST_GRANTS,
    ODD_PERMISSIONS,
    ODD_POWERS,
    PARENTS,
    PLACES,
    PROVIDERS,
    ROLES,
    SUBJECTS,
    UNKNOWN,
    Policy,
)
from .naive_applications import NaiveRegistry
from .naive_rules import (
    ENTRY,
    INTEGRATION,
    POWERS,
    TABLE,
    Held,
    NaiveRules,
)

_EVERYWHERE = (*PLACES, UNKNOWN)

Power = tuple[str, str, str, str]
"""Who, to whom or from whom, which role, and where."""

anything = st.tuples(
    st.sampled_from(SUBJECTS),
    st.sampled_from(SUBJECTS),
    st.sampled_from((*ROLES, "kayttaja")),
    st.sampled_from(_EVERYWHERE),
)
_offsets = st.sampled_from([-1, 0, 1, 2, 30, 364, 365, 366, 400])


def powers(rules: NaiveRules, today: date) -> st.SearchStrategy[Power]:
    """A role that somebody has the power over, for one of its kind, where they hold it.

    Or that they had, or will have; anything at all where nobody has any.
    """
    sensible = [
        (held.first <= today <= held.last, held.subject, power.role, held.place)
        for held in sorted(rules.grants)
        for power in sorted(rules.powers, key=str)
        if power.granter == held.role
    ]
    now = [found for found in sensible if found[0]]
    drawn = [
        st.sampled_from(found).flatmap(
            lambda found: st.tuples(
                st.just(found[1]),
                st.sampled_from(_of_kind(found[2])),
                st.just(found[2]),
                st.sampled_from(_suitable(rules, found[2], found[3])),
            )
        )
        for found in (now, now, now, sensible)
        if found
    ]
    return st.one_of(*drawn) if drawn else anything


def _of_kind(role: str) -> list[str]:
    return [each for each in SUBJECTS if each.startswith(TABLE[role].holder)]


def _suitable(rules: NaiveRules, role: str, place: str) -> list[str]:
    """The places there and below; twice those of a level that the role has."""
    below = [each for each in PLACES if place in rules.over(each)]
    return below + [
        each for each in below if rules.suits(_of_kind(role)[0], role, each)
    ]


def acts_on_grants(rules: NaiveRules, today: date) -> st.SearchStrategy[Power]:
    """A right that somebody holds, and who has power over it, or the holder."""
    held = [held for held in sorted(rules.grants) if held.last >= today]
    if not held:
        return anything
    own = st.sampled_from([(right.subject, *right[:3]) for right in held])
    by_power = [
        (who, *right[:3]) for right in held for who in _powerful(rules, right, today)
    ]
    return st.one_of(*[st.sampled_from(by_power)] * 3, own) if by_power else own


def _powerful(rules: NaiveRules, right: Held, today: date) -> list[str]:
    """Those others who hold today what gives power over a right."""
    return [
        who
        for who in SUBJECTS
        if who != right.subject
        and any(
            power.role == right.role
            and rules.holds(who, power.granter, right.place, today)
            for power in rules.powers
        )
    ]


def deciders(rules: NaiveRegistry, today: date) -> st.SearchStrategy[tuple[str, int]]:
    """An application, and somebody who may decide it; or anybody, or any of them."""
    pairs = [(who, number) for who in SUBJECTS for number in sorted(rules.wishes)]
    able = [pair for pair in pairs if rules.may_decide(*pair, today)]
    anybody = st.sampled_from(pairs)
    return st.one_of(*[st.sampled_from(able)] * 3, anybody) if able else anybody


def days(today: date) -> st.SearchStrategy[date | None]:
    """No day, or one that is near today, or near the end of a year from today."""
    near = _offsets.map(lambda days: today + timedelta(days=days))
    return st.one_of(st.none(), st.none(), st.none(), near)


@st.composite
def rows(draw: st.DrawFn, rules: NaiveRules, today: date) -> list[Held]:
    """Rows of an import; mostly for whom the role is, and where it can be held."""
    found = []
    for _ in range(draw(st.integers(1, 2))):
        role = draw(st.sampled_from((*ROLES[1:], *ROLES[1:], ROLES[0])))
        first = today + timedelta(days=draw(st.sampled_from([-400, -10, 0, 5])))
        last = first + timedelta(days=draw(st.sampled_from([0, 9, 11, 40, 1000])))
        pairs = [(subject, place) for subject in _of_kind(role) for place in PLACES]
        good = [
            pair
            for pair in pairs
            if rules.may_be_imported(Held(pair[0], role, pair[1], first, last))
        ]
        if draw(st.integers(0, 9)) == 0 or not good:
            good = [(subject, place) for subject in SUBJECTS for place in _EVERYWHERE]
        subject, place = draw(st.sampled_from(good))
        found.append(Held(subject, role, place, first, last))
    return found


@st.composite
def changed(draw: st.DrawFn, policy: Policy) -> Policy:
    """The policy with one thing otherwise: a mode, a line of it, a validity, a grant.

    Half of the time it becomes the shipped one again, under which more is allowed.
    """
    if policy != Policy() and draw(st.booleans()):
        return Policy()
    what = draw(st.sampled_from(["modes", "may", "powers", "longest", "written"]))
    if what == "modes":
        modes = dict(policy.modes)
        modes.pop(place := draw(st.sampled_from(PROVIDERS)), None)
        if mode := draw(st.sampled_from([None, INTEGRATION, ENTRY])):
            modes[place] = mode
        return replace(policy, modes=modes)
    if what == "longest":
        persons = [role for role in ROLES if TABLE[role].holder == "person"]
        role, length = draw(st.sampled_from(persons)), draw(st.sampled_from([1, 30]))
        return replace(policy, longest={**policy.longest, role: length})
    if what == "may":
        may = sorted({*Policy().may, *ODD_PERMISSIONS})
        return replace(policy, may=policy.may ^ {draw(st.sampled_from(may))})
    if what == "powers":
        lines = sorted({*POWERS, *ODD_POWERS}, key=str)
        return replace(policy, powers=policy.powers ^ {draw(st.sampled_from(lines))})
    return replace(
        policy, written=policy.written ^ {draw(st.sampled_from(FIRST_GRANTS))}
    )


@st.composite
def register(draw: st.DrawFn, rules: NaiveRules) -> tuple[dict[str, str], set[str]]:
    """The parents of all organisations, and the passive ones: one of them otherwise.

    Half of the time the register says what it said at first.
    """
    parents, passive = dict(rules.parents), set(rules.passive)
    if (parents, passive) != (PARENTS, {CLOSED}) and draw(st.booleans()):
        return dict(PARENTS), {CLOSED}
    place = draw(st.sampled_from(PLACES[1:]))
    if place in PROVIDERS or draw(st.booleans()):
        passive ^= {place}
    else:
        places = [each for each in PLACES if place not in rules.over(each)]
        parents[place] = draw(st.sampled_from(places))
    return parents, passive
