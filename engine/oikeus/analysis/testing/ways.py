"""The ways in which a matcher can hold: each one a few terms that must all hold.

`a && (b || c && d)` holds by `a && b`, or by `a && c && d`. Each way narrows the
questions that it can be about by its own terms: one's own right can be given up by
whoever holds it, and somebody else's be taken only by who has a role. A matcher that
insists on a grant is left whole, because that narrows them enough.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...decide.matcher.folding import grant_terms, insisted
from ...decide.matcher.knowledge import terms
from ...decide.matcher.plan import Plan
from ...decide.matcher.planning import equality

MOST = 16
"""How many ways are told apart; a matcher with more is left whole."""

_Terms = Mapping[str, ast.expr]


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which a matcher can hold.

    Attributes:
        pairs: the places of fields of a request and of a rule that must be equal.
        insists: whether it takes a grant of the rule's role, here and now.
        is_own: whether it is about the right of the one who asks.
        is_of_rules: whether it depends on a rule, and not only on there being one.
        asks_grants: whether it depends on what somebody has been granted.
        asks_recipient: whether it depends on whose right it is about.
    """

    pairs: tuple[tuple[int, int], ...]
    insists: bool
    is_own: bool
    is_of_rules: bool
    asks_grants: bool
    asks_recipient: bool

    def key(self, question: Sequence[str]) -> tuple[str, ...]:
        """What a question looks rules up by."""
        return tuple(question[place] for place, _ in self.pairs)

    def key_of(self, rule: Sequence[str]) -> tuple[str, ...]:
        """What a rule is looked up by."""
        return tuple(rule[place] for _, place in self.pairs)


@lru_cache(maxsize=64)
def ways_of(plan: Plan) -> tuple[Way, ...]:
    """The ways in which a matcher can hold."""
    whole = insisted(plan)
    grant, *_ = grant_terms(plan)
    found = [*_split(whole, grant)]
    if len(found) > MOST:
        found = [whole]
    return tuple(_way(plan, each, grant) for each in found)


def _split(whole: _Terms, grant: str) -> Iterator[_Terms]:
    choice = next((text for text, term in whole.items() if _is_choice(term)), None)
    if choice is None or grant in whole:
        yield whole
        return
    rest = {text: term for text, term in whole.items() if text != choice}
    for branch in _branches(whole[choice]):
        found = {ast.unparse(term): term for term in terms(branch)}
        yield from _split({**rest, **found}, grant)


def _is_choice(term: ast.expr) -> bool:
    return isinstance(term, ast.BoolOp) and isinstance(term.op, ast.Or)


def _branches(term: ast.expr) -> list[ast.expr]:
    assert isinstance(term, ast.BoolOp)  # noqa: S101
    return term.values


def _way(plan: Plan, found: _Terms, grant: str) -> Way:
    pairs: dict[int, int] = {}
    for term in found.values():
        pair = equality(term, plan.signature)
        if pair:
            pairs.setdefault(pair[1], pair[0])
    asked, _, _ = plan.signature.request[0].partition("_")
    own = {f"{asked}_sub == {asked}_to", f"{asked}_to == {asked}_sub"}
    names = {
        node.id
        for term in found.values()
        for node in ast.walk(term)
        if isinstance(node, ast.Name)
    }
    return Way(
        pairs=tuple((request, rule) for rule, request in pairs.items()),
        insists=grant in found,
        is_own=not own.isdisjoint(found),
        is_of_rules=not names.isdisjoint(plan.signature.rule),
        asks_grants="g" in names,
        asks_recipient=not names.isdisjoint({f"{asked}_to", f"{asked}_kind"}),
    )
