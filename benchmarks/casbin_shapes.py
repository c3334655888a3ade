"""The shapes of Casbin's own benchmarks: a model, its rules, and what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import casbin
from casbin.model import Model

Rules = list[list[str]]
ALLOW = "some(where (p.eft == allow))"


@dataclass(frozen=True)
class Shape:
    """A model, its rules, and what is asked.

    Attributes:
        name: what the table says.
        model: its definitions, `r | p | g | e | m`.
        rules: by the definition they belong to.
        questions: asked in turn.
    """

    name: str
    model: str
    rules: dict[str, Rules]
    questions: list[tuple[Any, ...]]

    def enforcer(self, kind: type[casbin.Enforcer]) -> Any:  # noqa: ANN401 # untyped
        """An enforcer of this shape."""
        request, policy, roles, effect, matcher = self.model.split(" | ")
        links = "".join(f"g{n or ''} = {g}\n" for n, g in _links(roles))
        text = (
            f"[request_definition]\nr = {request}\n[policy_definition]\np = {policy}\n"
            + (f"[role_definition]\n{links}" if links else "")
            + f"[policy_effect]\ne = {effect}\n[matchers]\nm = {matcher}\n"
        )
        model = Model()
        model.load_model_from_text(text)
        enforcer = kind(model)
        for ptype, rules in self.rules.items():
            for rule in rules:
                enforcer.model[ptype[0]][ptype].policy.append(list(rule))
        enforcer.model.sort_policies_by_priority()
        enforcer.build_role_links()
        return enforcer


def _links(roles: str) -> Iterator[tuple[int, str]]:
    for place, definition in enumerate(filter(None, roles.split("; "))):
        yield (place + 1 if place else 0), definition


class Person:
    """A request's subject with attributes."""

    def __init__(self, age: int, name: str) -> None:
        self.age = age
        self.name = name


def basic() -> Shape:
    """An access list of two rules."""
    return Shape(
        "basic",
        f"sub, obj, act | sub, obj, act |  | {ALLOW} | "
        "r.sub == p.sub && r.obj == p.obj && r.act == p.act",
        {"p": [["alice", "data1", "read"], ["bob", "data2", "write"]]},
        [
            ("alice", "data1", "read"),
            ("bob", "data2", "write"),
            ("eve", "data1", "read"),
        ],
    )


