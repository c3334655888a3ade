"""Requirements on why a request for access was allowed or denied."""

from __future__ import annotations

from datetime import date

import pytest

from oikeus.decide.decision import Cause, Decision
from oikeus.terms import Names, Request

from .small_world import POLICY, USER_RULE, grant, held, model_with, point, row

NAMES = {
    "north": Names(fi="Pohjoinen"),
    "north-school": Names(sv="Nordskolan"),
    "south": Names(fi="Etelä"),
}
DENIAL = "p, role:user, plan, read, deny"


def decide(
    *rows: str,
    who: str = "person:1",
    may: str = "read",
    at: str = "north",
    day: date | None = None,
    policy: str = POLICY,
) -> Decision:
    """Decide in the small world and further rows, with named organisations."""
    asked = point(*rows, names=NAMES, version=4, policy=policy)
    return asked.decide(Request(who, may, "plan", at), day)


def test_an_allow_tells_the_grant_and_the_rule() -> None:
    """The determining rule with its place and numbers, and the grant behind it."""
    found = decide(held("person:1", "user", "north"), at="north-office")
    assert found.allowed
    assert (
        found.reason
        == f"`user` at `north` (Pohjoinen) until 2026-12-31, by {USER_RULE}"
    )
    assert found.rule == row("p, role:user, plan, read, allow")
    assert found.grant == grant("person:1", "user", "north")
    assert found.version == 4
    assert found.at == date(2026, 3, 1)
    assert (found.misses, found.roles, found.granters) == ((), (), ())


USER = held("person:1", "user", "north")
BLOCK = "g3, person:1, blocked"
SOUTH = "`user` is held at `south` (Etelä), not at or above `north` (Pohjoinen)"
BLOCKED = "the subject is blocked, and denied everything until the block is lifted"

MISSES = {
    "not begun": (
        [held("person:1", "user", "north", "2026-03-02..2026-12-31")],
        [(Cause.NOT_BEGUN, "`user` begins on 2026-03-02")],
    ),
    "ended": (
        [held("person:1", "user", "north", "2025-03-01..2026-02-28")],
        [(Cause.ENDED, "`user` ended on 2026-02-28")],
    ),
    "elsewhere": ([held("person:1", "user", "south")], [(Cause.ELSEWHERE, SOUTH)]),
    "below": (
        [held("person:1", "user", "north-school")],
        [
            (
                Cause.ELSEWHERE,
                (
                    "`user` is held at `north-school` (Nordskolan), "
                    "not at or above `north` (Pohjoinen)"
                ),
            )
        ],
    ),
    "blocked": ([USER, BLOCK], [(Cause.BLOCKED, BLOCKED)]),
    "wrong level": (
        [held("person:1", "boss", "north-school")],
        [
            (
                Cause.INERT,
                (
                    "the grant `boss` is inert: `role:boss` cannot be held at "
                    "`north-school`, whose levels are: level:school"
                ),
            ),
            (
                Cause.ELSEWHERE,
                (
                    "`boss` is held at `north-school` (Nordskolan), "
                    "not at or above `north` (Pohjoinen)"
                ),
            ),
        ],
    ),
    "no domain": (
        ["g, person:1, role:user, north@2026"],
        [
            (
                Cause.INERT,
                (
                    "the grant `user` is inert: "
                    "`2026` is no span of days, expected FIRST-DAY..LAST-DAY"
                ),
            )
        ],
    ),
    "no domain, and blocked": (
        ["g, person:1, role:user", "g, person:1", "q, person:1, role:user", BLOCK],
        [
            (Cause.INERT, "the grant `user` is inert: has 2 values, expected 3"),
            (Cause.BLOCKED, BLOCKED),
        ],
    ),
    "everything": (
        [held("person:1", "user", "south", "2025"), BLOCK],
        [
            (Cause.ELSEWHERE, SOUTH),
            (Cause.ENDED, "`user` ended on 2025-12-31"),
            (Cause.BLOCKED, BLOCKED),
        ],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), MISSES.values(), ids=MISSES)
def test_a_denial_tells_what_stood_in_the_way(
    rows: list[str], expected: list[tuple[Cause, str]]
) -> None:
    """The least that would have had to be otherwise, in one sentence."""
    found = decide(*rows)
    assert not found.allowed
    assert [(miss.cause, miss.text) for miss in found.misses] == expected
    assert found.reason == " and ".join(text for _, text in expected)
    assert found.rule is None
    assert found.grant is None
    assert found.roles == ("role:boss", "role:user")
    assert found.granters == ("role:chief", "role:boss")


def test_a_person_with_a_systems_role_is_told_that_it_counts_for_nothing() -> None:
    """A row of the wrong kind is inert; no role would give it to a person (R10)."""
    found = decide(held("person:1", "robot", "north"), may="send")
    assert found.reason == (
        "the grant `robot` is inert: `role:robot` is for a system, not for a person"
    )
    assert found.roles == ()
    assert found.granters == ()


NEAREST = {
    "ended lately before ended long ago": (
        [
            held("person:1", "user", "north", "2024"),
            held("person:1", "user", "north", "2025"),
        ],
        "`user` ended on 2025-12-31",
    ),
    "ended before elsewhere": (
        [held("person:1", "user", "south"), held("person:1", "user", "north", "2025")],
        "`user` ended on 2025-12-31",
    ),
    "one thing before two": (
        [held("person:1", "boss", "south", "2025"), held("person:1", "user", "south")],
        SOUTH,
    ),
    "a role that gives it before another": (
        [
            held("person:1", "chief", "root", "2025"),
            held("person:1", "user", "north", "2024"),
        ],
        "`user` ended on 2024-12-31",
    ),
}


