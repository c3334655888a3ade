"""Requirements on why somebody may or may not grant a role."""

from __future__ import annotations

from datetime import date

import pytest

from oikeus.decide.decision import Cause, Decision, Miss
from oikeus.decide.explain_power import hindrances
from oikeus.terms import Names

from .small_world import DAY, POLICY, grant, held, model_with, point, row, snapshot

NAMES = {"north": Names(fi="Pohjoinen"), "south": Names(fi="Etelä")}
BOSS = held("person:1", "boss", "north")
BLOCK = "g3, person:1, blocked"


def may_grant(
    *rows: str,
    role: str = "user",
    to: str = "person:2",
    at: str = "north",
    policy: str = POLICY,
) -> Decision:
    """Ask whether person:1 may, in the small world and further rows."""
    asked = point(*rows, names=NAMES, version=4, policy=policy)
    return asked.may_grant("person:1", to, role, at)


def test_an_allow_tells_the_grant_and_the_power() -> None:
    """The power's line with its place and numbers, and the granter's own grant."""
    found = may_grant(BOSS, at="north-school")
    assert found.allowed
    assert found.reason == (
        "`boss` at `north` (Pohjoinen) until 2026-12-31, by "
        "`p2, role:boss, role:user, mode:auto, active` (policies/rules.csv:25; R6, D)"
    )
    assert found.rule == row("p2, role:boss, role:user, mode:auto, active")
    assert found.grant == grant("person:1", "boss", "north")
    assert (found.version, found.at) == (4, date(2026, 3, 1))
    assert (found.misses, found.roles, found.granters) == ((), (), ())


ELSEWHERE = "`boss` is held at `south` (Etelä), not at or above `north` (Pohjoinen)"
AUTO = "g2, south, mode:auto"
NORTH_IS_PASSIVE = "`north` (Pohjoinen) is `passive`: no new grants there or below"
SCHOOL_IS_PASSIVE = "`north-school` is `passive`: no new grants there or below"
FOR_SYSTEMS = "`robot` is for a system, not for a person"
NO_MODE = "`bare` has the transfer mode none; expected `auto`"

MISSES: dict[str, tuple[list[str], dict[str, str], list[tuple[Cause, str]]]] = {
    "to oneself": (
        [BOSS],
        {"to": "person:1"},
        [(Cause.SELF, "nobody can grant a role to themselves")],
    ),
    "not begun": (
        [held("person:1", "boss", "north", "2027")],
        {},
        [(Cause.NOT_BEGUN, "`boss` begins on 2027-01-01")],
    ),
    "ended": (
        [held("person:1", "boss", "north", "2025")],
        {},
        [(Cause.ENDED, "`boss` ended on 2025-12-31")],
    ),
    "elsewhere": (
        [held("person:1", "boss", "south"), AUTO],
        {},
        [(Cause.ELSEWHERE, ELSEWHERE)],
    ),
    "blocked": (
        [BOSS, BLOCK],
        {},
        [
            (
                Cause.BLOCKED,
                (
                    "the subject is blocked, and denied everything until the block is "
                    "lifted"
                ),
            )
        ],
    ),
    "wrong kind of recipient": ([BOSS], {"role": "robot"}, [(Cause.KIND, FOR_SYSTEMS)]),
    "wrong kind, and oneself": (
        [BOSS],
        {"role": "robot", "to": "person:1"},
        [(Cause.KIND, FOR_SYSTEMS)],
    ),
    "no credential": (
        [BOSS],
        {"role": "robot", "to": "system:1"},
        [
            (
                Cause.CREDENTIAL,
                (
                    "the recipient is not registered as a credential at `north` "
                    "(Pohjoinen) or above it"
                ),
            )
        ],
    ),
    "wrong level": (
        [BOSS],
        {"at": "north-office"},
        [
            (
                Cause.LEVEL,
                (
                    "`user` cannot be held at `north-office`, whose level is none; "
                    "expected `provider`, `school`"
                ),
            )
        ],
    ),
    "another mode": (
        [held("person:1", "boss", "south")],
        {"at": "south"},
        [(Cause.MODE, "`south` (Etelä) has the transfer mode `hand`; expected `auto`")],
    ),
    "no mode": (
        [held("person:1", "boss", "bare")],
        {"at": "bare"},
        [(Cause.MODE, NO_MODE)],
    ),
    "passive": (
        [BOSS, "g2, north, status:passive"],
        {},
        [(Cause.STATUS, NORTH_IS_PASSIVE)],
    ),
    "passive above and itself": (
        [BOSS, "g2, north, status:passive", "g2, north-school, status:passive"],
        {"at": "north-school"},
        [(Cause.STATUS, SCHOOL_IS_PASSIVE), (Cause.STATUS, NORTH_IS_PASSIVE)],
    ),
    "another status is not to blame": (
        [BOSS, "g2, north-school, status:planned", "g2, north, status:passive"],
        {"at": "north-school"},
        [(Cause.STATUS, NORTH_IS_PASSIVE)],
    ),
    "inert": (
        [held("person:1", "boss", "north-school")],
        {"at": "north-school"},
        [
            (
                Cause.INERT,
                (
                    "the grant `boss` is inert: `role:boss` cannot be held at "
                    "`north-school`, whose levels are: level:school"
                ),
            )
        ],
    ),
    "much at once": (
        [held("person:1", "boss", "bare", "2025"), "g2, bare, status:passive"],
        {"at": "bare", "role": "robot", "to": "system:1"},
        [
            (Cause.ENDED, "`boss` ended on 2025-12-31"),
            (
                Cause.CREDENTIAL,
                "the recipient is not registered as a credential at `bare` or above it",
            ),
            (Cause.MODE, NO_MODE),
            (Cause.STATUS, "`bare` is `passive`: no new grants there or below"),
        ],
    ),
}


