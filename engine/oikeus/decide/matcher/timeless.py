"""Whether a matcher asks of the day only which grants cover it."""

from __future__ import annotations

import ast
from functools import lru_cache

from .folding import conjunction, grant_terms, insisted, needs_grant
from .plan import Plan


@lru_cache(maxsize=64)
def is_timeless(plan: Plan) -> bool:
    """Whether an answer can change from a day to the next only where a grant does.

    So it is where the day stands in nothing but the term that asks for a grant of the
    subject. A matcher that compares days with words may change its mind on any day.
    """
    if not needs_grant(plan):
        return False
    grant, *_ = grant_terms(plan)
    asked, _, _ = plan.signature.request[0].partition("_")
    nodes = [*ast.walk(conjunction(tuple(insisted(plan).values())))]
    days = sum(
        isinstance(node, ast.Name) and node.id == f"{asked}_day" for node in nodes
    )
    known = sum(
        isinstance(node, ast.Call) and ast.unparse(node) == grant for node in nodes
    )
    return days == known
