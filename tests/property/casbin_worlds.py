"""Random Casbin worlds, each from one seed: a model, rules, questions and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import casbin

from . import casbin_steps as steps
from .casbin_roles import RoleMaker
from .casbin_steps import Step
from .casbin_values import (
    ACTIONS,
    DOMAIN_MATCHES,
    DOMAINS,
    EFFECTS,
    OBJECTS,
    PATTERN,
    RULES,
    SUBJECTS,
    UNKNOWN,
    VALUES,
    Contrary,
    is_alice,
    is_same,
)

_POOLS: dict[str, Sequence[str]] = {
    "sub": SUBJECTS,
    "obj": OBJECTS,
    "act": ACTIONS,
    "dom": DOMAINS,
    "eft": ("allow", "allow", "allow", "deny", "deny", "dney", ""),
    "priority": ("1", "2", "3", "10"),
    "sub_rule": RULES,
}


@dataclass
class World:
    """A model, its first rules, and what is done with them.

    Attributes:
        text: the model.
        setup: what is done before the first question.
        steps: changes and questions.
    """

    text: str
    setup: list[Step] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


class WorldMaker(RoleMaker):
    """Makes a world from a seed."""

    def world(self) -> World:
        """Make the world."""
        world = World(self.text())
        self.first: dict[str, list[list[Any]]] = {}
        self.has_functions = "keyMatch(" in world.text or "custom(" in world.text
        self.has_patterns = self.chance(0.2)
        self.wrong = self.one((0.0, 0.0, 0.0, 0.03))
        self.fill(world)
        for _ in range(self.random.randint(6, 14)):
            if self.chance(0.35):
                world.steps.append(self.change())
            world.steps.append(self.question())
        return world

    # --- rules ---

    def rule(self, ptype: str) -> list[Any]:
        """A rule."""
        if ptype[0] == "g":
            users = (*SUBJECTS, PATTERN) if self.has_patterns else SUBJECTS
            rule = [self.one(users), self.one(SUBJECTS[2:5])]
            rule += [self.one(DOMAINS)] * (self.widths[ptype] - 2)
            return [*rule, "more"] if self.chance(self.wrong) else rule
        rule = [self.one(_POOLS[name]) for name in self.rule_fields()]
        if self.chance(self.wrong):
            return self.one((rule[:-1], [*rule, "more"]))  # type: ignore[no-any-return] # rules
        if self.chance(self.wrong):
            rule[self.random.randrange(len(rule))] = self.one(VALUES[:12])
        return rule

    def rules(self, ptype: str) -> list[list[Any]]:
        """Some rules."""
        return [self.rule(ptype) for _ in range(self.random.randint(1, 3))]

    def fill(self, world: World) -> None:
        """Give a world its first rules."""
        setup = world.setup
        for ptype in self.widths:
            self.first[ptype] = [
                self.rule(ptype) for _ in range(self.random.randint(0, 8))
            ]
            for rule in self.first[ptype]:
                setup.append(steps.edit_list("append", ptype, rule))
        if self.has_priority:
            setup.append(Step("sort", lambda e: e.model.sort_policies_by_priority()))
        if "subject" in self.effect:
            sort = "sort_policies_by_subject_hierarchy"
            setup.append(Step(sort, lambda e: getattr(e.model, sort)()))
        if self.links and self.chance(0.2):
            setup.append(steps.match_roles(by_domain=self.chance(0.5)))
        if self.links and self.chance(0.1):
            setup.append(steps.take_manager(self.one((1, 2, 3))))
        for ptype in self.with_domains():
            if self.chance(0.4):
                setup.append(steps.match_domains(ptype, self.one(DOMAIN_MATCHES)))
        setup.append(steps.call("build_role_links"))
        self.has_adapter = self.chance(0.2)
        if self.has_adapter:
            lines = [(name, self.rule(name)) for name in self.widths] * 2
            lines += [(name, self.rule(name)) for name in self.widths]
            setup.append(steps.take_adapter(lines))
            world.steps.append(self.loading())

    # --- questions ---

    def request(self) -> list[Any]:
        """A request, with a value now and then that is no text."""
        request: list[Any] = [self.one(_POOLS[name]) for name in self.fields]
        if self.chance(0.5):
            self.fit(request)
        elif self.chance(0.5):
            request[0] = self.one(VALUES)
        if self.domains and self.chance(0.2):
            request[self.fields.index("dom")] = self.one((*DOMAINS, *UNKNOWN))
        if self.chance(0.1):
            request[self.random.randrange(len(request))] = self.one(VALUES)
        if self.chance(0.02):
            request.append("more")
        return request

    def fit(self, request: list[Any]) -> None:
        """Let a request be one that a rule was written for, by a role or two."""
        rules = self.first["p"]
        if not rules:
            return
        rule = dict(zip(self.rule_fields(), self.one(rules), strict=False))
        for place, name in enumerate(self.fields):
            request[place] = rule.get(name, request[place])
        for _ in range(self.random.randrange(4)):
            users = [
                link[0] for link in self.first.get("g", ()) if link[1] == request[0]
            ]
            request[0] = self.one(users) if users else request[0]

    def question(self) -> Step:
        """A question."""
        if self.links and self.chance(0.08):
            return self.question_about_roles()
        if self.chance(0.05):
            return steps.ask_many([self.request() for _ in range(3)])
        suffix = self.one(self.suffixes)
        names = [f"{kind}{suffix}" for kind in "rpm"]
        if len(self.suffixes) > 1 and self.chance(0.25):
            names[self.random.randrange(3)] = self.one(("r", "p", "m2", "m"))
        return steps.ask((names[0], names[1], names[2]), self.request())

    # --- changes ---

    def change(self) -> Step:
        """A change, or a question about rules."""
        ptype = self.one(tuple(self.widths))
        if self.links and self.chance(0.08):
            return self.change_of_roles()
        if self.with_domains() and self.chance(0.3):
            return self.linking()
        if self.has_adapter and self.chance(0.25):
            return self.loading()
        if self.has_functions and self.chance(0.2):
            return self.functions()
        choices = [*self.management(ptype)]
        if ptype[0] == "p":
            choices += [*self.editing(ptype), *self.exchanging()]
        return self.one(choices)  # type: ignore[no-any-return] # a choice

    def linking(self) -> Step:
        """One more link in a domain, that questions then come to."""
        rule = self.rule("g")
        self.first["g"].append(rule)
        return steps.call("add_named_grouping_policy", "g", rule)

    def management(self, ptype: str) -> list[Step]:
        """What Casbin's own methods change or find."""
        grouping = ptype[0] == "g"
        kind = "grouping_policy" if grouping else "policy"
        kinds = "grouping_policies" if grouping else "policies"
        one, many = self.rule(ptype), self.rules(ptype)
        place, there = self.random.randrange(2), self.random.randrange(8)
        value = one[place % len(one)] if one else ""
        return [
            steps.call(f"add_named_{kind}", ptype, one),
            steps.call(f"add_named_{kind}", ptype, *one),
            steps.call(f"add_named_{kinds}", ptype, many),
            steps.call(f"add_named_{kinds}_ex", ptype, [*map(tuple, many)]),
            steps.call(f"remove_named_{kind}", ptype, one),
            steps.call(f"remove_named_{kinds}", ptype, many),
            steps.call_with_one(f"remove_named_{kind}", ptype, there),
            steps.call_with_one(f"remove_named_{kind}", ptype, there),
            steps.call_with_one(f"has_named_{kind}", ptype, there),
            steps.call(f"remove_filtered_named_{kind}", ptype, place, value),
            steps.call(f"get_filtered_named_{kind}", ptype, place, value),
            steps.call(f"has_named_{kind}", ptype, one),
            steps.call(f"get_named_{kind}", ptype),
            steps.call("get_all_subjects"),
        ]

    def editing(self, ptype: str) -> list[Step]:
        """What others may do to Casbin's rules and lists."""
        one, many = self.rule(ptype), self.rules(ptype)
        place, there = self.random.randrange(2), self.random.randrange(8)
        first, value = (one or [""])[0], self.one(one or [""])
        return [
            steps.update(ptype, there, one),
            steps.call("update_filtered_named_policies", ptype, many, place, first),
            steps.edit(ptype, there, place, value),
            steps.edit(ptype, there, place, value),
            steps.edit_list("append", ptype, one),
            steps.edit_list("append", ptype, tuple(one)),
            steps.edit_list("insert", ptype, 0, one),
            steps.edit_list("pop", ptype),
            steps.edit_list("reverse", ptype),
            steps.edit_some(ptype, many),
            steps.swap(ptype),
            steps.swap(ptype),
            steps.double(ptype),
            steps.in_order(ptype),
        ]

    def loading(self) -> Step:
        """What an adapter is for."""
        chosen = self.one(SUBJECTS[:3])
        return self.one(  # type: ignore[no-any-return] # a choice
            (
                steps.call("load_policy"),
                steps.call("load_policy"),
                steps.call("load_filtered_policy", chosen),
                steps.call("load_increment_filtered_policy", chosen),
                steps.call("save_policy"),
            )
        )

    def functions(self) -> Step:
        """Functions, new or in the place of others."""
        function = self.one((is_alice, is_same, casbin.util.key_match_func))
        if function is is_alice:
            return steps.take_functions(custom=is_alice)
        return steps.take_functions(keyMatch=function)

    def exchanging(self) -> list[Step]:
        """What may be exchanged."""
        return [
            self.loading(),
            steps.call("clear_policy"),
            steps.call("enable_enforce", self.has_effect),
            self.functions(),
            steps.take_effect(EFFECTS[0]),
            steps.take_effect(self.one(EFFECTS)),
            Step("other effector", lambda e: e.set_effector(Contrary())),
            steps.take_matcher(self.usual("")),
        ]