@pytest.mark.parametrize(("rows", "asked", "expected"), MISSES.values(), ids=MISSES)
def test_a_denial_tells_what_stood_in_the_way(
    rows: list[str], asked: dict[str, str], expected: list[tuple[Cause, str]]
) -> None:
    """The least that would have had to be otherwise, in one sentence."""
    found = may_grant(*rows, **asked)
    assert not found.allowed
    assert [(miss.cause, miss.text) for miss in found.misses] == expected
    assert found.reason == " and ".join(text for _, text in expected)
    assert found.roles == ("role:boss",)
    assert (found.rule, found.grant) == (None, None)


def test_of_several_grants_the_nearest_is_told() -> None:
    """A grant that ended is nearer than one at a passive place of another mode."""
    rows = [held("person:1", "boss", "bare"), "g2, bare, status:passive"]
    rows += [held("person:1", "chief", "root", "2025")]
    found = may_grant(*rows, "p2, role:chief, role:user, *, *", at="bare")
    assert found.reason == "`chief` ended on 2025-12-31"


def test_granters_are_those_who_may_grant_here() -> None:
    """Of the roles with the power, those that can use it at this place."""
    assert may_grant().granters == ("role:boss",)
    south = may_grant(at="south")
    assert (south.granters, south.roles) == ((), ("role:boss",))


NO_MISS = {
    "nothing held": (
        [],
        {},
        "the granter has no power over `user` at `north` (Pohjoinen)",
    ),
    "nothing held, and blocked": (
        [BLOCK],
        {},
        (
            "the granter has no power over `user` at `north` (Pohjoinen); "
            "besides, the subject is blocked"
        ),
    ),
    "power over others": (
        [held("person:1", "chief", "root")],
        {},
        (
            "the granter has no power over `user` at `north` (Pohjoinen); "
            "may grant here: `boss`"
        ),
    ),
    "what nobody grants": (
        [held("person:1", "chief", "root")],
        {"role": "chief", "at": "root"},
        "no power gives `chief`: it comes from the policy files only",
    ),
    "an unknown role": (
        [BOSS],
        {"role": "emperor"},
        (
            "unknown role `emperor`, expected one of "
            "`chief`, `boss`, `user`, `robot`, `tunnus`"
        ),
    ),
    "an unknown organisation": (
        [BOSS],
        {"at": "mars"},
        "organisation `mars` is not in the register",
    ),
}


@pytest.mark.parametrize(("rows", "asked", "reason"), NO_MISS.values(), ids=NO_MISS)
def test_where_no_power_comes_near_it_is_told_what_is_missing(
    rows: list[str], asked: dict[str, str], reason: str
) -> None:
    """The whole reason, and no misses."""
    found = may_grant(*rows, **asked)
    assert not found.allowed
    assert found.reason == reason
    assert found.misses == ()


def test_power_is_not_transitive() -> None:
    """Who may make a boss may not make the boss's users (ruling E)."""
    row_of_chief = held("person:1", "chief", "root")
    may = {
        role: may_grant(row_of_chief, role=role).allowed for role in ("boss", "user")
    }
    assert may == {"boss": True, "user": False}


def test_a_matcher_may_insist_on_nothing_about_the_granter() -> None:
    """There may be no grant behind an allow."""
    asked = point(model=model_with(m2="r2.role == p2.role && r2.sub != r2.to"))
    found = asked.may_grant("person:1", "person:2", "boss", "north")
    power = "p2, role:chief, role:boss, *, *"
    assert found.reason == f"by `{power}` (policies/rules.csv:23; B)"
    assert not asked.may_grant("person:1", "person:1", "boss", "north")


def test_nothing_hinders_a_grant_that_somebody_could_give() -> None:
    """Whoever that is, and whether there is anybody."""
    assert hindrances(snapshot(), "role:user", "person", "north", DAY) == ()


def test_nobody_can_give_a_role_that_no_power_is_over() -> None:
    """It comes from policy files only (ruling B)."""
    assert hindrances(snapshot(), "role:chief", "person", "root", DAY) is None


def test_what_hinders_everybody_is_told() -> None:
    """The least of what stands in the way of all who have the power."""
    made = snapshot("p2, role:chief, role:user, mode:auto, *")
    text = "`south` has the transfer mode `hand`; expected `auto`"
    found = hindrances(made, "role:user", "person", "south", DAY)
    assert found == (Miss(Cause.MODE, text),)
    passive = snapshot("g2, north, status:passive")
    text = "`north` is `passive`: no new grants there or below"
    found = hindrances(passive, "role:user", "person", "north", DAY)
    brief = "what is above `north` is `passive`: no new grants here"
    assert found == (Miss(Cause.STATUS, text, "north", brief),)


def test_something_hinders_where_it_cannot_be_told_what() -> None:
    """At an organisation that nothing is known of, for one."""
    found = hindrances(snapshot(), "role:user", "person", "mars", DAY)
    assert found == (
        Miss(Cause.LEVEL, "nobody can grant the role at this organisation"),
    )
