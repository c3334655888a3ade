"""Builders for what the tests of policies need, one a concept; none reads a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from oikeus.policy.catalogue import (
    Catalogue,
    Ending,
    Label,
    Level,
    Resource,
    Role,
    Status,
    Validity,
)
from oikeus.policy.model import Model, parse_model
from oikeus.policy.tree import Tree
from oikeus.terms import Line, Source

MODEL = """\
# small, and of the shape of the shipped one
[request_definition]
r = sub, kind, org, day, obj, act
r2 = sub, by, to, kind, org, day, role

[policy_definition]
p = sub, obj, act, eft
p2 = sub, role, mode, status

[role_definition]
g = _, _, _
g2 = _, _
g3 = _, _
g4 = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
e2 = some(where (p.eft == allow))

[matchers]
m = r.sub != p.sub && g(r.sub, p.sub, r.org + "@" + r.day) && r.act == p.act
m2 = g(r2.sub, p2.sub, r2.org + "@" + r2.day) && r2.role == p2.role \\
    && (p2.mode == "*" || g2(r2.org, p2.mode)) && p2.status == "active"
"""

MakeModel = Callable[[Mapping[str, str]], Model]
MakeLines = Callable[[str], list[Line]]
MakeTree = Callable[[str], Tree]


def model_text(changes: Mapping[str, str]) -> str:
    """The small model's text, with pieces of it put otherwise."""
    text = MODEL
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old!r} does not stand once in the model"
        text = text.replace(old, new)
    return text


@pytest.fixture
def make_model() -> MakeModel:
    """Make a model, with pieces of its text put otherwise."""
    return lambda changes: parse_model(model_text(changes))


@pytest.fixture
def model(make_model: MakeModel) -> Model:
    """The small model."""
    return make_model({})


@pytest.fixture
def make_lines() -> MakeLines:
    """Make lines of their text, numbered from 1 in t.csv."""

    def make(text: str) -> list[Line]:
        lines = []
        for number, written in enumerate(text.strip().splitlines(), 1):
            ptype, *values = (value.strip() for value in written.split(","))
            lines.append(Line(ptype, tuple(values), Source("t.csv", number)))
        return lines

    return make


@pytest.fixture
def make_tree(make_lines: MakeLines) -> MakeTree:
    """Draw a tree of the text of lines."""
    return lambda text: Tree.from_lines(make_lines(text))


@pytest.fixture
def catalogue() -> Catalogue:
    """The words of a small policy: two roles, two kinds, two levels, two modes."""
    label = Label("fi", "sv", "en")
    role = Role(label, Validity(Ending("P1Y"), Ending("P1Y")))
    return Catalogue(
        kinds={"person": label, "system": label},
        levels={"root": Level(label), "school": Level(label, ("02",))},
        modes={"push": label, "typed": label},
        statuses={
            "active": Status(label, ("AKTIIVINEN",)),
            "passive": Status(label, ("PASSIIVINEN",)),
        },
        resources={"plan": Resource(label, {"read": label, "share": label})},
        roles={"chief": role, "reader": role},
    )
