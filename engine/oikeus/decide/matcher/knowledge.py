"""What can be known of an expression before it is evaluated.

Whether it may raise, what sort of value it has and what it depends on decide in which
order its parts may be computed without anybody noticing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from .signature import SHORT, Kind, Signature

_SORTS = {str: Kind.TEXT, bool: Kind.TRUTH, int: Kind.NUMBER, float: Kind.NUMBER}
_LONGEST_SUM = 100_000
_COSTS: dict[type[ast.AST], int] = {ast.Attribute: 5, ast.Subscript: 5, ast.BinOp: 3}
_ASKING_ROLES, _CALLING = 20, 8


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Knows a matcher's expressions.

    Attributes:
        signature: the fields and functions.
        plain: whether every field is short text.
    """

    signature: Signature
    plain: bool

    def kind(self, node: ast.expr) -> Kind:  # noqa: C901, PLR0911 # one case a node
        """The sort of value."""
        match node:
            case ast.Constant(value=value):
                return _SORTS.get(type(value), Kind.LIST)
            case ast.Name():
                return Kind.TEXT if self.plain else Kind.ANY
            case ast.UnaryOp(op=ast.Not()):
                return Kind.TRUTH
            case ast.UnaryOp(operand=operand):
                return _only(self.kind(operand), Kind.NUMBER)
            case ast.Compare():
                return self.kind_of_comparison(node)
            case ast.BoolOp(values=values):
                return self.common(values)
            case ast.IfExp(body=body, orelse=orelse):
                return self.common((body, orelse))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _only(self.common((left, right)), Kind.TEXT)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                texts = all(self.kind(part) is Kind.TEXT for part in arguments)
                sure = texts and name in self.signature.sure
                return Kind.TRUTH if sure else Kind.ANY
            case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
                return Kind.LIST
        return Kind.ANY

    def kind_of_comparison(self, node: ast.Compare) -> Kind:
        """True or false, unless a value may compare in a way of its own."""
        if all(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            return Kind.TRUTH
        kinds = {self.kind(part) for part in (node.left, *node.comparators)}
        return Kind.ANY if kinds & {Kind.ANY, Kind.LIST} else Kind.TRUTH

    def common(self, nodes: Iterable[ast.expr]) -> Kind:
        """The sort that all of them have."""
        kinds = {self.kind(node) for node in nodes}
        return kinds.pop() if len(kinds) == 1 else Kind.ANY

    def is_safe(self, node: ast.expr) -> bool:  # noqa: PLR0911 # one case a node
        """Whether evaluating cannot raise, nor have an effect that is noticed."""
        match node:
            case ast.Constant():
                return True
            case ast.Name():
                return self.plain
            case ast.Compare():
                return self.is_safe_comparison(node)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.is_known(operand)
            case ast.BoolOp(values=values):
                return all(self.is_known(value) for value in values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return all(self.is_known(part) for part in (test, body, orelse))
            case ast.BinOp():
                return self.kind(node) is Kind.TEXT and self.is_short_sum(node)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                most = 3 if name in self.signature.links else 2
                return (
                    name in self.signature.steady
                    and 2 <= len(arguments) <= most  # noqa: PLR2004 # a pair, and perhaps a domain
                    and all(self.is_text(argument) for argument in arguments)
                )
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return all(self.is_known(part) for part in parts)
        return False

    def is_safe_comparison(self, node: ast.Compare) -> bool:
        """Whether all parts are safe, and of sorts that can be compared."""
        parts = [node.left, *node.comparators]
        pairs = zip(parts, node.ops, parts[1:], strict=False)
        return all(self.is_known(part) for part in parts) and all(
            self.can_compare(left, op, right) for left, op, right in pairs
        )

    def can_compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
        """Whether two values can be compared with this operator."""
        kinds = self.kind(left), self.kind(right)
        if isinstance(op, ast.Eq | ast.NotEq):
            return True
        if isinstance(op, ast.In | ast.NotIn) and isinstance(
            right, ast.Tuple | ast.List
        ):
            return True
        return kinds == (Kind.TEXT, Kind.TEXT)

    def is_known(self, node: ast.expr) -> bool:
        """Whether it is safe and its value is of a known sort."""
        return self.is_safe(node) and self.kind(node) is not Kind.ANY

    def is_text(self, node: ast.expr) -> bool:
        """Whether it is safe, and text."""
        return self.is_safe(node) and self.kind(node) is Kind.TEXT

    def is_test(self, node: ast.expr) -> bool:
        """Whether it is safe, and true or false."""
        return self.is_safe(node) and self.kind(node) is Kind.TRUTH

    def is_short_sum(self, node: ast.BinOp) -> bool:
        """Whether texts added up stay below the length that Casbin allows."""
        length, parts = 0, [node.left, node.right]
        while parts:
            match parts.pop():
                case ast.BinOp(left=left, right=right):
                    parts += (left, right)
                case ast.Constant(value=str() as value):
                    length += len(value)
                case ast.Name():
                    length += SHORT
                case _:
                    return False
        return length <= _LONGEST_SUM

    def depends_on_rule(self, node: ast.AST) -> bool:
        """Whether the value can differ from rule to rule."""
        return any(
            isinstance(part, ast.Name)
            and self.signature.locals.get(part.id, "").startswith("p")
            for part in ast.walk(node)
        )

    def cost(self, node: ast.AST) -> int:
        """How long evaluating takes, in comparisons."""
        total = 0
        for part in ast.walk(node):
            match part:
                case ast.Call(func=ast.Name(id=name)):
                    asks = name in self.signature.links
                    total += _ASKING_ROLES if asks else _CALLING
                case _:
                    total += _COSTS.get(type(part), 0)
        return total


def _only(kind: Kind, expected: Kind) -> Kind:
    return kind if kind is expected else Kind.ANY


def terms(node: ast.expr) -> tuple[ast.expr, ...]:
    """The parts of a conjunction, in their order; anything else is its one term."""
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return tuple(term for value in values for term in terms(value))
    return (node,)