def rbac(users: int) -> Shape:
    """Users with one role each, a tenth as many roles, a rule for each role."""
    roles = users // 10
    return Shape(
        f"RBAC, {users:,} users",
        f"sub, obj, act | sub, obj, act | _, _ | {ALLOW} | "
        "g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act",
        {
            "p": [[f"group{i}", f"data{i // 10}", "read"] for i in range(roles)],
            "g": [[f"user{i}", f"group{i // 10}"] for i in range(users)],
        },
        [
            (f"user{users // 2 + 1}", f"data{n}", "read")
            for n in (roles // 20, roles // 9)
        ],
    )


def rbac_domains() -> Shape:
    """A hundred domains of ten users."""
    return Shape(
        "RBAC with domains",
        f"sub, dom, obj, act | sub, dom, obj, act | _, _, _ | {ALLOW} | "
        "g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act",
        {
            "p": [
                ["admin", f"d{i}", f"data{i}", act]
                for i in range(100)
                for act in ("read", "write")
            ],
            "g": [[f"u{i}", "admin", f"d{i // 10}"] for i in range(1000)],
        },
        [("u500", "d50", "data50", "write"), ("u500", "d51", "data51", "read")],
    )


def resource_roles() -> Shape:
    """Roles of users and of resources."""
    return Shape(
        "RBAC with resource roles",
        f"sub, obj, act | sub, obj, act | _, _; _, _ | {ALLOW} | "
        "g(r.sub, p.sub) && g2(r.obj, p.obj) && r.act == p.act",
        {
            "p": [[f"group{i}", f"kind{i}", "read"] for i in range(100)],
            "g": [[f"user{i}", f"group{i % 100}"] for i in range(1000)],
            "g2": [[f"data{i}", f"kind{i % 100}"] for i in range(1000)],
        },
        [("user550", "data650", "read"), ("user550", "data651", "read")],
    )


def deny() -> Shape:
    """Allow unless denied."""
    return Shape(
        "deny-override",
        "sub, obj, act | sub, obj, act, eft | _, _ | "
        f"{ALLOW} && !some(where (p.eft == deny)) | "
        "g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act",
        {
            "p": [
                [f"role{i}", f"data{i}", "read", "deny" if i % 7 == 0 else "allow"]
                for i in range(100)
            ],
            "g": [[f"user{i}", f"role{i % 100}"] for i in range(1000)],
        },
        [("user5", "data5", "read"), ("user7", "data7", "read")],
    )


def priority() -> Shape:
    """The first rule that says something."""
    return Shape(
        "priority",
        "sub, obj, act | priority, sub, obj, act, eft | _, _ | "
        "priority(p.eft) || deny | "
        "g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act",
        {
            "p": [
                [str(i % 10), f"role{i}", f"data{i}", "read", ("allow", "deny")[i % 2]]
                for i in range(100)
            ],
            "g": [[f"user{i}", f"role{i % 100}"] for i in range(1000)],
        },
        [("user5", "data5", "read"), ("user6", "data6", "read")],
    )


def attributes() -> Shape:
    """A subject's attributes."""
    return Shape(
        "ABAC",
        f"sub, obj, act | sub, obj, act |  | {ALLOW} | "
        "r.sub.age > 18 && r.obj == p.obj && r.act == p.act",
        {"p": [["-", f"data{i}", "read"] for i in range(100)]},
        [(Person(30, "a"), "data50", "read"), (Person(10, "a"), "data50", "read")],
    )


def own() -> Shape:
    """The owner of an object, without a rule."""
    return Shape(
        "ABAC, no rules",
        f"sub, obj, act | sub, obj, act |  | {ALLOW} | r.sub == r.obj.name",
        {},
        [("a", Person(30, "a"), "read"), ("b", Person(10, "a"), "read")],
    )


def texts(count: int) -> Shape:
    """Each rule an expression of its own."""
    return Shape(
        f"{count:,} eval rules",
        f"sub, obj, act | sub_rule, obj, act |  | {ALLOW} | "
        "eval(p.sub_rule) && r.obj == p.obj && r.act == p.act",
        {
            "p": [
                [f"r.sub.age > {i} && r.sub.age < 2000", f"data{i}", "read"]
                for i in range(count)
            ]
        },
        [
            (Person(1500, "a"), f"data{count - 5}", "read"),
            (Person(10, "a"), "data5", "read"),
        ],
    )


def paths(function: str, pattern: str) -> Shape:
    """Paths that match."""
    return Shape(
        function,
        f"sub, obj, act | sub, obj, act |  | {ALLOW} | "
        f"r.sub == p.sub && {function}(r.obj, p.obj) && regexMatch(r.act, p.act)",
        {"p": [[f"user{i}", pattern.format(i=i), "(GET)|(POST)"] for i in range(100)]},
        [("user50", "/p50/x", "GET"), ("user50", "/p51/x", "GET")],
    )


def patterns() -> Shape:
    """Resource roles whose names are patterns."""
    return Shape(
        "patterns on each rule",
        f"sub, obj, act | sub, obj, act | _, _ | {ALLOW} | "
        "g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && keyMatch(r.act, p.act)",
        {
            "p": [[f"role{i % 10}", f"/p{i}/*", "read"] for i in range(100)],
            "g": [[f"user{i}", f"role{i % 10}"] for i in range(100)],
        },
        [("user5", "/p55/x", "read"), ("user5", "/p56/x", "read")],
    )


SHAPES: list[Callable[[], Shape]] = [
    basic,
    lambda: rbac(1_000),
    lambda: rbac(10_000),
    lambda: rbac(100_000),
    rbac_domains,
    resource_roles,
    deny,
    priority,
    attributes,
    own,
    lambda: texts(1_000),
    lambda: paths("keyMatch", "/p{i}/*"),
    lambda: paths("keyMatch2", "/p{i}/:id"),
    patterns,
]
