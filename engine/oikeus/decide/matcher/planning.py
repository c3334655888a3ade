"""Which terms of a matcher find the rules, and in which order the others are tried.

A term can be taken out of its place only where nobody would notice: a rule that an
earlier term would have made raise must still raise. So an equality finds rules only if
every term before it is true or false and cannot raise.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import groupby

from .knowledge import Knowledge, terms
from .signature import Signature


@dataclass(frozen=True, slots=True)
class RoleLookup:
    """A term that asks for roles, `g(r.sub, p.sub, r.dom)`, and so can find rules.

    Attributes:
        function: the role definition.
        request: the place of the request's field whose roles are meant.
        rule: the place of the rule's field that names one of them.
        domain: the place of the request's field that names the domain, where there is.
    """

    function: str
    request: int
    rule: int
    domain: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A matcher's terms, sorted by what they are for.

    Attributes:
        request: the places of the request's fields that are looked up in the index.
        rule: the places of the rule's fields that they equal, one for each.
        guarded: the places of the request's fields that must be short text for it.
        roles: a term that finds rules by the roles that there are, where many are left.
        conditions: terms that the request alone decides, before any rule is looked at.
        tests: the rest, in the order in which they are tried.
    """

    request: tuple[int, ...]
    rule: tuple[int, ...]
    guarded: tuple[int, ...]
    roles: RoleLookup | None
    conditions: tuple[ast.expr, ...]
    tests: tuple[ast.expr, ...]


def lay_out(tree: ast.expr, signature: Signature) -> Layout:
    """Sort the terms of a matcher, for requests and rules that are short text."""
    knowledge = Knowledge(signature, plain=True)
    pairs: dict[int, int] = {}
    guarded: set[int] = set()
    seen: set[int] = set()
    rest: list[ast.expr] = []
    roles = None
    movable = True
    for term in terms(tree):
        seen |= request_places(term, signature)
        pair = equality(term, signature)
        if movable and pair and pair[1] not in pairs:
            pairs[pair[1]] = pair[0]
            guarded |= seen
        else:
            rest.append(term)
            if movable and roles is None:
                roles = role_lookup(term, signature)
        movable = movable and knowledge.is_test(term)
    conditions, tests = order(rest, knowledge)
    return Layout(
        request=tuple(pairs.values()),
        rule=tuple(pairs),
        guarded=tuple(sorted(guarded)),
        roles=roles,
        conditions=tuple(conditions),
        tests=tuple(tests),
    )


def equality(term: ast.expr, signature: Signature) -> tuple[int, int] | None:
    """The places of a request's and a rule's field that a term says are equal."""
    match term:
        case ast.Compare(
            left=ast.Name(id=left), ops=[ast.Eq()], comparators=[ast.Name(id=right)]
        ):
            one, other = signature.place(left), signature.place(right)
            if one[0] == "r" and other[0] == "p":
                return one[1], other[1]
            if one[0] == "p" and other[0] == "r":
                return other[1], one[1]
    return None


def role_lookup(term: ast.expr, signature: Signature) -> RoleLookup | None:
    """The question about roles that a term is, if it can be turned round."""
    match term:
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(), ast.Name(), *domain]):
            if name not in signature.links & signature.steady:
                return None
            fields = [part.id for part in term.args if isinstance(part, ast.Name)]
            sides, places = zip(*map(signature.place, fields), strict=True)
            if len(fields) == len(term.args) and sides in {("r", "p"), ("r", "p", "r")}:
                return RoleLookup(name, *places)
            del domain  # a third value that is no field
    return None


def request_places(node: ast.AST, signature: Signature) -> set[int]:
    """The places of the request's fields that an expression names."""
    named = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    places = (signature.place(name) for name in named if name in signature.locals)
    return {place for side, place in places if side == "r"}


def order(
    rest: list[ast.expr], knowledge: Knowledge
) -> tuple[list[ast.expr], list[ast.expr]]:
    """Put the cheapest first among tests next to each other that cannot raise."""
    conditions: list[ast.expr] = []
    tests: list[ast.expr] = []
    for place, (is_test, group) in enumerate(groupby(rest, knowledge.is_test)):
        run = list(group)
        if is_test:
            if place == 0:
                conditions = [t for t in run if not knowledge.depends_on_rule(t)]
                run = [t for t in run if knowledge.depends_on_rule(t)]
            run.sort(key=knowledge.cost)
        tests += run
    return conditions, tests
