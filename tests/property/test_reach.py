"""What delegation can reach, held against all states of small worlds, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

from oikeus import Snapshot, load_model, load_policies
from oikeus.analysis.reach.chains import Chain, chains_to
from oikeus.analysis.reach.judging import broken_in
from oikeus.analysis.reach.reachable import Reachable
from oikeus.analysis.reach.slots import Slot, Verb
from oikeus.decide.evaluator import Evaluator
from oikeus.decide.whatif import one_day
from oikeus.policy.catalogue import Catalogue
from oikeus.policy.invariants import (
    ANY,
    Cannot,
    Invariant,
    Never,
    NeverBoth,
    Only,
    Statement,
)
from oikeus.policy.model import Model
from oikeus.terms import Grant, Line, PowerRequest, Request, kind_of

HOME = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)
ROLES = ("role:a", "role:b", "role:c")
TUNNUS = "role:tunnus"
PLACES = ("top", "mid", "low")
PEOPLE = ("person:x", "person:y", "system:z", "person:?7", "system:?8", "system:?9")
MOST_STATES = 200

State = frozenset[tuple[str, str, str]]
"""Who holds which role where."""


@cache
def shipped() -> tuple[Model, Catalogue]:
    """The model and the catalogue."""
    model = load_model(HOME / "model.conf")
    return model, load_policies(HOME / "policies", model).catalogue


@dataclass(frozen=True)
class World:
    """A small policy, and what is held at the beginning."""

    lines: tuple[Line, ...]
    start: State

    @cached_property
    def snapshot(self) -> Snapshot:
        """What is in force at the beginning."""
        model, catalogue = shipped()
        lines = [*self.lines, *(grant.line for grant in grants(self.start))]
        return Snapshot.build(model, lines, catalogue=catalogue)

    def evaluator(self, state: State) -> Evaluator:
        """The model, held against a state."""
        facts = self.snapshot.facts
        gone = facts.grants.changed([*grants(self.start)], grants(state))
        return self.snapshot.evaluator.over(replace(facts, grants=gone))


def grants(state: State) -> Iterator[Grant]:
    """What is held in a state."""
    for subject, role, place in sorted(state):
        yield Grant(subject, role, place, one_day(DAY))


def line(text: str) -> Line:
    """A line of policy."""
    ptype, *values = text.split(", ")
    return Line(ptype, tuple(values))


LEVELS = ("level:root", "level:koulutustoimija", "level:oppilaitos")
MARKS = ("mode:integraatio", "mode:syottoliittyma", "status:passive")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Three organisations, three roles and a credential's, and powers."""
    lines = [
        line("g4, top, level:root"),
        line("g2, mid, top"),
        line(f"g2, low, {draw(st.sampled_from(['mid', 'top']))}"),
        line("g4, mid, level:koulutustoimija"),
        line("g4, low, level:oppilaitos"),
        line(f"g3, {TUNNUS}, system"),
    ]
    marked = draw(st.sets(st.tuples(st.sampled_from(PLACES), st.sampled_from(MARKS))))
    lines += [line(f"g2, {place}, {mark}") for place, mark in sorted(marked)[:3]]
    held_at: dict[str, list[str]] = {}
    for role in (*ROLES, TUNNUS):
        some = sorted(draw(st.sets(st.sampled_from(LEVELS), min_size=1)))
        held_at[role] = [PLACES[LEVELS.index(level)] for level in some]
        lines += [line(f"g4, {level}, {role}") for level in some]
        if role != TUNNUS:
            kind = draw(st.sampled_from(["person", "person", "system"]))
            lines.append(line(f"g3, {role}, {kind}"))
    powers = st.tuples(
        st.sampled_from(ROLES),
        st.sampled_from(ROLES),
        st.sampled_from(["*", "*", "mode:integraatio", "mode:syottoliittyma"]),
        st.sampled_from(["*", "active"]),
    )
    chosen = draw(st.lists(powers, min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        # a chain of three, at all levels
        chosen = [("role:a", "role:b", "*", "*"), ("role:b", "role:c", "*", "*")]
        lines += [line(f"g4, {level}, {role}") for level in LEVELS for role in held_at]
    lines += [Line("p2", values) for values in chosen]
    if draw(st.booleans()):
        role = draw(st.sampled_from(ROLES))
        lines.append(Line("p", (role, "tiedonsiirtotunnus", "create", "allow")))
    # somebody has the first power; others hold anything, be it wrong
    first = chosen[0][0]
    who = "system:z" if line(f"g3, {first}, system") in lines else "person:x"
    start = {(who, first, draw(st.sampled_from(held_at[first])))}
    others = st.tuples(
        st.sampled_from(("person:x", "person:y", "system:z")),
        st.sampled_from((*ROLES, TUNNUS)),
        st.sampled_from(PLACES),
    )
    start |= draw(st.sets(others, max_size=2))
    return World(tuple(dict.fromkeys(lines)), frozenset(start))


def is_possible(
    world: World, evaluator: Evaluator, who: str, act: tuple[str, str, str]
) -> bool:
    """Whether somebody may grant or register this."""
    to, role, place = act
    ask = evaluator.ask
    if ask(PowerRequest(who, to, role, place), DAY).allowed:
        return True
    permitted = Request(who, "create", "tiedonsiirtotunnus", place)
    return (
        role == TUNNUS
        and kind_of(to) == "system"
        and not evaluator.facts.of(to)
        and world.snapshot.register.can_hold(place, role)
        and ask(permitted, DAY).allowed
    )


def acts(world: World, state: State) -> Iterator[tuple[str, str, str]]:
    """What can come of the acts that people can do in a state.

    Of those who hold nothing, one of each kind is as good as any.
    """
    evaluator = world.evaluator(state)
    known = sorted({subject for subject, _, _ in state})
    idle = [name for name in PEOPLE if name not in known]
    new = [*{kind_of(name): name for name in reversed(idle)}.values()]
    for act in product((*known, *new), (*ROLES, TUNNUS), PLACES):
        if act not in state and any(
            is_possible(world, evaluator, who, act)
            for who in (*known, *new)
            if who != act[0]
        ):
            yield act


def states(world: World) -> dict[State, int]:
    """All states that can be reached, with the least number of acts to each."""
    found = {world.start: 0}
    ring = [world.start]
    while ring:
        following: list[State] = []
        for state in ring:
            for act in acts(world, state):
                then = state | {act}
                if then not in found:
                    found[then] = found[state] + 1
                    following.append(then)
            assume(len(found) <= MOST_STATES)
        ring = following
    return found


def counting(world: World, state: Iterable[tuple[str, str, str]]) -> set[Slot]:
    """The rights of a state that count."""
    snapshot = world.snapshot
    return {
        Slot(kind_of(subject), role, place)
        for subject, role, place in state
        if kind_of(subject) in snapshot.facts.kinds(role)
        and snapshot.register.can_hold(place, role)
    }


def replay(world: World, chain: Chain) -> State:
    """Do the acts of a chain, each of which must be possible."""
    state = world.start
    for link in chain.links:
        act = link.to, link.slot.role, link.slot.organisation
        assert is_possible(world, world.evaluator(state), link.by, act)
        assert link.verb is Verb.GRANT or link.slot.role == TUNNUS
        state |= {act}
    for slot in chain.slots:
        assert (chain.holder, slot.role, slot.organisation) in state
    taking_part = {name for link in chain.links for name in (link.by, link.to)}
    assert len(taking_part) == chain.people or not chain.links
    return state


@given(worlds())
def test_rights_that_can_be_had(world: World) -> None:
    """The fixed point is the union of all states, and chains are the shortest."""
    found = states(world)
    least: dict[Slot, int] = {}
    for state, number in found.items():
        for slot in counting(world, state):
            least[slot] = min(least.get(slot, number), number)
    reachable = Reachable.of(world.snapshot, DAY)
    assert {*reachable.spread.slots()} == {*least}
    event(f"at most {max(least.values(), default=0)} acts")
    for slot, number in least.items():
        chain = next(chains_to(reachable.spread, slot))
        assert len(chain.links) == number, (slot, chain)
        replay(world, chain)


def least_broken(world: World, found: dict[State, int], said: Statement) -> int | None:
    """In how few acts brute force breaks a statement, if it can."""
    best: int | None = None
    for state, number in found.items():
        if best is None or number < best:
            extra = _breaks(world, state, said)
            if extra is not None and (best is None or number + extra < best):
                best = number + extra
    return best


def _breaks(world: World, state: State, said: Statement) -> int | None:
    """Whether a state breaks a statement, and with how many acts more."""
    if isinstance(said, Never):
        held = state - world.start if said.granted else state
        kinds = {
            slot.kind
            for slot in counting(world, held)
            if slot.role == f"role:{said.role}"
        }
        return 0 if kinds & {said.holder or "person", said.holder or "system"} else None
    if isinstance(said, NeverBoth):
        return 0 if _holds_both(world, state, said) else None
    assert isinstance(said, Only)
    return 1 if _given_by_others(world, state, said) else None


def _holds_both(world: World, state: State, said: NeverBoth) -> bool:
    snapshot = world.snapshot
    good = {each for each in state if counting(world, [each])}

    def tops(place: str) -> set[str]:
        if said.within is None:
            return {""}
        return {
            top
            for top in snapshot.tree.above(place)
            if f"level:{said.within}" in snapshot.tree.levels.get(top, ())
        }

    return any(
        one != two
        and one[0] == two[0]
        and one[1] == f"role:{role}"
        and two[1] == f"role:{other}"
        and tops(one[2]) & tops(two[2])
        for role, other in said.pairs()
        for one, two in product(good, good)
    )


def _given_by_others(world: World, state: State, said: Only) -> bool:
    """Whether somebody could give the role without the one that must give it."""
    role = f"role:{said.role}"
    for who in sorted({subject for subject, _, _ in state}):
        without = {
            each for each in state if each[:2] != (who, f"role:{said.granted_by}")
        }
        evaluator = world.evaluator(frozenset(without))
        others = [*sorted({subject for subject, _, _ in state}), "person:?7"]
        for to, place in product([*others, "system:?9"], PLACES):
            if to != who and is_possible(world, evaluator, who, (to, role, place)):
                return True
    return False


statements = st.one_of(
    st.builds(Only, st.sampled_from(["b", "c", "tunnus"]), st.sampled_from("ab")),
    st.builds(
        Never,
        st.sampled_from(["a", "b", "c", "tunnus"]),
        st.sampled_from([None, "person", "system"]),
        st.none(),
        st.booleans(),
    ),
    st.builds(
        NeverBoth,
        st.just(("a", "b")),
        st.sampled_from([(), ("c",)]),
        st.sampled_from([None, "koulutustoimija", "oppilaitos"]),
    ),
)


@given(worlds(), statements)
def test_statements(world: World, said: Statement) -> None:
    """They are broken where a state breaks them, by the shortest chain."""
    found = states(world)
    expected = least_broken(world, found, said)
    reachable = Reachable.of(world.snapshot, DAY)
    broken = [*broken_in(reachable, [Invariant(said, ("A",), "why", "file", 1)])]
    event("broken" if expected is not None else "holds")
    assert bool(broken) is (expected is not None)
    if expected is not None:
        chain = broken[0].chain
        assert len(chain.links) == expected, chain
        state = replay(world, chain)
        assert isinstance(said, Only) or _breaks(world, state, said) == 0


def test_cannot_and_any() -> None:
    """The words of the statements are spelt as the file spells them."""
    assert str(Cannot("a", ANY)) == "cannot {role: a, reach: any}"
