"""Asks Casbin: one model held against one set of facts.

The model's own text is what is evaluated, by pycasbin; this module only hands it the
facts and takes the answer. An exception inside Casbin is an error, never an answer.
"""

from __future__ import annotations

import ast
import copy
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import casbin
from casbin.model import FunctionMap
from casbin.model import Model as CasbinModel
from casbin.util import SimpleEval

from ..errors import ModelError
from ..policy.model import Model
from ..terms import Line, PowerRequest, Request, kind_of
from .facts import Facts
from .roles import GrantRoles, LinkRoles

_SILENT = logging.getLogger(f"{__name__}.casbin")
"""Where Casbin's log of every deny goes: nowhere, because it names people."""
_SILENT.disabled = True

_MAKING = threading.Lock()
"""Held while simpleeval makes an evaluator: it swaps the process's warning filters."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Casbin said: allowed or not, and by which line (none for a plain deny)."""

    allowed: bool
    rule: Line | None = None

    def __bool__(self) -> bool:
        # an answer in a condition must never be mistaken for a yes
        return self.allowed


class Evaluator:
    """Answers questions about access (`m`) and about powers (`m2`).

    Raises:
        ModelError: Casbin cannot use the model.
    """

    def __init__(self, model: Model, facts: Facts) -> None:
        self.model = model
        self.facts = facts
        try:
            self._enforcer = _Enforcer(model, facts)
        except Exception as error:
            message = f"the model cannot be used by casbin: {error}"
            raise ModelError(message) from error

    def ask(self, request: Request | PowerRequest, day: date) -> Answer:
        """Evaluate the matcher that the question is for.

        Raises:
            ModelError: the matcher failed; nothing was decided.
        """
        if isinstance(request, Request):
            suffix, values = (
                "",
                {
                    "sub": request.subject,
                    "kind": kind_of(request.subject),
                    "obj": request.resource,
                    "act": request.action,
                },
            )
        else:
            suffix, values = (
                "2",
                {
                    "sub": request.granter,
                    "by": kind_of(request.granter),
                    "to": request.recipient,
                    "kind": kind_of(request.recipient),
                    "role": request.role,
                },
            )
        values |= {"org": request.organisation, "day": day.isoformat()}
        return self._evaluate(suffix, values)

    def _evaluate(self, suffix: str, values: dict[str, str]) -> Answer:
        ordered = [values[name] for name in self.model.fields[f"r{suffix}"]]
        rules = self.facts.rules[f"p{suffix}"]
        if not rules:
            # Casbin would evaluate the matcher with blank policy fields instead
            return Answer(allowed=False)
        context = self._enforcer.new_enforce_context(suffix)
        try:
            allowed, explained = self._enforcer.enforce_ex(context, *ordered)
        except Exception as error:
            message = f"the matcher `m{suffix}` failed on this request: {error}"
            raise ModelError(message) from error
        if not explained:
            return Answer(allowed=False)
        found = tuple(explained)
        rule = next(line for line in rules if line.values == found)
        return Answer(allowed is True, rule)


class _Enforcer(casbin.Enforcer):  # type: ignore[misc]
    """Stock, but for what asking from many threads needs.

    It reads facts through our role managers, changes nothing while it is asked, reads
    the text of a matcher once, and has an evaluator of it for each thread.
    """

    def __init__(self, model: Model, facts: Facts) -> None:
        parsed = _parsed(model.text)
        for ptype, rules in facts.rules.items():
            parsed["p"][ptype].policy = [list(rule.values) for rule in rules]
        super().__init__(parsed)
        self.logger = _SILENT
        self.fm: FunctionMap = _Functions()
        self._evaluators = threading.local()
        roles = {ptype: LinkRoles(facts, ptype) for ptype in facts.links} | {
            "g": GrantRoles(facts)
        }
        for ptype, manager in roles.items():
            parsed["g"][ptype].rm = manager
            self.set_named_role_manager(ptype, manager)

    def _get_expression(
        self, expr: str, functions: dict[str, Callable[..., object]] | None = None
    ) -> SimpleEval:
        known: dict[str, SimpleEval] = self._evaluators.__dict__
        if expr not in known:
            with _MAKING:
                made = SimpleEval("", functions)
            made.expr, made.ast_parsed_value = expr, _tree(expr)
            known[expr] = made
        return known[expr]


class _Functions(FunctionMap):  # type: ignore[misc]
    """The functions of a matcher: Casbin adds to them, so each question gets a copy."""

    def __init__(self) -> None:
        self.fm = FunctionMap.load_function_map().get_functions()

    def get_functions(self) -> dict[str, Callable[..., object]]:
        return dict(self.fm)


def _parsed(text: str) -> CasbinModel:
    """A model of its own, of a text that is read once however often it is needed."""
    model = CasbinModel()
    for section, definitions in _read(text).items():
        model[section] = {key: copy.copy(found) for key, found in definitions.items()}
    return model


@lru_cache(maxsize=8)
def _read(text: str) -> CasbinModel:
    model = CasbinModel()
    model.load_model_from_text(text)
    for matcher in model["m"].values():
        _tree(matcher.value)  # before any thread asks: Python 3.11's parser may race
    return model


@lru_cache(maxsize=16)
def _tree(expr: str) -> ast.expr:
    """Casbin's own reading of an expression."""
    with _MAKING:
        expression = casbin.Enforcer._get_expression(expr, {})  # noqa: SLF001
    tree: ast.expr = expression.ast_parsed_value
    return tree
