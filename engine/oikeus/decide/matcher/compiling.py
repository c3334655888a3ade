"""The one place where this library makes code and runs it.

INVARIANT: only trees from `reading.read` come here, of which every node was checked.
The code made from them sees its arguments and `meaning.NAMES`, and no builtins.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .knowledge import Knowledge
from .meaning import NAMES
from .planning import Layout
from .reading import PARSING
from .signature import Kind, Signature
from .writing import Writer

Matches = Callable[..., Iterator[Sequence[Any]]]
"""Gives those of some rules that match: `matches(rules, *request, *functions)`."""

Value = Callable[..., Any]
"""Gives what a matcher yields for one rule: `value(*request, *rule, *functions)`."""

_LOOP = """
def matches({arguments}):
    for row in rows:
        if length(row) != {width}:
            wrong_size()
        {fields}, = row
        value = TEST
        if value is True:
            yield row
        elif value is not False and is_match(value):
            yield row
"""
_SHORT_LOOP = """
def matches({arguments}):
    for row in rows:
        {fields}, = row
        if TEST:
            yield row
"""
_ALL = """
def matches({arguments}):
    return rows
"""
_VALUE = """
def value({arguments}):
    return TEST
"""


def called(tree: ast.AST) -> tuple[str, ...]:
    """The functions that an expression calls, each once, in their order."""
    found = (
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return tuple(dict.fromkeys(found))


def compile_search(
    layout: Layout, signature: Signature, functions: tuple[str, ...], text: str
) -> Matches:
    """Make the code that tries rules found in an index; all fields are short text."""
    knowledge = Knowledge(signature, plain=True)
    writer = Writer(knowledge, functions, text)
    test, needed = (
        _conjunction(writer, layout.tests),
        _conjunction(writer, layout.conditions),
    )
    if test is None:
        template = _ALL
    elif all(knowledge.kind(term) is Kind.TRUTH for term in layout.tests):
        template = _SHORT_LOOP
    else:
        template = _LOOP
    arguments = _arguments(("rows",), signature.request, functions)
    source = template.format(
        arguments=arguments, width=len(signature.rule), fields=_fields(signature)
    )
    inserts = {} if test is None else {"TEST": test}
    leaving: list[ast.stmt] = []
    if needed is not None:
        nothing = ast.Return(ast.Tuple([], ast.Load()))
        leaving.append(ast.If(ast.UnaryOp(ast.Not(), needed), [nothing], []))
    found: Matches = run(source, inserts, [*writer.before, *leaving], "matches")
    return found


def compile_scan(
    tree: ast.expr, signature: Signature, functions: tuple[str, ...], text: str
) -> Matches:
    """Make the code that tries every rule, whatever the values are."""
    writer = Writer(Knowledge(signature, plain=False), functions, text)
    test = writer.write(tree)
    source = _LOOP.format(
        arguments=_arguments(("rows",), signature.request, functions),
        width=len(signature.rule),
        fields=_fields(signature),
    )
    found: Matches = run(source, {"TEST": test}, writer.before, "matches")
    return found


def compile_value(
    tree: ast.expr, signature: Signature, functions: tuple[str, ...], text: str
) -> Value:
    """Make the code that evaluates a matcher for one rule, whatever the values are."""
    writer = Writer(Knowledge(signature, plain=False), functions, text)
    writer.keep_nothing()
    test = writer.write(tree)
    rule = tuple(f"p{place}" for place in range(len(signature.rule)))
    source = _VALUE.format(arguments=_arguments((), signature.request, functions, rule))
    found: Value = run(source, {"TEST": test}, writer.before, "value")
    return found


def _conjunction(writer: Writer, terms: tuple[ast.expr, ...]) -> ast.expr | None:
    written = writer.all(list(terms))
    if len(written) > 1:
        return ast.BoolOp(ast.And(), written)
    return written[0] if written else None


def _fields(signature: Signature) -> str:
    return ", ".join(f"p{place}" for place in range(len(signature.rule)))


def _arguments(
    first: tuple[str, ...],
    request: tuple[str, ...],
    functions: tuple[str, ...],
    rule: Iterable[str] = (),
) -> str:
    fields = (f"r{place}" for place in range(len(request)))
    return ", ".join(
        (*first, *fields, *rule, *(f"f{place}" for place in range(len(functions))))
    )


class _Insert(ast.NodeTransformer):
    """Puts expressions into a template."""

    def __init__(self, inserts: Mapping[str, ast.expr]) -> None:
        self.inserts = inserts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name that stands for an expression."""
        return self.inserts.get(node.id, node)


def run(
    source: str, inserts: Mapping[str, ast.expr], before: Sequence[ast.stmt], name: str
) -> Any:  # noqa: ANN401 # code made at run time has no other type
    """Make a function from a template.

    Args:
        source: the template, one function; this library's own text.
        inserts: by the name that stands for it there, `TEST`, each expression.
        before: statements that the function begins with.
        name: the function's name.

    Returns:
        the function, which sees its arguments and `meaning.NAMES`.
    """
    with PARSING:
        module = _Insert(inserts).visit(ast.parse(source))
        function = module.body[0]
        assert isinstance(function, ast.FunctionDef)  # noqa: S101 # by the templates
        function.body[:0] = before
        code = compile(ast.fix_missing_locations(module), "<matcher>", "exec")
    space = dict(NAMES)
    exec(code, space)  # noqa: S102 # the one place, on a tree that was checked
    return space[name]
