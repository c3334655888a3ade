"""A difference is what brute force over every question finds, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from oikeus.analysis.changes import AccessChange, InertChange, PowerChange, Sign
from oikeus.analysis.difference import Difference, difference
from oikeus.analysis.places import fold_places
from oikeus.decide.snapshot import Snapshot
from oikeus.decide.strangers import imagine, may_give
from oikeus.ids import is_id
from oikeus.policy.model import Model, parse_model
from oikeus.terms import kind_of

from .changes import Held, follow, histories, new_lines
from .worlds import DAYS, MODEL, ORGANISATIONS, UNKNOWN, World, worlds

Found = set[tuple[str, ...]]

_POWER = 'g(r2.sub, p2.sub, r2.org + "@" + r2.day + "@" + p2.sub)'
_USUAL = MODEL.text[MODEL.text.index("m2 = ") :].strip()
_POWERS = (
    # without a grant, without the one term that finds rules, by name and by others
    _USUAL.replace(f"{_POWER} && ", ""),
    _USUAL.replace("r2.role == p2.role", "keyMatch(r2.role, p2.role)"),
    _USUAL.replace("r2.sub != p2.sub && ", ""),
    f'{_USUAL} && r2.sub != "person:0"',
    f'{_USUAL} && g("person:1", "role:a", r2.org + "@" + r2.day + "@role:a")',
    f'{_USUAL} && g(r2.sub, "role:a", r2.org + "@2026-02-28@role:a")',
    f'{_USUAL} && !g3(r2.by + ":1", "blocked")',
)

days = st.sampled_from(DAYS)


@dataclass(frozen=True)
class Two:
    """Two versions, and the organisations that their lines name."""

    before: Snapshot
    after: Snapshot
    places: tuple[str, ...]

    @property
    def both(self) -> tuple[Snapshot, Snapshot]:
        """Before, after."""
        return self.before, self.after

    def subjects(self, ptype: str) -> list[str]:
        """Whom lines of either version name: grants, links, rules as their `sub`."""
        named: set[str] = set()
        for snapshot in self.both:
            facts, model = snapshot.facts, snapshot.model
            named.update(facts.grants, *facts.links.values())
            named.update(model.value(rule, "sub") for rule in facts.rules[ptype])
        kinds = self.before.kinds | self.after.kinds
        return [word for word in named if kind_of(word) in kinds and is_id(word)]

    def accesses(self) -> list[tuple[str, str, str, str]]:
        """Every question about access."""
        deeds = {
            (snapshot.model.value(rule, "act"), snapshot.model.value(rule, "obj"))
            for snapshot in self.both
            for rule in snapshot.facts.rules["p"]
        }
        return [
            (subject, *deed, place)
            for subject in self.subjects("p")
            for deed in deeds
            if all(map(is_id, deed))
            for place in self.places
        ]

    def powers(self) -> list[tuple[str, str, str]]:
        """Every question about a power, those of one organisation together."""
        roles = {*self.before.roles, *self.after.roles}
        subjects = self.subjects("p2")
        return [
            (subject, role, place)
            for place in self.places
            for subject in subjects
            for role in roles
        ]


@st.composite
def twos(draw: st.DrawFn) -> Two:
    """Two versions: of one history, or with one line between them.

    In one of three, others may give roles by then.
    """
    world = draw(worlds())
    if draw(st.booleans()):
        old = Held(1, MODEL, tuple(dict.fromkeys(world.lines)))
        gone = draw(st.lists(st.sampled_from(old.lines), max_size=1))
        new = old.change(gone, [] if gone else [draw(new_lines(world))], None)
        follows = draw(st.booleans())
    else:
        history = draw(histories(world))
        old, new = history[0], history[draw(st.integers(1, len(history) - 1))]
        follows = new is history[1] and draw(st.booleans())
    if draw(st.integers(0, 2)) == 0:
        powers = draw(st.sampled_from(_POWERS))
        new = replace(new, model=_with_powers(new.model, powers))
        if draw(st.booleans()):
            old = replace(old, model=_with_powers(old.model, powers))
    before = old.build()
    after = follow(before, old, new) if follows else new.build()
    return Two(before, after, _places(before, after))


def _with_powers(model: Model, powers: str) -> Model:
    return parse_model(model.text[: model.text.index("m2 = ")] + powers)


def _places(*versions: Snapshot) -> tuple[str, ...]:
    """Where the tree, a level or a grant that can be read is."""
    words: set[str] = set()
    for version in versions:
        for found in version.facts.lines():
            if found.ptype == "g2":
                words.update(found.values)
            elif found.ptype == "g4":
                words.add(found.values[0])
        for grants in version.facts.grants.values():
            words.update(grant.organisation for grant in grants)
    return tuple(place for place in (*ORGANISATIONS, UNKNOWN) if place in words)


def _allowed(
    snapshot: Snapshot, asked: Iterable[tuple[str, str, str, str]], day: date
) -> Found:
    return {
        question
        for question in asked
        if kind_of(question[0]) in snapshot.kinds
        and snapshot.decide(*question, day.toordinal())
    }


def _given(
    snapshot: Snapshot, asked: Iterable[tuple[str, str, str]], day: date
) -> Iterator[tuple[str, ...]]:
    for place, those in groupby(asked, key=lambda question: question[-1]):
        imagined = imagine(snapshot, place, day)
        for subject, role, _ in those:
            if kind_of(subject) in snapshot.kinds and may_give(
                snapshot, imagined, subject, role, place, day
            ):
                yield subject, role, place


def _signed(before: Found, after: Found) -> Found:
    gained = {("+", *each) for each in after - before}
    return gained | {("-", *each) for each in before - after}


def _once(changes: Iterable[tuple[str, ...]]) -> Found:
    every = [*changes]
    assert len(every) == len({*every})
    return {*every}


@given(twos(), days)
def test_access_is_what_brute_force_finds(two: Two, day: date) -> None:
    """Every subject, deed and organisation of either version, decided by both."""
    asked = two.accesses()
    expected = _signed(*(_allowed(each, asked, day) for each in two.both))
    found = _once(
        (each.sign, each.subject, each.action, each.resource, place)
        for each in difference(*two.both, day).access
        for place in each.organisations
    )
    assert found == expected


@given(twos(), days)
def test_powers_are_what_brute_force_finds(two: Two, day: date) -> None:
    """Every granter, role and organisation of either version, asked of both."""
    asked = two.powers()
    nobody = max(each.nobody for each in two.both)
    both = (replace(each, nobody=nobody) for each in two.both)
    expected = _signed(*({*_given(each, asked, day)} for each in both))
    found = _once(
        (each.sign, each.granter, each.role, place)
        for each in difference(*two.both, day).powers
        for place in each.organisations
    )
    assert found == expected


@given(twos(), days)
def test_the_other_way_round_gains_are_losses(two: Two, day: date) -> None:
    """Whichever version comes first, the same is found, with the other sign."""
    forth, back = (
        difference(one, other, day) for one, other in (two.both, reversed(two.both))
    )
    assert _turned(forth) == {*back.access, *back.powers, *back.inert_lost}
    assert _turned(back) == {*forth.access, *forth.powers, *forth.inert_lost}


def _turned(found: Difference) -> set[AccessChange | PowerChange | InertChange]:
    other: dict[Sign, Sign] = {"+": "-", "-": "+"}
    return {
        *(replace(each, sign=other[each.sign]) for each in found.access),
        *(replace(each, sign=other[each.sign]) for each in found.powers),
        *(replace(each, sign=other[each.sign]) for each in found.inert_gained),
    }


@given(worlds(), days)
def test_a_version_does_not_differ_from_itself(world: World, day: date) -> None:
    """Nor from one with the same lines that was loaded by itself."""
    snapshot, again = (Snapshot.build(MODEL, world.lines) for _ in range(2))
    assert not difference(snapshot, snapshot, day)
    assert not difference(snapshot, again, day)


@given(twos(), days)
def test_folded_places_say_exactly_the_same(two: Two, day: date) -> None:
    """Unfolded again they are the organisations that changed, each top's all below."""
    found = difference(*two.both, day)
    changes = [(each.sign, each.organisations) for each in found.access]
    changes += [(each.sign, each.organisations) for each in found.powers]
    for sign, organisations in changes:
        tree = (two.after if sign == "+" else two.before).tree
        meant: set[str] = set()
        for place in fold_places(tree, organisations):
            below = [*filter(is_id, tree.below(place.organisation)[1:])]
            assert place.below in (0, len(below))
            meant |= {place.organisation, *(below if place.below else ())}
        assert meant == {*organisations}
