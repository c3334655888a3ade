"""What is done to an enforcer in a random world, each with what it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import casbin
from casbin.core_enforcer import EnforceContext
from casbin.effect import get_effector
from casbin.rbac.default_role_manager import DomainManager, RoleManager

from .casbin_lines import Line, Lines, Watcher

Act = Callable[[Any], Any]


@dataclass(frozen=True)
class Step:
    """A question or a change.

    Attributes:
        name: what is said of it where answers differ.
        act: does it to either enforcer.
        asks: whether it changes nothing.
        requests: what it asks one after the other, where it asks for several answers.
    """

    name: str
    act: Act
    asks: bool = False
    requests: Sequence[Sequence[Any]] = ()


def rules_of(enforcer: Any, ptype: str) -> Any:  # noqa: ANN401 # either enforcer
    """Casbin's list of rules."""
    return enforcer.model[ptype[0]][ptype].policy


def copied(values: Sequence[Any]) -> list[Any]:
    """Values whose lists are nobody else's."""
    return [
        [list(part) if type(part) is list else part for part in value]
        if type(value) is list
        else value
        for value in values
    ]


# --- questions ---


def ask(names: tuple[str, str, str], request: Sequence[Any]) -> Step:
    """Ask whether a request is allowed, and why."""
    context = EnforceContext(names[0], names[1], "e", names[2])

    def act(enforcer: Any) -> Any:  # noqa: ANN401 # either enforcer
        if names == ("r", "p", "m"):
            return enforcer.enforce_ex(*request)
        return enforcer.enforce_ex(context, *request)

    return Step(f"enforce_ex {names} {request!r:.300}", act, asks=True)


def ask_many(requests: Sequence[Sequence[Any]]) -> Step:
    """Ask in a batch."""
    return Step(
        f"batch_enforce {requests!r:.300}",
        lambda e: e.batch_enforce(requests),
        asks=True,
        requests=requests,
    )


def ask_roles(method: str, *values: str) -> Step:
    """Ask for roles, users or permissions; Casbin gives them in no order."""

    def act(enforcer: Any) -> Any:  # noqa: ANN401 # either enforcer
        return sorted(getattr(enforcer, method)(*values), key=repr)

    return Step(f"{method}{values!r}", act, asks=True)


# --- management ---


def call(method: str, *values: Any) -> Step:  # noqa: ANN401 # any values
    """Call a method."""
    return Step(
        f"{method}{values!r:.300}", lambda e: getattr(e, method)(*copied(values))
    )


def call_with_one(method: str, ptype: str, there: int) -> Step:
    """Call a method with a rule that is there."""

    def act(enforcer: Any) -> Any:  # noqa: ANN401 # either enforcer
        rules = rules_of(enforcer, ptype)
        return getattr(enforcer, method)(ptype, list(rules[there % len(rules)]))

    return Step(f"{method} of #{there} in {ptype}", act)


def update(ptype: str, there: int, rule: list[Any]) -> Step:
    """Exchange a rule that is there."""

    def act(enforcer: Any) -> Any:  # noqa: ANN401 # either enforcer
        rules = rules_of(enforcer, ptype)
        old = list(rules[there % len(rules)])
        return enforcer.update_named_policy(ptype, old, list(rule))

    return Step(f"update #{there} to {rule!r:.300}", act)


# --- Casbin's own lists, changed by hand ---


def edit(ptype: str, there: int, place: int, value: str) -> Step:
    """Edit a rule in its place."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        rules = enforcer.get_named_policy(ptype)
        rules[there % len(rules)][place] = value

    return Step(f"edit #{there}[{place}] = {value!r:.300}", act)


def edit_list(method: str, ptype: str, *values: Any) -> Step:  # noqa: ANN401 # any
    """Change a list."""
    return Step(
        f"list.{method}{values!r:.300}",
        lambda e: getattr(rules_of(e, ptype), method)(*copied(values)),
    )


def edit_some(ptype: str, rules: list[list[Any]]) -> Step:
    """Put rules in the place of one."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        rules_of(enforcer, ptype)[1:2] = copied(rules)

    return Step(f"[1:2] = {rules!r:.300}", act)


def swap(ptype: str) -> Step:
    """Let two rules change places."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        rules = rules_of(enforcer, ptype)
        rules[0], rules[-1] = rules[-1], rules[0]

    return Step("swap", act)


def double(ptype: str) -> Step:
    """Put one rule into two places, where editing it edits both."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        rules = rules_of(enforcer, ptype)
        rules[0] = rules[-1]
        rules[0][-1] = "write"

    return Step("double", act)


def in_order(ptype: str) -> Step:
    """Give the definition another list."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        definition = enforcer.model[ptype[0]][ptype]
        definition.policy = sorted(definition.policy, key=str)

    return Step("sorted", act)


# --- what is exchanged ---


def take_effect(effect: str) -> Step:
    """Exchange the effector."""
    text = effect.replace("p.", "p_")
    return Step(f"effect {effect}", lambda e: e.set_effector(get_effector(text)))


def take_matcher(text: str) -> Step:
    """Exchange the matcher."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        enforcer.model["m"]["m"].value = casbin.util.util.escape_assertion(text)

    return Step(f"matcher {text}", act)


def take_functions(**functions: Callable[..., Any]) -> Step:
    """Add functions."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        for name, function in functions.items():
            enforcer.add_function(name, function)

    return Step(f"functions {[*functions]}", act)


def take_manager(level: int) -> Step:
    """Exchange the manager of roles."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        kind = type(enforcer.get_role_manager())
        assert kind in {RoleManager, DomainManager}
        enforcer.set_role_manager(kind(level))
        enforcer.build_role_links()

    return Step(f"role manager of {level} levels", act)


def match_roles(*, by_domain: bool) -> Step:
    """Let names of roles be patterns, and perhaps those of domains."""
    match = casbin.util.key_match

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        enforcer.add_named_matching_func("g", match)
        if by_domain:
            enforcer.add_named_domain_matching_func("g", match)

    return Step(f"matching roles{' and domains' * by_domain}", act)


def match_domains(ptype: str, match: Callable[[str, str], object]) -> Step:
    """Let domains be patterns, and names none."""
    return Step(
        f"matching domains of {ptype} by {match.__name__}",
        lambda e: e.add_named_domain_matching_func(ptype, match),
    )


def take_adapter(lines: Sequence[Line]) -> Step:
    """Set an adapter, and a watcher that tells the same listener."""

    def act(enforcer: Any) -> None:  # noqa: ANN401 # either enforcer
        adapter = Lines(lines)
        enforcer.set_adapter(adapter)
        enforcer.set_watcher(Watcher(adapter.said))

    return Step("adapter", act)
