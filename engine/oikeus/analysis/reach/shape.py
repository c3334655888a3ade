"""Whether a model can be analysed exactly: powers that only ask for what is there.

The analysis asks the model about imagined people at organisations that stand for all
like them. That is exact where a matcher asks of people only which roles they hold, and
never that they do not hold one. Of a model of another form nothing is claimed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ...decide.evaluator import Evaluator
from ...decide.matcher.folding import insisted, words
from ...decide.matcher.plan import Plan, as_written
from ...decide.matcher.reading import read

_EQUAL = (ast.Eq, ast.NotEq)
_LINKS = frozenset({"g2", "g3", "g4"})


def why_not_analysed(evaluator: Evaluator) -> str:
    """Why what delegation can reach cannot be told exactly; nothing where it can."""
    for name in ("m2", "m"):
        for reason in _reasons(evaluator.matchers[name].plan):
            return f"the matcher `{name}` {reason}"
    return ""


def read_plan(plan: Plan) -> ast.expr:
    """The tree of a matcher."""
    return read(plan.text, plan.signature.locals, plan.signature.known)


def prefix_of(plan: Plan) -> str:
    """How the fields of its request begin: `r2_`."""
    return plan.signature.request[0].partition("_")[0] + "_"


def calls_about(plan: Plan, field: str) -> list[ast.Call]:
    """The calls that ask which roles a person of the question holds (`g`)."""
    name = prefix_of(plan) + field
    return [
        node
        for node in ast.walk(read_plan(plan))
        if isinstance(node, ast.Call)
        and _is_call(node, "g")
        and ast.unparse(node.args[0]) == name
    ]


def words_in(plan: Plan) -> set[str]:
    """The words in quotes, and their parts between `@`."""
    texts = words((read_plan(plan),))
    return {part for text in texts for part in text.split("@") if part}


def _reasons(plan: Plan) -> Iterator[str]:
    tree = read_plan(plan)
    yield from _absences(tree, positive=True)
    asked = prefix_of(plan)
    people = {f"{asked}sub", f"{asked}to"}
    yield from _Names(asked, people).reasons(tree)
    needed = calls_about(plan, "to")
    if len(needed) > 1:
        yield "asks for several roles of the recipient, expected one at most"
    begins = f"{asked}org + '@' + {asked}day + '@"
    for call in needed:
        if not ast.unparse(call.args[-1]).startswith(begins):
            text = as_written(ast.unparse(call))
            yield f"asks for a role of the recipient elsewhere (`{text}`)"
    yield from _asks_of_who_acts(plan)
    ways = {f"{asked}sub != {asked}to", f"{asked}to != {asked}sub"}
    if f"{asked}to" in plan.signature.request and ways.isdisjoint(insisted(plan)):
        yield "lets people grant to themselves, expected `r2.sub != r2.to` in it"


def _asks_of_who_acts(plan: Plan) -> Iterator[str]:
    """Each role that whoever acts must hold besides that of the line, on its day."""
    held = f"p{prefix_of(plan)[1:]}sub"
    ends = f" + {prefix_of(plan)}day + '@' + {held}"
    seen: set[str] = set()
    for call in calls_about(plan, "sub"):
        role, where = map(ast.unparse, (call.args[1], call.args[-1]))
        seen.add(where)
        if role != held or not where.endswith(ends) or len(seen) > 1:
            text = as_written(ast.unparse(call))
            yield f"asks for more of who acts than the line's role today (`{text}`)"


def _absences(node: ast.expr, *, positive: bool) -> Iterator[str]:
    """Each place where the absence of a right could give power."""
    match node:
        case ast.BoolOp():
            for value in node.values:
                yield from _absences(value, positive=positive)
        case ast.UnaryOp(op=ast.Not()):
            yield from _absences(node.operand, positive=not positive)
        case _:
            plain = positive and _is_call(node, "g")
            if not plain and any(_is_call(each, "g") for each in ast.walk(node)):
                text = as_written(ast.unparse(node))
                yield f"may ask that a role be not held (`{text}`)"


@dataclass(frozen=True, slots=True)
class _Names:
    """Looks for what is asked of people, and of organisations, besides roles."""

    asked: str
    people: set[str]

    def reasons(self, node: ast.AST) -> Iterator[str]:
        """Each use of a person, place or day of which nothing is known."""
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
        if not {*self.people, f"{self.asked}org", self._day} & {*names}:
            return
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if self._is_known(node):
                return
        elif isinstance(node, ast.Compare) and self._is_plain(node):
            return
        elif isinstance(node, ast.BoolOp | ast.UnaryOp):
            for child in ast.iter_child_nodes(node):
                yield from self.reasons(child)
            return
        text = as_written(ast.unparse(node))
        yield f"asks of people or organisations what is not known here (`{text}`)"

    @property
    def _day(self) -> str:
        """The day, which only grants may be held against: it does not stay."""
        return f"{self.asked}day"

    def _is_known(self, node: ast.Call) -> bool:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        first, *others = map(ast.unparse, node.args)
        if name == "g":
            return first in self.people and not self.people & {*others}
        if name not in _LINKS:
            return False
        if first in self.people:
            # what a person is besides their kind: only that somebody is blocked
            return name == "g3" and others == ["'blocked'"]
        return not {*self.people, self._day} & {first, *others}

    def _is_plain(self, node: ast.Compare) -> bool:
        if len(node.ops) != 1 or not isinstance(node.ops[0], _EQUAL):
            return False
        sides = {ast.unparse(node.left), ast.unparse(node.comparators[0])}
        if self._day in sides:
            return False
        if sides & self.people:
            others = sides - self.people
            return all(
                side.startswith("p") and side.endswith("_sub") for side in others
            )
        return all(
            isinstance(side, ast.Name | ast.Constant)
            for side in (node.left, node.comparators[0])
        )


def _is_call(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == name
    )
