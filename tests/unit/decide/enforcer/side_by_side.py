"""Our enforcer beside Casbin's, of the same model and rules, asked the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import casbin
from casbin.model import Model
from casbin.persist import Adapter

from oikeus import Enforcer
from oikeus.decide.matcher.plan import Plan

ALLOW = "some(where (p.eft == allow))"
BASIC = "r.sub == p.sub && r.obj == p.obj"
Rules = Sequence[Sequence[Any]]


def model(
    matcher: str = BASIC,
    *,
    effect: str = ALLOW,
    rule: str = "sub, obj",
    roles: str = "",
    more: str = "",
) -> Model:
    """A model of requests that name a subject and an object."""
    links = f"[role_definition]\n{roles}\n" if roles else ""
    made = Model()
    made.load_model_from_text(
        f"[request_definition]\nr = sub, obj\n[policy_definition]\np = {rule}\n{links}"
        f"[policy_effect]\ne = {effect}\n[matchers]\nm = {matcher}\n{more}"
    )
    return made


def both(rules: Rules = (), matcher: str = BASIC, **given: str) -> tuple[Any, Any]:
    """Our enforcer and Casbin's, of the same model and rules."""
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        enforcer = kind(model(matcher, **given))
        enforcer.model["p"]["p"].policy.extend([*rule] for rule in rules)
        found.append(enforcer)
    return found[0], found[1]


def outcome(act: Callable[[], Any]) -> object:
    """What an act gives, be it an exception."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 # any of Casbin's
        return type(error), str(error)


def same(ours: Any, stock: Any, *questions: Sequence[Any]) -> list[Any]:  # noqa: ANN401 # either
    """Ask both, and give the answers, which are the same."""
    found = [outcome(partial(ours.enforce_ex, *q)) for q in questions]
    assert found == [outcome(partial(stock.enforce_ex, *q)) for q in questions]
    return found


def is_compiled(enforcer: Enforcer, matcher: str = "m") -> bool:
    """Whether a matcher is answered by a plan."""
    return isinstance(enforcer.compiled[matcher], Plan)


class Lines(Adapter):  # type: ignore[misc] # Casbin has no types
    """An adapter that gives rules, and takes any."""

    def __init__(self, *lines: list[str]) -> None:
        self.lines = lines

    def load_policy(self, model: Model) -> None:
        """Put the rules in."""
        for ptype, *rule in self.lines:
            model[ptype[0]][ptype].policy.append(rule)
