"""Casbin's enforcers among the contenders, stock ones and ours that replaces them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import casbin
from casbin.model import FastModel
from casbin.model import Model as CasbinModel
from casbin.persist import Adapter

import oikeus
from oikeus.terms import kind_of

from .questions import Question
from .worlds import ROOT, World, model, policies

MODEL = ROOT / "model.conf"
_ASKED = "r = sub, kind, org, day, obj, act"
# `FastEnforcer` looks a position up in the request and in the rule alike
_ASKED_FAST = "r = sub, obj, act, kind, org, day"
_OBJ_ACT = (1, 2)
_PLAIN = """
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
"""


class Lines(Adapter):  # type: ignore[misc]
    """Hands lines to an enforcer as they are, without the text in between."""

    def __init__(self, lines: Iterable[oikeus.Line]) -> None:
        self.lines = lines

    def load_policy(self, model: CasbinModel) -> None:
        """Put each line into the model."""
        for line in self.lines:
            model[line.ptype[0]][line.ptype].policy.append([*line.values])


class _FastModel(FastModel):  # type: ignore[misc]
    """Casbin's, mended: it would load only the first definition of each section."""

    def add_def(self, sec: str, key: str, value: str) -> bool:
        """Add a definition, and say so where there is one: the reader then goes on."""
        super().add_def(sec, key, value)
        return value != ""


def ours(world: World) -> oikeus.DecisionPoint:
    """The decision point, as a service has it."""
    return oikeus.DecisionPoint(
        oikeus.Snapshot.build(model(), world.lines(), catalogue=policies().catalogue)
    )


def stock(world: World) -> casbin.Enforcer:
    """The stock enforcer, prepared as docs/casbin.md says."""
    return _prepared(casbin.Enforcer(str(MODEL), Lines(world.lines())))


def fast(world: World) -> casbin.FastEnforcer:
    """Casbin's `FastEnforcer`, which tries only rules about the resource and action.

    It needs them at the same positions in requests and rules, so that for it alone the
    request definition names its values in another order; the matcher is the same.
    """
    text = MODEL.read_text(encoding="utf-8")
    if _ASKED not in text:
        message = f"the model asks in another order than `{_ASKED}`"
        raise ValueError(message)
    parsed = _FastModel(_OBJ_ACT)
    parsed.load_model_from_text(text.replace(_ASKED, _ASKED_FAST))
    lines = Lines(world.lines())
    return _prepared(casbin.FastEnforcer(parsed, lines, cache_key_order=_OBJ_ACT))


def drop_in(world: World) -> Any:  # noqa: ANN401 - it may not be there yet
    """`oikeus.Enforcer`, prepared as the stock one; nothing where there is none."""
    made: Callable[..., Any] | None = getattr(oikeus, "Enforcer", None)
    return made and _prepared(made(str(MODEL), Lines(world.lines())))


def plain_drop_in() -> Any:  # noqa: ANN401 - pycasbin has no types
    """`oikeus.Enforcer` on Casbin's own RBAC with domains, without any function."""
    allowed = [("admin", f"d{n}", f"data{n}", "read") for n in range(100)]
    held = [(f"user{n}", "admin", f"d{n}") for n in range(100)]
    lines = [oikeus.Line("p", values) for values in allowed]
    lines += [oikeus.Line("g", values) for values in held]
    parsed = CasbinModel()
    parsed.load_model_from_text(_PLAIN)
    enforcer: Callable[..., Any] = getattr(oikeus, "Enforcer")  # noqa: B009 - not yet
    return enforcer(parsed, Lines(lines))


def as_requests(questions: Sequence[Question], world: World) -> list[tuple[str, ...]]:
    """The questions as the model's `r` has them, with kinds and day worked out."""
    day = world.today.isoformat()
    return [
        (subject, kind_of(subject), organisation, day, resource, action)
        for subject, action, resource, organisation in questions
    ]


def as_fast_requests(
    questions: Sequence[Question], world: World
) -> list[tuple[str, ...]]:
    """The same in the order of `fast`."""
    day = world.today.isoformat()
    return [
        (subject, resource, action, kind_of(subject), organisation, day)
        for subject, action, resource, organisation in questions
    ]


def _prepared(enforcer: Any) -> Any:  # noqa: ANN401 - pycasbin has no types
    oikeus.prepare(enforcer)
    return enforcer
