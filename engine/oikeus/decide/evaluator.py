"""Asks the model: its matchers, held against one set of facts.

An exception in a matcher is an error, never an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Self

from ..errors import ModelError
from ..policy.model import Model
from ..terms import Line, PowerRequest, Request, RevocationRequest, kind_of
from .compiled import FUNCTIONS, compile_matchers
from .facts import Facts
from .roles import GrantRoles, LinkRoles
from .sent import values_of

_MISSING = "which says who may revoke: add it below [matchers] and apply the policy"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said: allowed or not, and by which line; a plain deny has none."""

    allowed: bool
    rule: Line | None = None

    def __bool__(self) -> bool:
        # an answer in a condition must never be mistaken for a yes
        return self.allowed


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as a matcher takes it.

    Attributes:
        matcher: its name, `m`.
        values: of the request's fields, in their order.
    """

    matcher: str
    values: tuple[str, ...]


class Evaluator:
    """Answers questions about access (`m`) and about powers (`m2`, `m3`).

    Attributes:
        model: what decides.
        facts: what it decides on.

    Raises:
        ModelError: Casbin cannot use the model.
    """

    def __init__(self, model: Model, facts: Facts) -> None:
        self.model = model
        self.matchers = compile_matchers(model)
        self._rules: dict[str, Rules] = {}
        self._hold_against(facts)

    def _hold_against(self, facts: Facts) -> None:
        self.facts = facts
        known = self._rules
        self._rules = {}
        for name, matcher in self.matchers.items():
            lines = facts.rules[matcher.ptype]
            if name in known and known[name].lines is lines:
                self._rules[name] = known[name]
            else:
                self._rules[name] = Rules(lines, matcher.plan.layout.rule)

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """What its matchers call, `g` … among them."""
        facts = self.facts
        links = {ptype: LinkRoles(facts, ptype).has_link for ptype in facts.links}
        return MappingProxyType({**FUNCTIONS, **links, "g": GrantRoles(facts).has_link})

    def over(self, facts: Facts) -> Self:
        """The same model, held against other facts."""
        other = type(self).__new__(type(self))
        other.model, other.matchers = self.model, self.matchers
        other._rules = self._rules  # noqa: SLF001 # of the same class
        other._hold_against(facts)  # noqa: SLF001
        return other

    def remembering(self) -> Self:
        """The same model, for many questions about few words.

        What leads where is followed once for each pair of words, and kept: this is for
        questions that are made up here, never for those that others ask.
        """
        other = self.over(self.facts)
        kept = {name: cache(function) for name, function in self.functions.items()}
        other.functions = MappingProxyType(kept)
        return other

    def ask(self, request: Request | PowerRequest, day: date) -> Answer:
        """Evaluate the matcher that the question is for.

        Raises:
            RequestError: an attribute that the model does not declare.
            ModelError: the matcher failed, or the model has none for the question;
                nothing was decided.
        """
        return self.answer(self.pose(request, day))

    def pose(self, request: Request | PowerRequest, day: date) -> Posed:
        """Put a question as the matcher takes it that it is for.

        Raises:
            RequestError: an attribute that the model does not declare.
            ModelError: the model has no matcher for the question.
        """
        if isinstance(request, RevocationRequest):
            return self._posed("m3", _of_power(request, day))
        if isinstance(request, PowerRequest):
            return self._posed("m2", _of_power(request, day))
        names = self.model.attributes
        sent = values_of(self.model, request.attributes)
        values = {
            **dict(zip(names, sent, strict=True)),
            "sub": request.subject,
            "kind": kind_of(request.subject),
            "obj": request.resource,
            "act": request.action,
            "org": request.organisation,
            "day": day.isoformat(),
        }
        return self._posed("m", values)

    def _posed(self, name: str, given: Mapping[str, str]) -> Posed:
        if name not in self.matchers:
            message = f"the model has no matcher `{name}`, {_MISSING}"
            raise ModelError(message)
        matcher = self.matchers[name]
        return Posed(name, tuple(given[field] for field in matcher.request))

    def answer(self, posed: Posed) -> Answer:
        """Evaluate a matcher.

        Raises:
            ModelError: the matcher failed; nothing was decided.
        """
        matcher, values = self.matchers[posed.matcher], posed.values
        program, rules = matcher.program, self._rules[matcher.name]
        found = self.rules_for(posed)
        functions = [self.functions[name] for name in program.functions]
        try:
            matching = program.search(found, *values, *functions)
            allowed, row = matcher.settle(matching, matcher.effect)
        except Exception as error:
            message = f"the matcher `{matcher.name}` failed on this request: {error}"
            raise ModelError(message) from error
        return Answer(allowed is True, None if row is None else rules.line(row))

    def rules_for(self, posed: Posed) -> Sequence[tuple[str, ...]]:
        """The values of the rules that a question is held against."""
        key = self.matchers[posed.matcher].key(posed.values)
        return self._rules[posed.matcher].found(key)


def _of_power(request: PowerRequest, day: date) -> Mapping[str, str]:
    return {
        "sub": request.granter,
        "by": kind_of(request.granter),
        "to": request.recipient,
        "kind": kind_of(request.recipient),
        "role": request.role,
        "org": request.organisation,
        "day": day.isoformat(),
    }


class Rules:
    """The lines of one kind, found by the values that the matcher looks up.

    Attributes:
        lines: in the order of the database.
    """

    def __init__(self, lines: tuple[Line, ...], columns: tuple[int, ...]) -> None:
        self.lines = lines
        self._by_key: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        self._by_values: dict[tuple[str, ...], Line] = {}
        for line in lines:
            key = tuple(line.values[column] for column in columns)
            self._by_key.setdefault(key, []).append(line.values)
            self._by_values.setdefault(line.values, line)

    def found(self, key: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
        """The values of the lines with these values, in their order."""
        return self._by_key.get(key, ())

    def line(self, values: Sequence[str]) -> Line:
        """The line with all these values."""
        return self._by_values[tuple(values)]
