"""A matcher's text as a syntax tree of which every node has been checked.

The text is read as Casbin reads it (`&&`, `||` and `!` are rewritten), except that what
stands in quotes stays as it is: stock Casbin would rewrite `"a&&b"` to `"aandb"`.

INVARIANT: a tree that leaves here holds nothing but what is listed here, so that the
code made from it can reach request values, rule values and the functions of the model,
and nothing else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final, NoReturn

from ...errors import ModelError
from ...policy.wording import shown
from .meaning import HIDDEN

DEEPEST = 60
"""Levels of nesting; stock Casbin gives up not far beyond."""

LONGEST_LITERAL = 100_000

PARSING: Final = RLock()
"""Held while Python parses: in 3.11 threads that do so at once disturb each other."""

REPLACED = frozenset({"list", "tuple", "dict", "set"})
"""Functions that stock Casbin adds to every matcher, over those of the same name."""

_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_TRIPLE = ('"""', "'''")
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_COMPARISONS = (
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
    *(ast.In, ast.NotIn),
)
_CONSTANTS = frozenset({str, int, float, bool, type(None)})


def rewrite(text: str) -> str:
    """Write Casbin's operators as Python's, outside of quotes.

    >>> rewrite('!a && b == "!x&&y"')
    'not a and b == "!x&&y"'
    """
    found: list[str] = []
    end = 0
    for literal in _LITERAL.finditer(text):
        found += (_rewritten(text[end : literal.start()]), literal.group())
        end = literal.end()
    return "".join((*found, _rewritten(text[end:])))


def _rewritten(text: str) -> str:
    # INVARIANT: these are Casbin's own substitutions, in their order
    text = text.replace("&&", "and").replace("||", "or")
    return re.sub(r"!(?!=)", "not ", text)


def read(text: str, tokens: Collection[str], functions: Collection[str]) -> ast.expr:
    """Read a matcher.

    Args:
        text: as the model keeps it, `r_sub == p_sub && g(r_sub, p_sub)`.
        tokens: the fields of request and rules that it may name, `r_sub`.
        functions: those that it may call.

    Raises:
        ModelError: it cannot be read, or has a part that is not compiled.
    """
    if any(text.startswith(_TRIPLE, part.start()) for part in _LITERAL.finditer(text)):
        raise _refusal(text, "text in three quotes, expected one quote")
    source = rewrite(text).strip()
    try:
        with PARSING:
            body = ast.parse(source).body
        if len(body) != 1 or not isinstance(body[0], ast.Expr):
            raise _refusal(source, "statements, expected one expression")
        tree = body[0].value
        _Check(source, tokens, functions).check(tree, 0)
    except (SyntaxError, ValueError) as error:
        raise _refusal(source, "what cannot be read, expected an expression") from error
    except (RecursionError, MemoryError) as error:
        raise _refusal(source, "too deep a nesting, expected it flatter") from error
    return tree


