"""A checked tree as code that Python can run, with the meaning that Casbin gives it.

Fields become local names, `r0` and `p0`; functions `f0`. What depends on the request
alone is computed once a decision, where it is first needed; an answer about roles once
for each value that the rule brings.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from .knowledge import Knowledge
from .signature import Kind

_HEAVY = (ast.Call, ast.Attribute, ast.Subscript, ast.BinOp)
_LOAD, _STORE = ast.Load(), ast.Store()


def load(name: str) -> ast.Name:
    """The value of a name."""
    return ast.Name(id=name, ctx=_LOAD)


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """A call of something that the code can reach."""
    return ast.Call(func=load(name), args=list(arguments), keywords=[])


def assign(name: str, value: ast.expr) -> ast.stmt:
    """A statement that gives a name its value."""
    return ast.Assign(targets=[ast.Name(id=name, ctx=_STORE)], value=value)


@dataclass(slots=True)
class Writer:
    """Writes the expressions of one function.

    Attributes:
        knowledge: what is known of them.
        functions: the functions called, in the order of the arguments `f0`, `f1`, ….
        text: the matcher, for the texts of errors.
        before: statements that must run before the first rule is looked at.
    """

    knowledge: Knowledge
    functions: tuple[str, ...]
    text: str
    before: list[ast.stmt] = field(default_factory=list)
    _hoisting: bool = True

    def keep_nothing(self) -> None:
        """Write code for a single rule: computing a value once needs no name."""
        self._hoisting = False

    def write(self, node: ast.expr) -> ast.expr:
        """Write an expression; its value is one that a matcher may have."""
        if self._hoisting and self.is_worth_keeping(node):
            return self.once(node)
        found = self.writing(node)
        if self.knowledge.kind(node) is Kind.ANY and not isinstance(
            node, ast.Name | ast.BoolOp | ast.IfExp | ast.Attribute
        ):
            return call("checked", found)
        return found

    def is_worth_keeping(self, node: ast.expr) -> bool:
        """Whether it takes long, and is the same for every rule."""
        return not self.knowledge.depends_on_rule(node) and any(
            isinstance(part, _HEAVY) for part in ast.walk(node)
        )

    def once(self, node: ast.expr) -> ast.expr:
        """Compute a value at most once a decision, and not before it is needed."""
        name = f"h{len(self.before)}"
        self._hoisting = False
        value = self.write(node)
        self._hoisting = True
        if self.knowledge.is_safe(node):
            self.before.append(assign(name, value))
            return load(name)
        self.before.append(assign(name, load("UNSET")))
        return ast.IfExp(
            test=ast.Compare(load(name), [ast.Is()], [load("UNSET")]),
            body=ast.NamedExpr(ast.Name(id=name, ctx=_STORE), value),
            orelse=load(name),
        )

    def writing(self, node: ast.expr) -> ast.expr:  # noqa: C901, PLR0911, PLR0912 # one case a node
        """Write one node."""
        match node:
            case ast.Name(id=name):
                return load(self.knowledge.signature.locals[name])
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, self.all(values))
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.write(operand))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return ast.Compare(self.write(left), ops, self.all(others))
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.Call():
                return self.calling(node)
            case ast.Attribute(value=value, attr=name):
                parts = ast.Constant(name), ast.Constant(self.text)
                return call("attribute", self.write(value), *parts)
            case ast.Subscript(value=value, slice=key):
                return ast.Subscript(self.write(value), self.write(key), _LOAD)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return ast.IfExp(*self.all([test, body, orelse]))
            case ast.Dict(keys=keys, values=values):
                return ast.Dict(list(keys), self.all(values))
            case ast.Tuple(elts=parts):
                return ast.Tuple(self.all(parts), _LOAD)
            case ast.List(elts=parts):
                return ast.List(self.all(parts), _LOAD)
            case ast.Set(elts=parts):
                return ast.Set(self.all(parts))
            case ast.Constant(value=value):
                return ast.Constant(value)
        raise AssertionError(ast.dump(node))  # pragma: no cover # was refused when read

    def all(self, nodes: list[ast.expr]) -> list[ast.expr]:
        """Write expressions, in their order."""
        return [self.write(node) for node in nodes]

    def arithmetic(self, node: ast.BinOp) -> ast.expr:
        """Write a sum; Casbin limits how long it may become."""
        left, right = self.all([node.left, node.right])
        if self.knowledge.is_safe(node):
            return ast.BinOp(left, node.op, right)
        return call(f"op_{type(node.op).__name__}", left, right)

    def calling(self, node: ast.Call) -> ast.expr:
        """Write a call; answers about roles are kept for rules with the same values."""
        assert isinstance(node.func, ast.Name)  # noqa: S101 # was refused when read
        name = node.func.id
        function = f"f{self.functions.index(name)}"
        varying = [part for part in node.args if self.knowledge.depends_on_rule(part)]
        links = self.knowledge.signature.links
        asked = call(function, *self.all(node.args))
        if not varying or name not in links or not self.knowledge.is_safe(node):
            return asked
        kept = f"m{len(self.before)}"
        self.before.append(assign(kept, ast.Dict([], [])))
        keys = self.all(varying)
        key = keys[0] if len(keys) == 1 else ast.Tuple(keys, _LOAD)
        known = ast.Compare(key, [ast.In()], [load(kept)])
        setting = ast.Attribute(load(kept), "setdefault", _LOAD)
        return ast.IfExp(
            test=known,
            body=ast.Subscript(load(kept), key, _LOAD),
            orelse=ast.Call(func=setting, args=[key, asked], keywords=[]),
        )