@pytest.mark.parametrize(("rows", "reason"), NEAREST.values(), ids=NEAREST)
def test_of_several_grants_the_nearest_is_told(rows: list[str], reason: str) -> None:
    """Whatever the order of the rows."""
    assert decide(*rows).reason == decide(*reversed(rows)).reason == reason


def test_a_grant_at_a_place_that_cannot_be_asked_for_is_no_near_miss() -> None:
    """A row may hold any text; nobody can ask there instead."""
    rows = ["g2, a'b, root", "g4, a'b, level:school", held("person:1", "user", "a'b")]
    found = decide(*rows)
    assert found.misses == ()
    assert found.reason == "no role is held at `north` (Pohjoinen) or above it"


def test_a_deny_rule_is_told_with_the_grant_it_came_through() -> None:
    """It is what stood in the way where another rule would have allowed."""
    found = decide(USER, DENIAL)
    assert found.reason == f"denied by `{DENIAL}`"
    assert [miss.cause for miss in found.misses] == [Cause.RULE]
    assert found.rule == row(DENIAL)
    assert found.grant == grant("person:1", "user", "north")
    assert found.roles == ("role:boss",)


def test_all_deny_rules_that_match_are_told() -> None:
    """Taking one away would not do."""
    rows = [USER, held("person:1", "boss", "north"), DENIAL]
    rows.append("p, role:boss, plan, read, deny")
    found = decide(*rows)
    assert found.reason == (
        "denied by `p, role:user, plan, read, deny` and "
        "denied by `p, role:boss, plan, read, deny`"
    )
    assert len(found.misses) == 2


def test_a_deny_rule_is_no_miss_where_nothing_would_have_allowed() -> None:
    """It is the reason all the same."""
    found = decide(USER, "p, role:user, plan, burn, deny", may="burn")
    assert found.reason == "denied by `p, role:user, plan, burn, deny`"
    assert found.misses == ()


def test_a_near_miss_that_a_deny_rule_would_catch_is_not_told() -> None:
    """At the place where the role is held, another role of the subject denies."""
    rows = [held("person:1", "user", "south"), held("person:1", "boss", "south")]
    found = decide(*rows, "p, role:boss, plan, read, deny")
    assert found.misses == ()
    assert found.reason == "no role is held at `north` (Pohjoinen) or above it"


NO_MISS = {
    "nothing held": ([], {}, "no role is held at `north` (Pohjoinen) or above it"),
    "nothing held, and blocked": (
        [BLOCK],
        {},
        (
            "no role is held at `north` (Pohjoinen) or above it; "
            "besides, the subject is blocked"
        ),
    ),
    "a role that does not give it": (
        [held("person:1", "chief", "root"), held("person:1", "user", "north")],
        {"may": "send"},
        "what is held here (`chief`, `user`) does not give `send` on `plan`",
    ),
    "no role for this kind": (
        [],
        {"may": "send"},
        (
            "no role that a person can hold at `north` (Pohjoinen) or above it "
            "gives `send` on `plan`"
        ),
    ),
    "no role for this place": (
        [held("person:1", "user", "north")],
        {"at": "root"},
        "no role that a person can hold at `root` or above it gives `read` on `plan`",
    ),
    "an unknown action": ([USER], {"may": "burn"}, "no rule is about `burn` on `plan`"),
    "an unknown organisation": (
        [USER, BLOCK],
        {"at": "mars"},
        "organisation `mars` is not in the register",
    ),
}


@pytest.mark.parametrize(("rows", "asked", "reason"), NO_MISS.values(), ids=NO_MISS)
def test_where_no_grant_comes_near_it_is_told_what_is_missing(
    rows: list[str], asked: dict[str, str], reason: str
) -> None:
    """The whole reason, and no misses."""
    found = decide(*rows, **asked)  # type: ignore[arg-type]
    assert not found.allowed
    assert found.reason == reason
    assert found.misses == ()


def test_a_model_that_asks_for_no_grant_is_explained_by_its_rule_alone() -> None:
    """There may be no grant behind an allow."""
    model = model_with(m='r.obj == p.obj && r.act == p.act && r.sub != "person:2"')
    found = point(model=model).decide(Request("person:1", "send", "plan", "north"))
    assert (
        found.reason
        == "by `p, role:robot, plan, send, allow` (policies/rules.csv:20; R10)"
    )
    assert found.grant is None
    denied = point(model=model).decide(Request("person:2", "send", "plan", "north"))
    assert not denied.allowed


def test_a_rule_that_compares_patterns_is_not_said_to_be_missing() -> None:
    """Where some role gives it, there is a rule about it."""
    model = model_with(
        m='r.sub != p.sub && g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub) '
        '&& g3(p.sub, r.kind) && r.obj == p.obj && (p.act == "*" || r.act == p.act)'
    )
    asked = point("p, role:boss, plan, *, allow", model=model)
    found = asked.decide(Request("person:1", "burn", "plan", "north"))
    assert found.reason == "no role is held at `north` or above it"
    assert found.roles == ("role:boss",)
