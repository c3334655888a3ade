"""Whether a matcher answers all subjects alike who hold the same.

A matcher may know who asks by name: `r.sub == "person:1"`. The usual one knows only the
kind of the subject, which roles it holds here on the day, and what links say of it (is
it blocked?). Then two subjects of whom all that is the same get the same answers, and
one of them may be asked for both.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from .folding import conjunction, grant_terms, insisted, needs_grant, words
from .plan import Plan

_LINKS = frozenset({"g2", "g3", "g4"})
_KINDS = frozenset({"r_kind", "r2_by"})


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a matcher asks about a subject, besides its kind and its roles here.

    Attributes:
        links: the kinds of links that it follows from the subject.
        words: the words in quotes; a subject that is one of them is not like others.
    """

    links: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=64)
def likeness(plan: Plan) -> Likeness | None:
    """Find what subjects must have in common to be answered alike.

    Returns:
        nothing, where the matcher does not insist on a grant or could tell subjects
        apart in another way: by name, by grants on other days, by those of others.
    """
    if not needs_grant(plan):
        return None
    tree = conjunction(tuple(insisted(plan).values()))
    asked, _, _ = plan.signature.request[0].partition("_")
    subject, recipient = f"{asked}_sub", f"{asked}_to"
    grant, *others = grant_terms(plan)
    # between two different people: it says the same of everybody
    alike = {grant, *others, f"{subject} != {recipient}", f"{recipient} != {subject}"}
    named, known, links = 0, 0, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            named += node.id == subject
        elif isinstance(node, ast.Compare | ast.Call) and ast.unparse(node) in alike:
            known += 1
        elif isinstance(node, ast.Call):
            if _may_find_anybody(node, recipient):
                return None
            if _asks_what_is(node, subject):
                known += 1
                links.add(ast.unparse(node.func))
    # whatever else names the subject could tell it from others
    if named != known:
        return None
    return Likeness(frozenset(links), frozenset(words((tree,))))


def _may_find_anybody(call: ast.Call, recipient: str) -> bool:
    """Whether a call may ask about the grants or links of a certain other subject."""
    function, first, *_ = map(ast.unparse, (call.func, *call.args))
    if function == "g":
        return first != recipient
    # a word that is put together could be anybody's name
    return function in _LINKS and not isinstance(call.args[0], ast.Name | ast.Constant)


def _asks_what_is(call: ast.Call, subject: str) -> bool:
    """Whether a call follows links from the subject to a word, one for everybody."""
    function, first, *more = map(ast.unparse, (call.func, *call.args))
    if function not in _LINKS or first != subject:
        return False
    return more[0] in _KINDS or isinstance(call.args[1], ast.Constant)