def stands_alone(rule: str) -> bool:
    """Whether a rule's text can be put in brackets without changing what is around.

    >>> stands_alone("r_sub == 'a'"), stands_alone("a) or (b"), stands_alone("a # b")
    (True, False, False)
    """
    if "#" in rule or "\n" in rule or "\\" in rule:
        return False
    try:
        with PARSING:
            ast.parse(rewrite(rule).strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _refusal(part: str, expectation: str) -> ModelError:
    return ModelError(f"the matcher has {expectation}, near {shown(part)}")


@dataclass(frozen=True, slots=True)
class _Check:
    """Walks a tree and refuses what is not listed."""

    source: str
    tokens: Collection[str]
    functions: Collection[str]

    def check(self, node: ast.expr, depth: int) -> None:
        """Check a node and what it stands over."""
        if depth > DEEPEST:
            self.refuse(node, "too deep a nesting, expected it flatter")
        visit = _NODES.get(type(node))
        if visit is None:
            self.refuse(node, "a part that is not compiled, expected a comparison")
        for child in visit(self, node):
            self.check(child, depth + 1)

    def one_of(
        self, node: ast.expr, kinds: tuple[type[ast.AST], ...], op: ast.AST
    ) -> None:
        """Check an operator."""
        if not isinstance(op, kinds):
            self.refuse(node, f"an operator that is not compiled ({type(op).__name__})")

    def boolop(self, node: ast.BoolOp) -> list[ast.expr]:
        """`and`, `or`."""
        return node.values

    def unary(self, node: ast.UnaryOp) -> list[ast.expr]:
        """`not`, `-`."""
        self.one_of(node, (ast.Not, ast.USub), node.op)
        return [node.operand]

    def binary(self, node: ast.BinOp) -> list[ast.expr]:
        """Arithmetic."""
        self.one_of(node, _ARITHMETIC, node.op)
        return [node.left, node.right]

    def compare(self, node: ast.Compare) -> list[ast.expr]:
        """Comparisons, chained ones too."""
        for op in node.ops:
            self.one_of(node, _COMPARISONS, op)
        return [node.left, *node.comparators]

    def call(self, node: ast.Call) -> list[ast.expr]:
        """A call of a function of the model, by its name."""
        if not isinstance(node.func, ast.Name) or node.keywords:
            self.refuse(node, "a call that is not compiled, expected `name(value, …)`")
        name = node.func.id
        if name not in self.functions or name in REPLACED:
            self.refuse(node, f"a function that is not known ({shown(name)})")
        return node.args

    def name(self, node: ast.Name) -> list[ast.expr]:
        """A field of the request or of a rule."""
        if node.id not in self.tokens:
            self.refuse(node, "a name that is no field of the request or of a rule")
        return []

    def attribute(self, node: ast.Attribute) -> list[ast.expr]:
        """A public attribute of a value."""
        prefixes, names = HIDDEN
        if node.attr.startswith(prefixes) or node.attr in names:
            self.refuse(node, "an attribute that is not public")
        return [node.value]

    def subscript(self, node: ast.Subscript) -> list[ast.expr]:
        """A value by its key."""
        return [node.value, node.slice]

    def constant(self, node: ast.Constant) -> list[ast.expr]:
        """Text, a number, true, false, nothing."""
        if type(node.value) not in _CONSTANTS:
            self.refuse(node, "a constant that is not compiled")
        if isinstance(node.value, str) and len(node.value) > LONGEST_LITERAL:
            self.refuse(node, "text that is too long")
        return []

    def display(self, node: ast.Tuple | ast.List) -> list[ast.expr]:
        """A list of values."""
        return node.elts

    def set_display(self, node: ast.Set) -> list[ast.expr]:
        """A set; Casbin hashes each value before it evaluates the next one."""
        if not all(isinstance(part, ast.Constant | ast.Name) for part in node.elts):
            self.refuse(node, "a set of anything but fields and constants")
        return node.elts

    def dictionary(self, node: ast.Dict) -> list[ast.expr]:
        """Values by key; the keys constant, since Casbin evaluates them last."""
        keys = [key for key in node.keys if isinstance(key, ast.Constant)]
        if len(keys) != len(node.keys):
            self.refuse(node, "a mapping whose keys are no constants")
        return [*keys, *node.values]

    def choice(self, node: ast.IfExp) -> list[ast.expr]:
        """`a if b else c`."""
        return [node.body, node.test, node.orelse]

    def refuse(self, node: ast.expr, text: str) -> NoReturn:
        """Say which part it is."""
        part = ast.get_source_segment(self.source, node) or self.source
        raise _refusal(part, text)


_NODES: Mapping[type[ast.AST], Callable[[_Check, Any], list[ast.expr]]] = {
    ast.BoolOp: _Check.boolop,
    ast.UnaryOp: _Check.unary,
    ast.BinOp: _Check.binary,
    ast.Compare: _Check.compare,
    ast.Call: _Check.call,
    ast.Name: _Check.name,
    ast.Attribute: _Check.attribute,
    ast.Subscript: _Check.subscript,
    ast.Constant: _Check.constant,
    ast.Tuple: _Check.display,
    ast.List: _Check.display,
    ast.Set: _Check.set_display,
    ast.Dict: _Check.dictionary,
    ast.IfExp: _Check.choice,
}
