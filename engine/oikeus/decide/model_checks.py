"""What a model can be used with but is hardly meant to say: that no grant is needed.

Whoever edits the matchers can lose the term that asks for a grant. Nothing fails then:
rules go on deciding, and allow whoever asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from ..errors import Problem
from ..policy.folder import Policies
from ..policy.model import Model
from .compiled import Matcher, compile_matchers
from .matcher.folding import grant_terms, insisted
from .matcher.plan import Plan, as_written, make_plan
from .matcher.reading import rewrite

NEEDS_NONE = "needs-no-grant"
"""The check that each matcher insists on a grant."""


def judge_model(policies: Policies, model: Model) -> Policies:
    """Warn of matchers that do not insist on a grant.

    Args:
        policies: what the files hold.
        model: what their lines are for.

    Returns:
        the policies, with the warnings that this adds.
    """
    return replace(policies, warnings=(*policies.warnings, *_warnings(model)))


def _warnings(model: Model) -> Iterator[Problem]:
    for name, matcher in compile_matchers(model).items():
        found = why_no_grant_is_needed(matcher)
        if found:
            place = model.places[name]
            yield Problem(place.file, place.line, f"`{name}` {found}", NEEDS_NONE)


def why_no_grant_is_needed(matcher: Matcher) -> str:
    """Say which term a matcher lacks to insist on a grant; nothing where it has all.

    The terms are those without which `why_not_folded` says that a matcher is slow; that
    another one may raise an error is nothing to warn of.
    """
    plan = matcher.plan if matcher.name != "m3" else _without_giving_up(matcher.plan)
    found = insisted(plan)
    grant, *others = grant_terms(plan)
    if grant not in found:
        lacking, meaning = grant, "roles and their days may decide nothing"
    elif found.keys().isdisjoint(others):
        lacking = others[0]
        meaning = "whoever a rule names in the place of a role needs none"
    else:
        return ""
    term = as_written(lacking).replace("'", '"')
    return (
        f"can allow without a grant: `{term}` is no term of it that must hold by "
        f"itself, so that {meaning}; join it to the others with `&&`, unless that is "
        "what you want"
    )


def _without_giving_up(plan: Plan) -> Plan:
    """The matcher without the alternative that is about one's own right (ruling E)."""
    tree = _GivingUp().visit(ast.parse(rewrite(plan.text), mode="eval"))
    return make_plan(ast.unparse(tree), plan.signature)


class _GivingUp(ast.NodeTransformer):
    """Takes `r2.sub == r2.to` from the alternatives that a matcher has."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:  # ast's name
        """Leave what is no alternative as it is."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Or):
            kept = [one for one in node.values if ast.unparse(one) not in _OWN]
            if len(kept) == 1:
                return kept[0]
            node.values = kept or node.values
        return node


_OWN = ("r2_sub == r2_to", "r2_to == r2_sub")
