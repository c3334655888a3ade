"""Random Casbin models: definitions and matchers, as people write them and odd ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from .casbin_values import BY_SUBJECT, EFFECTS, FUNCTIONS, SUBJECTS


class ModelMaker:
    """Makes a model's text from a seed.

    Attributes:
        fields: what a request says.
        links: how many role definitions there are.
        suffixes: of the sections; the empty one is the first.
        effect: what matching rules add up to.
        widths: of each definition of rules, how many values a rule has.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 # worlds, no secrets
        self.fields = self.some_fields()
        self.has_effect = self.chance(0.6)
        self.has_priority = self.chance(0.2)
        self.has_rules = self.chance(0.12)
        self.links = self.random.choice((0, 0, 1, 1, 1, 2))
        self.domains = "dom" in self.fields
        self.suffixes = ("", "2") if self.chance(0.2) else ("",)
        self.effect: str = self.one(EFFECTS)
        if self.links and self.chance(0.08):
            self.effect = BY_SUBJECT
        width = len(self.rule_fields())
        self.widths = {f"p{suffix}": width for suffix in self.suffixes}
        if self.links:
            self.widths["g"] = 3 if self.domains else 2
        if self.links == 2:
            self.widths["g2"] = 3 if self.domains and self.chance(0.5) else 2

    def chance(self, share: float) -> bool:
        """Whether something is so in this world."""
        return self.random.random() < share

    def one(self, values: Sequence[Any]) -> Any:  # noqa: ANN401 # any value
        """One of some values."""
        return self.random.choice(values)

    def some_fields(self) -> tuple[str, ...]:
        """What a request says."""
        shapes = (
            *(("sub", "obj", "act"),) * 5,
            *(("sub", "dom", "obj", "act"),) * 3,
            *(("sub", "act"), ("obj", "act"), ("sub",)),
        )
        return tuple(self.random.choice(shapes))

    # --- the model ---

    def rule_fields(self) -> list[str]:
        """What a rule says."""
        fields = list(self.fields)
        if self.has_rules:
            fields[0] = "sub_rule"
        if self.has_effect:
            fields.append("eft")
        if self.has_priority:
            fields.insert(self.one((0, len(fields))), "priority")
        return fields

    def atom(self, suffix: str) -> str:
        """A term of a matcher."""
        r, p = f"r{suffix}.", f"p{suffix}."
        shared = [name for name in self.fields if name in self.rule_fields()]
        name = self.one(shared or ["act"])
        first = self.fields[0]
        choices = [
            *(f"{r}{name} == {p}{name}", f"{p}{name} == {r}{name}") * 3,
            f"{r}{name} != {p}{name}",
            f'{r}{name} == "{self.one(SUBJECTS)}"',
            f'{p}{name} == "*"',
            f"{r}{first} in ('alice', \"bob\")",
            f"{r}{first} in {p}{name}",
            f"{self.one(FUNCTIONS)}({r}{name}, {p}{name})",
            f"keyMatch({r}{name}, {p}{name})",
            f"{r}{first}.age > 18",
            f"{r}{first}.owner == {p}{name}",
            f'{r}{first}["owner"] == {p}{name}',
            f'{r}{first} + "x" == {p}{name} + "x"',
            f"{r}{name} > {p}{name}",
            f"custom({r}{first})",
            f"!({r}{name} == {p}{name})",
            f"({r}{first} == {p}{name} || {r}{name} == {p}{name})",
            self.one(("1", "1.0", "True", f"{r}{first}", '""', "0 < 1 < 2", "-1")),
            *(["unknown(1)", f"{r}{first}._secret", "x", f"{r}missing == 1"][:1]),
        ]
        if self.links:
            choices += [self.link(r, p)] * 6
        return str(self.one(choices))

    def link(self, r: str, p: str) -> str:
        """A question about roles."""
        name = self.one(("g", "g2")) if self.links == 2 else "g"
        value = self.fields[0] if name == "g" else self.fields[-1]
        other = value if value in self.rule_fields() else "act"
        if self.widths[name] > 2:
            domain = self.one((f"{r}dom", f"{p}dom", f'{r}dom + ""'))
            return f"{name}({r}{value}, {p}{other}, {domain})"
        return f"{name}({r}{value}, {p}{other})"

    def usual(self, suffix: str) -> str:
        """A matcher as people write them."""
        r, p = f"r{suffix}.", f"p{suffix}."
        terms = []
        for name in self.fields:
            if name not in self.rule_fields():
                terms.append(f"eval({p}sub_rule)")
            elif name == self.fields[0] and self.links:
                terms.append(self.link(r, p))
            else:
                function = self.one(FUNCTIONS)
                terms.append(
                    self.one(
                        (
                            *(f"{r}{name} == {p}{name}",) * 4,
                            f"{function}({r}{name}, {p}{name})",
                        )
                    )
                )
        if self.chance(0.3):
            self.random.shuffle(terms)
        text = " && ".join(terms)
        if self.chance(0.15):
            text += f' || {r}{self.fields[0]} == "root"'
        return text

    def matcher(self, suffix: str) -> str:
        """A matcher, usual or not."""
        if self.chance(0.5):
            return self.usual(suffix)
        terms = [self.atom(suffix) for _ in range(self.random.randint(1, 4))]
        if self.has_rules:
            terms.insert(self.one((0, len(terms))), f"eval(p{suffix}.sub_rule)")
        joined = terms[0]
        for term in terms[1:]:
            joined += f" {self.one(('&&', '&&', '&&', '||'))} {term}"
        return joined

    def text(self) -> str:
        """The model."""
        fields = ", ".join(self.rule_fields())
        requests = "\n".join(f"r{s} = {', '.join(self.fields)}" for s in self.suffixes)
        rules = "\n".join(f"p{s} = {fields}" for s in self.suffixes)
        matchers = "\n".join(f"m{s} = {self.matcher(s)}" for s in self.suffixes)
        effects = f"e = {self.effect}"
        if len(self.suffixes) > 1:
            effects += f"\ne2 = {self.one(EFFECTS)}"  # Casbin reads `e` alone
        links = "\n".join(
            f"{name} = {', '.join('_' * width)}"
            for name, width in self.widths.items()
            if name[0] == "g"
        )
        roles = f"[role_definition]\n{links}\n" if links else ""
        return (
            f"[request_definition]\n{requests}\n[policy_definition]\n{rules}\n{roles}"
            f"[policy_effect]\n{effects}\n[matchers]\n{matchers}\n"
        )
