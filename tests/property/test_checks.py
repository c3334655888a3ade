"""What checks find is so, in every small world and whatever the rules are.

The rules are drawn; people, places and grants too. What a check says of the rules by
asking about imagined people is held against what those people of flesh may do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oikeus import Grant, Line, Linted, PowerRequest, Request, RevocationRequest, Span
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.model import parse_model

from ..unit.analysis.linting.right_policy import FILES, MODEL, lint

ROLES = ("role:chief", "role:head", "role:clerk", "role:robot")
PEOPLE = ("person:a", "person:b", "system:c")
PLACES = ("1.0", "1.1", "1.1.1", "1.2")
ACTIONS = ("read", "move")
DAY = date(2026, 6, 1)
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
WHY = "# R1: as it was drawn\n"
LEVELS = "".join(
    line
    for line in FILES["rules.csv"].splitlines(keepends=True)
    if line[:2] != "p," and line[:3] != "p2,"
)


@dataclass(frozen=True)
class Drawn:
    """Rules, and a world in which they decide."""

    rules: tuple[Line, ...]
    register: tuple[Line, ...]
    grants: tuple[Line, ...]

    @cached_property
    def linted(self) -> Linted:
        """What the checks find."""
        written = "".join(f"{WHY}{rule}\n" for rule in self.rules)
        register = "".join(f"{line}\n" for line in self.register)
        files = {"rules.csv": LEVELS, "drawn.csv": written}
        return lint(files, register=register)

    def found(self, check: str) -> list[Line]:
        """The rules on which a check finds something."""
        lines = (one.line for one in self.linted.findings if one.check == check)
        return [self.rules[line // 2 - 1] for line in lines]

    def snapshot(
        self, rules: Iterable[Line], grants: Iterable[Line] | None = None
    ) -> Snapshot:
        """What decides with these rules."""
        kinds = (line.split(", ") for line in LEVELS.splitlines() if line[:1] == "g")
        return Snapshot.build(
            parse_model(MODEL),
            [
                *rules,
                *(Line(ptype, tuple(rest)) for ptype, *rest in kinds),
                Line("g4", ("1.0", "level:root")),
                *self.register,
                *(self.grants if grants is None else grants),
            ],
        )


def rules() -> st.SearchStrategy[tuple[Line, ...]]:
    """Permissions that do not contradict each other, and powers."""
    permissions = st.dictionaries(
        st.tuples(st.sampled_from(ROLES), st.sampled_from(ACTIONS)),
        st.sampled_from(("allow", "allow", "deny")),
        min_size=2,
        max_size=6,
    )
    powers = st.sets(
        st.tuples(
            st.sampled_from(ROLES),
            # another power over a first grant's role could bar it
            st.sampled_from(ROLES[1:]),
            st.sampled_from(("*", "*", "mode:paper", "mode:screen")),
            st.sampled_from(("*", "active")),
        ),
        min_size=3,
        max_size=8,
    )
    return st.builds(_rules, permissions, powers)


def _rules(
    permissions: dict[tuple[str, str], str], powers: set[tuple[str, ...]]
) -> tuple[Line, ...]:
    return (
        *(
            Line("p", (role, "file", action, effect))
            for (role, action), effect in permissions.items()
        ),
        *(Line("p2", power) for power in sorted(powers)),
    )


def registers() -> st.SearchStrategy[tuple[Line, ...]]:
    """Two schools, of which one has an office, with a mode and a status each."""
    tree = [
        Line("g2", ("1.1", "1.0")),
        Line("g4", ("1.1", "level:school")),
        Line("g2", ("1.1.1", "1.1")),
        Line("g4", ("1.1.1", "level:office")),
        Line("g2", ("1.2", "1.0")),
        Line("g4", ("1.2", "level:school")),
    ]
    # files say that 1.1 is on paper
    words = ("mode:paper", "mode:screen", "status:passive")
    more = st.sets(
        st.sampled_from([Line("g2", ("1.2", word)) for word in words[:2]]), max_size=1
    )
    closed = st.sets(
        st.sampled_from([Line("g2", (place, words[2])) for place in ("1.1.1", "1.2")])
    )
    paper = Line("g2", ("1.1", "mode:paper"))
    return st.builds(lambda a, b: (*tree, paper, *sorted(a | b, key=str)), more, closed)


def grants() -> st.SearchStrategy[tuple[Line, ...]]:
    """What people hold."""
    one = st.builds(
        lambda who, role, place: Grant(who, role, place, YEAR).line,
        st.sampled_from(PEOPLE),
        st.sampled_from((*ROLES, "role:tunnus")),
        st.sampled_from(PLACES),
    )
    return st.lists(one, max_size=8).map(tuple)


DRAWN = st.builds(Drawn, rules(), registers(), grants())


def answers(snapshot: Snapshot) -> Iterator[bool]:
    """Every question there is about these people and places."""
    ask = snapshot.evaluator.ask
    for who, place in product(PEOPLE, PLACES):
        for action in ACTIONS:
            yield ask(Request(who, action, "file", place), DAY).allowed
        for to, role in product(PEOPLE, ROLES):
            yield ask(PowerRequest(who, to, role, place), DAY).allowed
            yield ask(RevocationRequest(who, to, role, place), DAY).allowed


@pytest.mark.parametrize("check", ["redundant-rule", "never-decides"])
@given(drawn=DRAWN)
def test_rule_that_says_nothing_can_go(check: str, drawn: Drawn) -> None:
    """Without it, every answer is the same."""
    found = drawn.found(check)
    expected = [*answers(drawn.snapshot(drawn.rules))] if found else []
    for rule in found:
        others = [other for other in drawn.rules if other != rule]
        assert [*answers(drawn.snapshot(others))] == expected


@given(drawn=DRAWN)
def test_deny_that_takes_anything_away_is_found(drawn: Drawn) -> None:
    """Where none is found, the rules that deny can all go."""
    if not drawn.found("deny-hides-allow"):
        allowing = [rule for rule in drawn.rules if rule.values[-1] != "deny"]
        expected = [*answers(drawn.snapshot(drawn.rules))]
        assert [*answers(drawn.snapshot(allowing))] == expected


@given(drawn=DRAWN)
def test_action_that_nobody_has_nobody_may_do(drawn: Drawn) -> None:
    """Whatever they hold."""
    reasons = [
        one.reason for one in drawn.linted.findings if one.check == "action-nobody-has"
    ]
    ask = drawn.snapshot(drawn.rules).evaluator.ask
    for action in ACTIONS:
        if any(f"`{action}`" in reason for reason in reasons):
            for who, place in product(PEOPLE, PLACES):
                assert not ask(Request(who, action, "file", place), DAY).allowed


def spread(drawn: Drawn, first: Iterable[Line]) -> set[Line]:
    """All grants that people can give each other, beginning with some."""
    held = set(first)
    while True:
        snapshot = drawn.snapshot(drawn.rules, held)
        new = {
            Grant(to, role, place, YEAR).line
            for who, to, role, place in product(PEOPLE, PEOPLE, ROLES, PLACES)
            if snapshot.evaluator.ask(PowerRequest(who, to, role, place), DAY).allowed
        }
        if new <= held:
            return held
        held |= new


@given(drawn=DRAWN)
def test_role_that_nobody_can_get_nobody_gets(drawn: Drawn) -> None:
    """Beginning with the first grant of the policy, and credentials."""
    reasons = " ".join(
        one.reason for one in drawn.linted.findings if one.check == "unreachable-role"
    )
    first = [
        Grant("person:a", "role:chief", "1.0", YEAR).line,
        *(Grant("system:c", "role:tunnus", place, YEAR).line for place in PLACES),
    ]
    got = {line.values[1] for line in spread(drawn, first)}
    for role in got:
        assert f"nobody can ever get `{role.removeprefix('role:')}`" not in reasons


@given(drawn=DRAWN, role=st.sampled_from(ROLES))
def test_role_that_comes_back_is_a_cycle(drawn: Drawn, role: str) -> None:
    """Where one holder can make another one, with whoever helps."""
    first = [Grant("person:a", role, place, YEAR).line for place in PLACES]
    credentials = [
        Grant("system:c", "role:tunnus", place, YEAR).line for place in PLACES
    ]
    got = spread(drawn, [*first, *credentials]) - {*first}
    if any(line.values[1] == role for line in got):
        assert drawn.found("power-cycle")
