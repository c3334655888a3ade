"""A small world for the tests of the decision point, and the builders that make it.

Below the root, `north` sends data by itself, `south` types it in, `bare` does neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from oikeus.decide.decision_point import DecisionPoint
from oikeus.decide.snapshot import Snapshot
from oikeus.policy.lines import read_lines
from oikeus.policy.model import Model, load_model, parse_model
from oikeus.terms import Grant, Line, Names, Span

DAY = date(2026, 3, 1)

SHIPPED: Model = load_model(Path(__file__).resolve().parents[3] / "model.conf")

POLICY = """\
# R1: officials, and a system that sends
g3, role:chief, person
g3, role:boss, person
g3, role:user, person
g3, role:robot, system
g3, role:tunnus, system

# A: where each may be held
g4, level:root, role:chief
g4, level:provider, role:boss
g4, level:provider, role:user
g4, level:school, role:user
g4, level:provider, role:robot
g4, level:provider, role:tunnus

# R3, R8: the boss reads too
p, role:boss, plan, read, allow
p, role:user, plan, read, allow
# R10: every call is one action
p, role:robot, plan, send, allow

# B: first grants
p2, role:chief, role:boss, *, *
# R6, D: in their own organisation
p2, role:boss, role:user, mode:auto, active
p2, role:boss, role:robot, mode:auto, active
"""

TREE = """\
g4, root, level:root
g2, north, root
g4, north, level:provider
g2, north, mode:auto
g2, north-school, north
g4, north-school, level:school
g2, north-office, north-school
g2, south, root
g4, south, level:provider
g2, south, mode:hand
g2, bare, root
g4, bare, level:provider
"""

USER_RULE = "`p, role:user, plan, read, allow` (policies/rules.csv:18; R3, R8)"
"""How reasons quote the rule that lets a user read."""


def lines(*rows: str, policy: str = POLICY, tree: str = TREE) -> tuple[Line, ...]:
    """The lines of the small world and further rows, written as in a file."""
    return (
        *read_lines(policy, "policies/rules.csv").lines,
        *read_lines(tree, "policies/tree.csv").lines,
        *map(row, rows),
    )


def row(written: str) -> Line:
    """A line as it comes from a database: whatever it holds, and no source."""
    ptype, *values = written.split(", ")
    return Line(ptype, tuple(values))


def snapshot(
    *rows: str,
    model: Model = SHIPPED,
    policy: str = POLICY,
    tree: str = TREE,
    names: Mapping[str, Names] | None = None,
    version: int = 0,
) -> Snapshot:
    """Index the small world and further rows."""
    every = lines(*rows, policy=policy, tree=tree)
    return Snapshot.build(model, every, names=names, version=version)


def point(
    *rows: str,
    model: Model = SHIPPED,
    policy: str = POLICY,
    tree: str = TREE,
    names: Mapping[str, Names] | None = None,
    version: int = 0,
) -> DecisionPoint:
    """Decide by the small world and further rows, on DAY unless told otherwise."""
    made = snapshot(
        *rows, model=model, policy=policy, tree=tree, names=names, version=version
    )
    return DecisionPoint(made, today=lambda: DAY)


def held(subject: str, role: str, place: str, days: str = "2026") -> str:
    """A row that grants a role: over a year, or from a day until a day."""
    first, _, last = days.partition("..")
    if not last:
        first, last = f"{days}-01-01", f"{days}-12-31"
    return f"g, {subject}, role:{role}, {place}@{first}..{last}"


def grant(subject: str, role: str, place: str, days: str = "2026") -> Grant:
    """The same as a value."""
    return Grant.parse(row(held(subject, role, place, days)))


def model_with(**definitions: str) -> Model:
    """The shipped model with other definitions, of `m` or `p2` for example."""
    text = SHIPPED.text.replace("\\\n", " ")
    kept = [
        written
        for written in text.splitlines()
        if written.partition("=")[0].strip() not in definitions
    ]
    sections = {
        "r": "request_definition",
        "p": "policy_definition",
        "g": "role_definition",
        "e": "policy_effect",
        "m": "matchers",
    }
    for key, value in definitions.items():
        kept.insert(kept.index(f"[{sections[key[0]]}]") + 1, f"{key} = {value}")
    return parse_model("\n".join(kept))


GRANT = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'
"""The term by which a matcher insists on a grant."""

TERMS = (
    "r.sub != p.sub",
    GRANT,
    "g3(p.sub, r.kind)",
    '!g3(r.sub, "blocked")',
    "r.obj == p.obj",
    "r.act == p.act",
)
"""The terms of the shipped matcher for access."""


def written(*terms: str, e: str | None = None) -> Model:
    """The shipped model with these terms for access, and perhaps another effect."""
    matcher = " && ".join(terms)
    return model_with(m=matcher) if e is None else model_with(m=matcher, e=e)


def without(*gone: str) -> tuple[str, ...]:
    """The terms of the shipped matcher but for these."""
    return tuple(term for term in TERMS if term not in gone)


def one_day(day: date = DAY) -> Span:
    """A span of a single day."""
    return Span(day, day)
