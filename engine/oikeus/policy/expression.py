"""A matcher's expression: read as Casbin reads it, and checked node by node.

Casbin takes anything that Python can parse, and fails or runs text of the policy when
the first request comes. Allowed here is what a matcher needs: fields and text compared,
calls of `g` … and of Casbin's own functions, and, or, not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NoReturn

from .definitions import Definition
from .wording import choice, shown

RUNS_DATA = "matcher-runs-data"
"""The check that a matcher runs nothing that stands in the policy or in a request."""

_LONGEST = 4000
_LITERAL = re.compile(r'"[^"]*"|\'[^\']*\'')
# Casbin rewrites these before it parses, inside text as well
_REWRITTEN = re.compile(r"&&|\|\||!|\b[pr]\d*\.|\beval\(")


def read_expression(
    definition: Definition, names: Collection[str], functions: Mapping[str, int]
) -> ast.expr:
    """Read a matcher.

    Args:
        definition: the matcher.
        names: the fields that it may ask for, `r.sub`.
        functions: the functions that it may call, with the number of their values.

    Raises:
        ModelError: it cannot be read, or cannot be evaluated for every request.
    """
    value = definition.value
    if len(value) > _LONGEST:
        definition.refuse(
            f"is longer than {_LONGEST} characters, expected a shorter one"
        )
    for literal in _LITERAL.findall(value):
        if _REWRITTEN.search(literal):
            text = f"has the text {shown(literal)}, parts of which Casbin would rewrite"
            definition.refuse(f"{text}, expected a plain word")
    if re.search(r"\beval\b", value):
        text = "uses eval, which would run text of the policy; expected the rule here"
        definition.refuse(text, check=RUNS_DATA)
    if re.search(r"\S(&&|\|\|)|(&&|\|\|)\S", value):
        definition.refuse("has `&&` or `||` without blanks around it, expected them")
    # INVARIANT: these are Casbin's own substitutions, so that both parse the same
    source = value.replace("&&", "and").replace("||", "or")
    source = re.sub(r"!(?!=)", "not ", source)
    try:
        tree = ast.parse(source, mode="eval").body
        _Check(definition, source, names, functions).truth(tree)
    except SyntaxError as error:
        near = source[max((error.offset or 1) - 1, 0) :] or source
        definition.refuse(f"cannot be read near {shown(near)}", error)
    except (RecursionError, MemoryError) as error:
        definition.refuse(
            "is nested too deep to be evaluated, expected it flatter", error
        )
    return tree


@dataclass(frozen=True, slots=True)
class _Check:
    """Walks an expression; `truth` and `value` are the two places a node can be in."""

    definition: Definition
    source: str
    names: Collection[str]
    functions: Mapping[str, int]

    def truth(self, node: ast.expr) -> None:
        """Check what must be true or false: Casbin refuses any other result."""
        match node:
            case ast.BoolOp():
                for part in node.values:
                    self.truth(part)
            case ast.UnaryOp(op=ast.Not()):
                self.truth(node.operand)
            case ast.Compare(ops=[ast.In() | ast.NotIn()]):
                self.value(node.left)
                self.listing(node.comparators[0])
            case ast.Compare(ops=[_]):
                self.value(node.left)
                self.value(node.comparators[0])
            case ast.Call(keywords=[]):
                self.call(node)
            case _:
                expected = "a comparison or a call that is true or false"
                self.refuse(node, expected)

    def value(self, node: ast.expr) -> None:
        """Check what must be text: a field, a word in quotes, several joined."""
        match node:
            case ast.Attribute():
                if self.text(node) not in self.names:
                    expected = choice(f"`{name}`" for name in sorted(self.names))
                    self.refuse(node, expected)
            case ast.Constant(value=str()):
                pass
            case ast.BinOp(op=ast.Add()):
                self.value(node.left)
                self.value(node.right)
            case _:
                self.refuse(node, "a field such as `r.sub`, or text in quotes")

    def listing(self, node: ast.expr) -> None:
        """Check what stands after `in`."""
        if not isinstance(node, ast.Tuple | ast.List):
            self.refuse(node, 'a list such as `("read", "share")`')
        for element in node.elts:
            self.value(element)

    def call(self, node: ast.Call) -> None:
        """Check a call: the function, and the number and form of its values."""
        name = self.text(node.func)
        if name not in self.functions:
            # `p.fn(…)` would be whatever function the policy names
            check = RUNS_DATA if isinstance(node.func, ast.Attribute) else ""
            expected = choice(f"`{known}`" for known in self.functions)
            self.refuse(node.func, expected, check)
        width = self.functions[name]
        if len(node.args) != width:
            text = f"calls `{name}` with {len(node.args)} values, expected {width}"
            self.definition.refuse(text)
        for argument in node.args:
            self.value(argument)

    def text(self, node: ast.expr) -> str:
        """The node as it is written."""
        return ast.get_source_segment(self.source, node) or ""

    def refuse(self, node: ast.expr, expected: str, check: str = "") -> NoReturn:
        """Say which node cannot stand where it stands."""
        text = f"has {shown(self.text(node))}, expected {expected}"
        self.definition.refuse(text, check=check)
