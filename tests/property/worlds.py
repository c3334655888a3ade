"""Random worlds: organisations, policies, grants and rows that should not be there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from hypothesis import strategies as st

from oikeus.policy.lines import read_lines
from oikeus.policy.model import Model, load_model
from oikeus.terms import Line

ROOT = Path(__file__).resolve().parents[2]
MODEL: Model = load_model(ROOT / "model.conf")
_EHOKS = ROOT / "policies" / "ehoks.csv"
SHIPPED: tuple[Line, ...] = read_lines(
    _EHOKS.read_text(encoding="utf-8"), "policies/ehoks.csv"
).lines

FIRST_DAY = date(2026, 2, 27)
DAYS = tuple(FIRST_DAY + timedelta(days) for days in range(5))
ORGANISATIONS = tuple(f"o{number}" for number in range(7))
UNKNOWN = "x"
"""An organisation that no register brought, though a row may speak of it."""
_WIDE = f"{DAYS[0].isoformat()}..{DAYS[-1].isoformat()}"
PERSONS = tuple(f"person:{number}" for number in range(4))
SYSTEMS = ("system:0", "system:1")
SUBJECTS = (*PERSONS, *SYSTEMS)
LEVELS = ("level:koulutustoimija", "level:oppilaitos", "level:toimipiste")
MODES = ("mode:integraatio", "mode:syottoliittyma")
CREDENTIAL = "role:tunnus"
_OWN_ROLES = ("role:a", "role:b", "role:c", CREDENTIAL)
_OWN_DEEDS = (("read", "hoks"), ("update", "hoks"), ("read", "report"))

Question = tuple[str, str, str, str, date]
"""The parts of a question in the order of the decision point, the day last."""


@dataclass(frozen=True)
class World:
    """Lines, and the words that questions about them are made of."""

    lines: tuple[Line, ...]
    roles: tuple[str, ...]
    deeds: tuple[tuple[str, str], ...]

    def accesses(self) -> Iterator[Question]:
        """Every question about access: subject, action, resource, place and day."""
        for subject, deed, place, day in product(
            SUBJECTS, self.deeds, (*ORGANISATIONS, UNKNOWN), DAYS
        ):
            yield subject, *deed, place, day

    def powers(self) -> Iterator[Question]:
        """Every question about powers: granter, recipient, role, place and day."""
        places = (*ORGANISATIONS, UNKNOWN)
        yield from product(PERSONS, SUBJECTS, self.roles, places, DAYS[1::2])


def line(ptype: str, *values: str) -> Line:
    """A line without a source."""
    return Line(ptype, values)


@st.composite
def trees(draw: st.DrawFn) -> list[Line]:
    """A tree of every shape, with levels, modes and statuses anywhere in it."""
    lines = [line("g4", ORGANISATIONS[0], "level:root")]
    depths = [0]
    for number in range(1, draw(st.integers(3, len(ORGANISATIONS)))):
        place = ORGANISATIONS[number]
        parent = draw(st.integers(0, number - 1))
        depths.append(depths[parent] + 1)
        lines.append(line("g2", place, ORGANISATIONS[parent]))
        usual = LEVELS[min(depths[number], len(LEVELS)) - 1]
        levels = draw(st.sampled_from([(usual,), (usual,), (), LEVELS[:2], LEVELS[1:]]))
        lines += [line("g4", place, level) for level in levels]
        if depths[number] == 1:
            lines += [line("g2", place, draw(st.sampled_from(MODES)))]
    anywhere = st.sampled_from(ORGANISATIONS[: len(depths)])
    for word in (*MODES, "status:passive"):
        for place in draw(st.lists(anywhere, max_size=1)):
            lines.append(line("g2", place, word))
    return list(dict.fromkeys(lines))


@st.composite
def policies(draw: st.DrawFn) -> list[Line]:
    """A policy nobody would write: any rule and power, denials among them."""
    role = st.sampled_from(_OWN_ROLES)
    deed = st.sampled_from(_OWN_DEEDS)
    effect = st.sampled_from(["allow", "allow", "allow", "deny", "dney"])
    mode = st.sampled_from(["*", *MODES])
    status = st.sampled_from(["*", "active", "closed"])
    rules = draw(st.lists(st.tuples(role, deed, effect), min_size=2, max_size=8))
    powers = draw(st.lists(st.tuples(role, role, mode, status), min_size=2, max_size=8))
    kinds = [(who, "person") for who in _OWN_ROLES[:2]]
    kinds += draw(st.lists(st.tuples(role, st.sampled_from(["person", "system"]))))
    level = st.sampled_from(["level:root", *LEVELS])
    held = draw(st.lists(st.tuples(level, role), min_size=4, max_size=12))
    return [
        *(line("p", who, what, act, eft) for who, (act, what), eft in rules),
        *(line("p2", *power) for power in powers),
        # what is registered as a credential is always a system
        line("g3", CREDENTIAL, "system"),
        *(line("g3", *pair) for pair in kinds),
        *(line("g4", *pair) for pair in held),
    ]


def spans() -> st.SearchStrategy[str]:
    """Spans of days about those that are asked for; some end before they begin."""
    near = st.integers(-2, len(DAYS) + 1).map(lambda days: FIRST_DAY + timedelta(days))
    return st.tuples(near, near).map(
        lambda days: f"{days[0].isoformat()}..{days[1].isoformat()}"
    )


def domains() -> st.SearchStrategy[str]:
    """Domains of grants; one in four has no form that can be read."""
    good = st.tuples(st.sampled_from((*ORGANISATIONS, UNKNOWN)), spans())
    bad = st.sampled_from(
        [
            "o1",
            "o1@",
            f"@{_WIDE}",
            f"o1@{DAYS[0].isoformat()}",
            f"o1@@{_WIDE}",
            f"o1@{_WIDE}@role:a",
            "o1@2026-2-1..2026-3-31",
            "o1@2026..2027",
            "o1@20260101..20271231",
            "o1@2026-02-30..2026-03-31",
            f"o1@ {_WIDE}",
        ]
    )
    joined = good.map("@".join)
    return st.one_of(joined, joined, joined, bad)


@st.composite
def grants(draw: st.DrawFn, roles: tuple[str, ...], policy: list[Line]) -> list[Line]:
    """Grants to those whom a role is for, and of anything to anybody anywhere."""
    suitable = [
        (subject, role)
        for subject in SUBJECTS
        for role in roles
        if line("g3", role, subject.split(":")[0]) in policy
    ]
    places = st.sampled_from(ORGANISATIONS[:5])
    plain = st.tuples(st.sampled_from(suitable), places)
    anybody = st.sampled_from((*SUBJECTS, *roles, "nobody"))
    odd = st.tuples(anybody, st.sampled_from(roles), domains())
    return [
        *(
            line("g", *pair, f"{place}@{_WIDE}")
            for pair, place in draw(st.lists(plain, min_size=8, max_size=20))
        ),
        *(line("g", *row) for row in draw(st.lists(odd, max_size=8))),
    ]


@st.composite
def oddities(draw: st.DrawFn) -> list[Line]:
    """Blocks, broken trees, and rows that no definition of the model is for."""
    blocked = draw(st.lists(st.sampled_from((*SUBJECTS, "person:9")), max_size=2))
    rows = draw(
        st.lists(
            st.sampled_from(
                [
                    line("p", "role:a", "hoks", "read"),
                    line("p", "role:a", "hoks", "read", "allow", "deny"),
                    line("p2", "role:a", "role:b", "*"),
                    line("g", "person:0", "role:a"),
                    line("g", "person:0", "role:a", "o1@2026-01-01..2026-12-31", "x"),
                    line("g", "person:0", "role:a", f"{MODES[0]}@{_WIDE}"),
                    line("g", "person:1", "role:ehoks-kayttaja", f"{UNKNOWN}@{_WIDE}"),
                    line("g2", "o1"),
                    line("g2", "o1", "o3"),
                    line("g2", "o0", "o2"),
                    line("g2", MODES[0], "o1"),
                    line("g2", "o2", ""),
                    line("g4", UNKNOWN, LEVELS[1]),
                    line("g4", MODES[0], LEVELS[0]),
                    line("g4", "o6", LEVELS[1]),
                    line("g3", "system", "person"),
                    line("g3", "role:b", "role:a"),
                    line("g3", "person:0", "person:1"),
                    line("g4", LEVELS[2], LEVELS[0]),
                    line("g4", "role:a", "role:b"),
                    line("g3", "role:a", "person", "system"),
                    line("g4", "o1", "level:oppilaitos", "role:a"),
                    line("g5", "person:0", "role:a"),
                    line("q", "role:a", "hoks", "read", "allow"),
                    line("p", "", "hoks", "read", "allow"),
                    line("g", "", "role:a", "o1@2026-01-01..2026-12-31"),
                ]
            ),
            max_size=4,
        )
    )
    return [*(line("g3", subject, "blocked") for subject in blocked), *rows]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world under the shipped policy, or under one of its own; in any order."""
    if draw(st.booleans()):
        roles = tuple(
            dict.fromkeys(
                found.values[0]
                for found in SHIPPED
                if found.ptype == "g3" and found.values[0].startswith("role:")
            )
        )
        rules = [found for found in SHIPPED if found.ptype == "p"]
        deeds = tuple(dict.fromkeys((rule.values[2], rule.values[1]) for rule in rules))
        policy = list(SHIPPED)
    else:
        roles, deeds, policy = _OWN_ROLES, _OWN_DEEDS, draw(policies())
    lines = [*policy, *draw(trees()), *draw(grants(roles, policy)), *draw(oddities())]
    return World(tuple(draw(st.permutations(lines))), roles, deeds)
