"""How questions to one matcher are answered, as a value that prints itself.

A plan depends on the matcher's text, on the fields, and on what is known of the
functions it calls; not on any rule.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from casbin.util import util

from ...errors import ModelError
from .compiling import (
    Matches,
    Value,
    called,
    compile_scan,
    compile_search,
    compile_value,
)
from .knowledge import Knowledge
from .planning import Layout, lay_out
from .reading import read, rewrite
from .signature import Signature

_MOST_TEXTS = 20_000
"""How many texts of rules are kept compiled; a model has rarely a thousand."""


@dataclass(frozen=True, slots=True)
class Program:
    """A matcher as code, for one rule or for many.

    Attributes:
        functions: those that the code takes, in their order.
        asked: role definitions that `search` asks about two or three texts only.
        value: the code for one rule.
        search: the code for rules from an index, if all is short text.
        scan: the code for all rules.
    """

    functions: tuple[str, ...]
    asked: frozenset[str]
    value: Value
    search: Matches
    scan: Matches


@dataclass(frozen=True, slots=True)
class Plan:
    """How a matcher is evaluated.

    Attributes:
        text: the matcher, as the model keeps it.
        signature: the fields, and what is known of the functions.
        layout: what finds the rules, and what is then tried on each.
        rules: the places of the fields whose text is a rule (`eval`).
        program: the code; none where every rule has its own.
    """

    text: str
    signature: Signature
    layout: Layout
    rules: tuple[int, ...] = ()
    program: Program | None = None

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Say what is done, in the order in which it is done."""
        yield f"matcher: {as_written(self.text)}"
        yield from self.steps()
        yield "with other values than short text: the whole matcher, on every rule"

    def steps(self) -> Iterator[str]:
        """Say what is done where all values are short text."""
        request, rule = map(_fields, (self.signature.request, self.signature.rule))
        layout = self.layout
        for place, other in zip(layout.request, layout.rule, strict=True):
            yield f"look up the rules whose {rule[other]} equals {request[place]}"
        if not layout.rule:
            yield "take every rule, in order"
        if layout.roles is not None:
            whose = f"whose {rule[layout.roles.rule]} is a role"
            yield f"of many, those {whose} of {request[layout.roles.request]}"
        for term in layout.conditions:
            yield f"once for a question: {as_written(ast.unparse(term))}"
        for field in self.rules:
            yield f"on each rule: the matcher, with the text of {rule[field]} in it"
        for term in () if self.rules else layout.tests:
            yield f"on each rule: {as_written(ast.unparse(term))}"


def _fields(tokens: tuple[str, ...]) -> list[str]:
    return [as_written(token) for token in tokens]


def as_written(text: str) -> str:
    """Write fields as the model writes them: `r.sub` for `r_sub`."""
    return re.sub(r"\b([rp]\d*)_", r"\1.", text)


@lru_cache(maxsize=64)
def make_plan(text: str, signature: Signature) -> Plan:
    """Compile a matcher.

    Raises:
        ModelError: it has a part that is not compiled; the text names it.
    """
    if util.has_eval(text):
        return _plan_of_rules(text, signature)
    tree = read(text, signature.locals, signature.known)
    layout = lay_out(tree, signature)
    functions, source = called(tree), rewrite(text)
    program = Program(
        functions,
        signature.links - _asked_otherwise(tree, signature),
        compile_value(tree, signature, functions, source),
        compile_search(layout, signature, functions, source),
        compile_scan(tree, signature, functions, source),
    )
    return Plan(text, signature, layout, program=program)


def _asked_otherwise(tree: ast.AST, signature: Signature) -> set[str]:
    """The functions that are called with anything but a few texts."""
    knowledge = Knowledge(signature, plain=True)
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if not knowledge.is_safe(node)
    }


def _plan_of_rules(text: str, signature: Signature) -> Plan:
    """Plan a matcher with `eval`: its terms up to the first of them find the rules.

    Casbin puts a rule's text into the matcher's text, so that each rule has a matcher
    of its own; they are compiled when they are met.
    """
    tree = read(text, signature.locals, signature.known | {"eval"})
    fields = util.get_eval_value(text)
    calls = [call for call in ast.walk(tree) if _is_eval(call)]
    places = [signature.place(name) for name in fields if name in signature.locals]
    if len(calls) != len(fields) or len(places) != len(fields) or ("r" in dict(places)):
        message = "the matcher has `eval` of something else than a rule's field"
        raise ModelError(message)
    layout = lay_out(tree, signature)
    return Plan(text, signature, layout, rules=tuple(place for _, place in places))


def _is_eval(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="eval"), args=[ast.Name()]):
            return True
    return False


@lru_cache(maxsize=_MOST_TEXTS)
def compile_rule(
    plan_text: str, texts: tuple[str, ...], signature: Signature
) -> tuple[tuple[str, ...], Value]:
    """Compile a matcher with the texts of a rule put in.

    Returns:
        the functions that the code takes, and the code for one rule.

    Raises:
        ModelError: it has a part that is not compiled.
    """
    whole = util.replace_eval(
        plan_text, [util.escape_assertion(text) for text in texts]
    )
    tree = read(whole, signature.locals, signature.known)
    functions = called(tree)
    return functions, compile_value(tree, signature, functions, rewrite(whole))
